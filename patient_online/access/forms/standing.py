"""What patients type to ask for more or less access, and staff to decide it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from patient_online.access.rules.requests import MOST_WORDS, Asked, Decision
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level
from patient_online.web.fields import IdempotencyKeyField

CHOOSE = {"invalid_choice": _("Choose one of the answers that are offered"), "required": _("Choose an answer")}
TOO_LONG = {"max_length": _("Use 500 characters or fewer")}
SERVICE_LEVELS = [
    (Level.MANAGE, _("Look and change")),
    (Level.VIEW, _("Look only")),
    (Level.NONE, _("Nothing: take it away")),
]
RECORD_LEVELS = [
    (RecordLevel.FULL, _("Everything, with what was written in full")),
    (RecordLevel.DOCUMENTS, _("Letters and documents, and all codes")),
    (RecordLevel.DETAILED, _("All codes: conditions, results, vaccinations")),
    (RecordLevel.SUMMARY, _("A summary: medicines and allergies")),
    (RecordLevel.NONE, _("Nothing: take it away")),
]


def choices_of(asked_about_record: bool) -> list[tuple[Any, Any]]:
    """The levels that can be chosen, the most first."""
    return RECORD_LEVELS if asked_about_record else SERVICE_LEVELS


class WantedForm(forms.Form):
    """What a patient wants to have of a service or of the record."""

    wanted = forms.ChoiceField(label=_("How much do you want?"), widget=forms.RadioSelect, error_messages=CHOOSE)
    historic = forms.BooleanField(label=_("Also show me what was written before I had online access"), required=False)
    words = forms.CharField(
        label=_("Anything your practice should know (optional)"),
        help_text=_("Do not write about your health here."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_WORDS,
        required=False,
        error_messages=TOO_LONG,
    )
    key = IdempotencyKeyField()

    def __init__(self, *args: Any, what: str, is_record: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.what = what
        wanted: Any = self.fields["wanted"]
        wanted.choices = choices_of(is_record)
        if not is_record:
            del self.fields["historic"]

    def asked(self) -> Asked:
        """What is asked for."""
        given = self.cleaned_data
        return Asked(self.what, given["wanted"], bool(given.get("historic")) and given["wanted"] != RecordLevel.NONE)


class DecideForm(forms.Form):
    """What the practice decides, and what it tells the patient."""

    GIVE, REFUSE = "give", "refuse"
    answer_is = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[(GIVE, _("Give it")), (REFUSE, _("Refuse it"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    level = forms.ChoiceField(label=_("If you give it: how much?"), widget=forms.RadioSelect, error_messages=CHOOSE)
    historic = forms.ChoiceField(
        label=_("And of old entries?"), choices=RECORD_LEVELS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    answer = forms.CharField(
        label=_("What the patient reads"),
        help_text=_("Needed if you refuse. Write nothing about their health, and nothing about what is held back."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_WORDS,
        required=False,
        error_messages=TOO_LONG,
    )
    key = IdempotencyKeyField()

    def __init__(self, *args: Any, is_record: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level: Any = self.fields["level"]
        level.choices = choices_of(is_record)
        if not is_record:
            del self.fields["historic"]

    def decision(self) -> Decision:
        """What is decided."""
        given = self.cleaned_data
        historic = RecordLevel(given.get("historic") or RecordLevel.NONE)
        return Decision(given["answer_is"] == self.GIVE, given["level"], historic)
