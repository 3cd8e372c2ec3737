"""What is typed to open a record that needs a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from patient_online.access.rules.opening import MOST_REASON
from patient_online.web.fields import IdempotencyKeyField


class ReasonForm(forms.Form):
    """Why somebody needs to open the record."""

    key = IdempotencyKeyField()
    reason = forms.CharField(
        label=_("Why do you need to open this record now?"),
        help_text=_(
            "For example: the patient is at the desk and wants to move their appointment. It is kept and read."
        ),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why you need to open this record")},
    )
