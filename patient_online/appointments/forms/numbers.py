"""The number on which a patient is reached for an appointment by telephone or video."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.nhs.appointments import Mode
from patient_online.nhs.telephones import is_mobile, normalise_phone
from patient_online.web.fields import TelephoneField


def number_field() -> TelephoneField:
    """The number on which the patient is reached for an appointment."""
    return TelephoneField(
        label=_("Telephone number"),
        help_text=_("The clinician will use this number for this appointment."),
        error_messages={"required": _("Enter the telephone number that you can be reached on")},
    )


def ask_number(form: forms.Form, mode: str) -> None:
    """Ask for a number where an appointment of this mode needs one, for a mobile where it is by video."""
    if mode == Mode.VIDEO:
        form.fields["telephone"].label = gettext("Mobile number")
        form.fields["telephone"].help_text = gettext("The clinician will use this number for the video call.")
    elif mode != Mode.TELEPHONE:
        for name in {"telephone", "keep_telephone"} & set(form.fields):
            del form.fields[name]


def number_read(text: str, mode: str) -> str:
    """The number as it is kept (E.164); a landline can take no video call."""
    try:
        number = normalise_phone(text)
    except ValueError:
        raise forms.ValidationError(gettext("Enter a telephone number, like 01632 960 001 or 07700 900 982")) from None
    if mode == Mode.VIDEO and not is_mobile(number):
        words = gettext("Enter a mobile number, like 07700 900 982: a video call does not work on a landline")
        raise forms.ValidationError(words)
    return number
