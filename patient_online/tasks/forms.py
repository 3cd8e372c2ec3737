"""What staff type about the work list: whose a task is, and who covers for whom."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.asking import Staff
from patient_online.practices.models import StaffMember
from patient_online.web.fields import DateField3, IdempotencyKeyField

SOMEBODY = {
    "required": _("Choose somebody from the list"),
    "invalid_choice": _("Choose somebody from the list"),
}


def _id_or_none(text: str) -> UUID | None:
    return UUID(text) if text else None


class OwnerForm(forms.Form):
    """Whose a task is to be; `seen` is whose it was when the page was opened."""

    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    owner = forms.TypedChoiceField(
        label=_("Whose task is this?"),
        coerce=_id_or_none,
        empty_value=None,
        required=False,
        error_messages=SOMEBODY,
    )

    def __init__(self, data: Any = None, *, people: Iterable[StaffMember], mine: Staff, now: UUID | None) -> None:
        super().__init__(data, initial={"owner": str(now or ""), "seen": now})
        first = [("", gettext("Nobody’s: anybody may take it"))]
        field: Any = self.fields["owner"]
        field.choices = first + [(str(each.id), _called(each, mine)) for each in people]


def _called(member: StaffMember, mine: Staff) -> str:
    name = f"{member.name}, {member.job}" if member.job else member.name
    return gettext("Mine: %(name)s") % {"name": name} if member.id == mine.staff_id else name


class CoverForm(forms.Form):
    """Who covers for whom, from a day to a day."""

    key = IdempotencyKeyField()
    away = forms.TypedChoiceField(label=_("Who is away?"), coerce=UUID, error_messages=SOMEBODY)
    covered_by = forms.TypedChoiceField(label=_("Who sees to their tasks?"), coerce=UUID, error_messages=SOMEBODY)
    from_day = DateField3(label=_("First day away"), noun=gettext("the first day away"))
    to_day = DateField3(label=_("Last day away"), noun=gettext("the last day away"))

    def __init__(self, data: Any = None, *, people: Iterable[StaffMember], mine: Staff, for_others: bool) -> None:
        super().__init__(data, initial={"away": str(mine.staff_id)})
        named = [(str(each.id), _called(each, mine)) for each in people]
        own = [choice for choice in named if choice[0] == str(mine.staff_id)]
        empty = [("", gettext("Choose somebody"))]
        away, covered_by = (self.fields[name] for name in ("away", "covered_by"))
        away.choices = named if for_others else own  # type: ignore[attr-defined]
        covered_by.choices = empty + [choice for choice in named if choice not in own or for_others]  # type: ignore[attr-defined]
