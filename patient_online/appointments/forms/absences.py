"""What a manager types to stop a template or to enter an absence."""

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST
from patient_online.nhs.stretches import stretch_of
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import DateField3, IdempotencyKeyField


class StopForm(forms.Form):
    """The first day on which there is no session any more."""

    from_day = DateField3(
        label=_("From which day on should there be no more of these sessions?"), noun=gettext("the day to stop from")
    )


class AbsenceForm(forms.Form):
    """Who is away, and from when to when."""

    key = IdempotencyKeyField()
    clinician = forms.ChoiceField(label=_("Clinician"), error_messages=FROM_THE_LIST)
    from_day = DateField3(label=_("First day away"), noun=gettext("the first day away"))
    from_time = ClockField(
        label=_("Away on the first day from (optional)"),
        help_text=_("For example 12:30pm. Leave it empty for the whole day."),
        required=False,
    )
    to_day = DateField3(label=_("Last day away"), noun=gettext("the last day away"))
    to_time = ClockField(
        label=_("Away on the last day until (optional)"),
        help_text=_("For example 2pm. Leave it empty for the rest of the day."),
        required=False,
    )
    note = forms.CharField(
        label=_("Note for staff (optional)"),
        help_text=_("For example: annual leave. Patients never see it."),
        max_length=200,
        required=False,
    )

    def __init__(self, data: Any, *, clinicians: Mapping[UUID, str]) -> None:
        super().__init__(data)
        field: Any = self.fields["clinician"]
        field.choices = [("", gettext("Choose")), *((str(id_), name) for id_, name in clinicians.items())]

    def clean(self) -> dict[str, Any]:
        """Ask for an end that is after the beginning; midnight begins the first day, or ends the last."""
        given = dict(self.cleaned_data)
        given |= {name: None for name in ("from_time", "to_time") if given.get(name) in (None, time())}
        first, last = given.get("from_day"), given.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", gettext("The last day away must be the first day or later"))
        elif first and last and not stretch_of(given).in_order:
            self.add_error("to_time", gettext("The time until which they are away must be after the one from which"))
        return given
