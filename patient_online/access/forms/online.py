"""What staff choose for a patient's online access: a level, how much of the record, what is held back, a code."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.forms.standing import CHOOSE, RECORD_LEVELS, SERVICE_LEVELS, TOO_LONG
from patient_online.access.models import Block
from patient_online.access.rules.codes import CODES
from patient_online.access.rules.holding import MOST_WORDS
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Service
from patient_online.web.fields import DateField3, IdempotencyKeyField

YEARS = range(1900, 2100)
WHY = [
    (Block.Why.SAFEGUARDING, _("To keep somebody safe")),
    (Block.Why.PATIENT, _("The patient asked for it")),
    (Block.Why.MISUSE, _("It was misused")),
    (Block.Why.OTHER, _("Another reason")),
]
CAN_BE_HELD = [
    (Service.APPOINTMENTS, _("Appointments")),
    (Service.PRESCRIPTIONS, _("Repeat prescriptions")),
    (Service.SUMMARY_RECORD, _("Health record: all of it")),
    (Service.DETAILED_RECORD, _("Health record: codes and more, not the summary")),
    (Service.DOCUMENTS, _("Health record: documents and more")),
    (Service.FULL_RECORD, _("Health record: what was written in full")),
    (Service.DEMOGRAPHICS, _("Changing name and address")),
    (Service.MESSAGES, _("Messages to the practice")),
    (Service.PROXIES, _("Acting for somebody else")),
]


class LevelForm(forms.Form):
    """How much of a service an account may use."""

    level = forms.ChoiceField(
        label=_("How much may they use?"), choices=SERVICE_LEVELS, widget=forms.RadioSelect, error_messages=CHOOSE
    )


class RecordForm(forms.Form):
    """How much of the record an account may see; no more than the check of identity allows is offered."""

    current = forms.ChoiceField(label=_("New entries"), widget=forms.RadioSelect, error_messages=CHOOSE)
    historic = forms.ChoiceField(label=_("Old entries"), widget=forms.RadioSelect, error_messages=CHOOSE)
    from_day = DateField3(
        label=_("An entry is new from this day on"),
        help_text=_("An earlier day shows older entries: a GP or a manager may choose one, after a review."),
        noun=gettext("the first day of new entries"),
        years=YEARS,
        required=True,
    )

    def __init__(self, *args: Any, most: RecordLevel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(level, words) for level, words in RECORD_LEVELS if level.rank <= most.rank]
        for name in ("current", "historic"):
            field: Any = self.fields[name]
            field.choices = offered

    def given(self) -> dict[str, Any]:
        """What is given, for the action."""
        day: date = self.cleaned_data["from_day"]
        levels = {name: RecordLevel(self.cleaned_data[name]) for name in ("current", "historic")}
        return {**levels, "from_day": day}


class HoldForm(forms.Form):
    """What is held back from a patient, and why."""

    service = forms.ChoiceField(
        label=_("What do you hold back?"), choices=CAN_BE_HELD, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    why = forms.ChoiceField(label=_("Why?"), choices=WHY, widget=forms.RadioSelect, error_messages=CHOOSE)
    words = forms.CharField(
        label=_("Say more, for staff"),
        help_text=_("Managers, GPs and the information governance lead can read this. The patient never can."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_WORDS,
        error_messages={**TOO_LONG, "required": _("Write a sentence for your colleagues")},
    )
    review_on = DateField3(
        label=_("Look at it again on (optional)"), noun=gettext("the day to look again"), required=False
    )
    key = IdempotencyKeyField()


class CodeOfAccessForm(forms.Form):
    """A code about online access."""

    code = forms.ChoiceField(
        label=_("Which code?"), choices=list(CODES.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    dated = DateField3(label=_("Date of the code"), noun=gettext("the date of the code"), years=YEARS, required=True)
    key = IdempotencyKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code: Any = self.fields["code"]
        code.choices = [(each, _(words)) for each, words in CODES.items()]
