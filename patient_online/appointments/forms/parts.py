"""The parts of a session as a manager types them: runs of alike slots, and breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext

from patient_online.appointments.forms.booking import MODES
from patient_online.appointments.rules.sessions import Part
from patient_online.appointments.rules.templates import MOST_MINUTES, MOST_SEATS, MOST_SLOTS
from patient_online.nhs.appointments import Mode

BREAK = "break"


@dataclass(frozen=True)
class Offered:
    """Whom and what the practice has to choose from, by id; `worded` tells which kinds may go online."""

    clinicians: Mapping[UUID, str]
    sites: Mapping[UUID, str]
    kinds: Mapping[UUID, str]
    worded: Mapping[UUID, bool]


def part_of(given: Mapping[str, Any], before: str) -> Part:
    """The part whose fields begin so."""
    minutes, count = given[f"{before}minutes"], given[f"{before}count"]
    if given[f"{before}type"] == BREAK:
        return Part(minutes, count)
    seats, online = given[f"{before}seats"] or 1, given[f"{before}online"]
    return Part(minutes, count, UUID(given[f"{before}type"]), given[f"{before}mode"], seats, online)


def _number(label: str, most: int, part: int, *, initial: int | None = None) -> forms.IntegerField:
    facts = {"number": part, "most": most, "field": label[:1].lower() + label[1:]}
    words = gettext("Part %(number)s, %(field)s: enter a whole number from 1 to %(most)s") % facts
    return forms.IntegerField(
        label=label,
        required=False,
        initial=initial,
        min_value=1,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "3"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
    )


def _choice(label: str, part: int, **given: Any) -> forms.ChoiceField:
    facts = {"number": part, "field": label[:1].lower() + label[1:]}
    words = gettext("Part %(number)s, %(field)s: choose one of the answers that are offered") % facts
    return forms.ChoiceField(label=label, error_messages={"invalid_choice": words, "required": words}, **given)


def part_fields(offered: Offered, part: int) -> dict[str, forms.Field]:
    """The fields of one part, counted from 1, by what follows its name."""
    marked = gettext("%(kind)s (cannot go online yet)")
    kinds = [
        (str(id_), text if offered.worded[id_] else marked % {"kind": text}) for id_, text in offered.kinds.items()
    ]
    nothing = [("", gettext("Nothing: this part is not used")), (BREAK, gettext("A break, without slots"))]
    modes = [(mode.value, text) for mode, text in MODES.items()]
    return {
        "type": _choice(gettext("Kind of slot"), part, required=False, choices=nothing + kinds),
        "count": _number(gettext("How many"), MOST_SLOTS, part),
        "minutes": _number(gettext("Minutes each"), MOST_MINUTES, part),
        "mode": _choice(gettext("How"), part, choices=modes, initial=Mode.IN_PERSON.value),
        "seats": _number(gettext("Patients in each"), MOST_SEATS, part, initial=1),
        "online": forms.BooleanField(label=gettext("Patients can book these online"), required=False),
    }


def parts_typed(parts: Iterable[Part]) -> dict[str, Any]:
    """The parts as the form shows them."""
    shown: dict[str, Any] = {}
    for n, part in enumerate(parts):
        values = {"type": str(part.type_id) if part.type_id else BREAK, "count": part.count, "minutes": part.minutes}
        values |= {"mode": part.mode, "seats": part.seats, "online": part.online}
        shown |= {f"part{n}_{name}": value for name, value in values.items()}
    return shown
