"""Is whom NHS login names the patient that the practice knows? Plain Python."""

import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Held:
    """What the practice holds of a patient, as far as NHS login says it too."""

    nhs_number: str | None
    birth_date: date
    family_name: str


def is_same_person(held: Held, *, nhs_number: str, birth_date: date | None) -> bool:
    """Whether NHS number and birth date agree, which they must at each sign-in."""
    return bool(nhs_number) and held.nhs_number == nhs_number and held.birth_date == birth_date


def has_same_name(held: Held, family_name: str) -> bool:
    """Whether the family name agrees but for accents, hyphens, apostrophes, spaces and capitals; asked at linking."""
    return bool(_letters(family_name)) and _letters(held.family_name) == _letters(family_name)


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in plain if sign.isalpha())
