"""What is typed when a name or address is to be put right: by the patient, and by who decides it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.rules.amending import MOST_WORDS
from patient_online.patients.amending import LABELS, Changes
from patient_online.patients.forms import DetailsForm
from patient_online.web.fields import IdempotencyKeyField


class AmendForm(DetailsForm):
    """Name and address as they should be, and why."""

    words = forms.CharField(
        label=_("Is there anything your practice should know? (optional)"),
        help_text=_("For example: I got married, or I moved on 3 March."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(forms.Form):
    """Which of the changes the practice accepts, and what the patient reads of it."""

    key = IdempotencyKeyField()
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("accept", _("Accept the changes that are ticked")), ("refuse", _("Refuse all of it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what you decide")},
    )
    accepted = forms.MultipleChoiceField(
        label=_("Changes that you accept"), required=False, widget=forms.CheckboxSelectMultiple
    )
    answer = forms.CharField(
        label=_("Words for the patient"),
        help_text=_("They read this. It is needed where you do not accept everything. Nothing clinical."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, changes: Changes, mark: str) -> None:
        super().__init__(data, initial={"accepted": list(changes), "seen": mark})
        field: Any = self.fields["accepted"]
        field.choices = [(name, gettext(label)) for name, label in LABELS.items() if name in changes]
