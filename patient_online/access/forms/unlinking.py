"""What staff say when an account is not, or is no longer, to act for a patient."""

from django import forms
from django.utils.translation import gettext_lazy as _

from patient_online.access.forms.standing import CHOOSE
from patient_online.access.models import Link


class UnlinkForm(forms.Form):
    """Why an account is unlinked from a patient, and that it is meant."""

    reason = forms.ChoiceField(
        label=_("Why does it end?"),
        choices=[
            (Link.Why.PRACTICE, _("The account is not the patient’s")),
            (Link.Why.PATIENT, _("The patient asks for it")),
        ],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    sure = forms.BooleanField(
        label=_("I have checked that this is the right account"),
        error_messages={"required": _("Check that this is the right account, then tick the box")},
    )
