"""A patient's name and address as somebody types them, and what differs between two of them. Plain Python."""

import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from typing import Any

from patient_online.nhs.addresses import address_lines, postcode_text
from patient_online.patients.rules import mark_of
from patient_online.refusals import N_

MOST = {"title": 20, "given_name": 60, "family_name": 60, "address": 300, "postcode": 8}  # characters
MOST_LINES = 5
_OF_THE_NHS = re.compile(r"ZZ99[0-9][A-Z]{2}", re.ASCII)
IN_NAMES = frozenset(" '’.-")
LABELS = {
    "title": N_("Title"),
    "given_name": N_("First name"),
    "family_name": N_("Last name"),
    "address": N_("Address"),
    "postcode": N_("Postcode"),
}

Changes = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is and where they live, as far as they may ask to have it put right."""

    title: str
    given_name: str
    family_name: str
    address: tuple[str, ...]
    postcode: str

    @property
    def mark(self) -> str:
        """A short mark of all of it: another one means that something was changed."""
        return mark_of(*asdict(self).values())

    def with_changes(self, changes: Changes) -> "Details":
        """These details with what should be in the place of what was."""
        new = {field: to for field, (_was, to, *_more) in changes.items()}
        if "address" in new:
            new["address"] = tuple(new["address"])
        return replace(self, **new)


def details_of(patient: Any) -> Details:
    """The details that a patient's row holds."""
    return Details(patient.title, patient.given_name, patient.family_name, tuple(patient.address), patient.postcode)


def differences(was: Details, to: Details) -> Changes:
    """What differs: for each field how it was and how it should be."""
    both = {field: (_plain(getattr(was, field)), _plain(getattr(to, field))) for field in LABELS}
    return {field: [old, new] for field, (old, new) in both.items() if old != new}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def name_typed(text: str) -> str:
    """A name with single spaces; ValueError where something in it stands in no name."""
    name = " ".join(text.split())
    if not all(sign.isalpha() or sign in IN_NAMES or _is_mark(sign) for sign in name):
        raise ValueError("A name has letters, spaces, hyphens, apostrophes and full stops.")
    return name


def _is_mark(sign: str) -> bool:
    """Whether the sign is written over or under a letter: many names have one that is a sign of its own."""
    return unicodedata.combining(sign) > 0


def address_typed(text: str) -> tuple[str, ...]:
    """The lines of an address that say something; ValueError where there are more than five."""
    lines = address_lines(*text.splitlines())
    if len(lines) > MOST_LINES:
        raise ValueError("An address has five lines at most.")
    return lines


def postcode_typed(text: str) -> str:
    """The postcode as it is written, or nothing; ValueError where it is none.

    The NHS has some of its own for who has no address in England: ZZ99 3VZ is for no fixed abode.
    """
    squeezed = "".join(text.split()).upper()
    if _OF_THE_NHS.fullmatch(squeezed):
        return f"{squeezed[:4]} {squeezed[4:]}"
    return postcode_text(text) if squeezed else ""
