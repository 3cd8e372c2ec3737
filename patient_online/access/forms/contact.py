"""What patients and staff type about how a patient is told."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.nhs.languages import LANGUAGES
from patient_online.nhs.telephones import normalise_phone, phone_text
from patient_online.patients.models import Patient
from patient_online.patients.rules import CODE_DIGITS
from patient_online.web.fields import TelephoneField

CHOOSE = {"invalid_choice": _("Choose one of the answers that are offered"), "required": _("Choose an answer")}
EMAIL_WRONG = _("Enter an email address in the correct format, like name@example.com")


def _number(text: str) -> str:
    """The number as it is kept (E.164), or nothing where nothing was typed."""
    try:
        return normalise_phone(text) if text else ""
    except ValueError:
        words = gettext("Enter a telephone number, like 01632 960 001 or 07700 900 982")
        raise forms.ValidationError(words) from None


class NeedsForm(forms.Form):
    """How the patient is told, and in which form and language they read."""

    contact_by = forms.ChoiceField(
        label=_("How should we tell you about your appointments?"),
        choices=Patient.Route.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    format = forms.ChoiceField(
        label=_("In which format do you read letters?"),
        choices=Patient.Format.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    language = forms.ChoiceField(label=_("Which language do you speak best?"), error_messages=CHOOSE)
    interpreter = forms.BooleanField(label=_("I need an interpreter at my appointments"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = [(code, gettext(name)) for code, name in LANGUAGES.items()]
        hints = {Patient.Route.NONE: _("You see what we tell you only when you sign in here.")}
        self.fields["contact_by"].choice_hints = hints  # type: ignore[attr-defined]


class EmailForm(forms.Form):
    """Another e-mail address."""

    email = forms.EmailField(
        label=_("Email address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        max_length=254,
        error_messages={"required": EMAIL_WRONG, "invalid": EMAIL_WRONG},
    )


class TelephoneForm(forms.Form):
    """Another telephone number."""

    telephone = TelephoneField(
        label=_("Telephone number"),
        help_text=_("We can send text messages to a mobile number only."),
        error_messages={"required": _("Enter a telephone number, like 01632 960 001 or 07700 900 982")},
    )

    def clean_telephone(self) -> str:
        """The number as it is kept."""
        return _number(self.cleaned_data["telephone"])


class CodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("6 digits, from the newest message that we sent."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "width": "5"}),
        error_messages={"required": _("Enter the 6 digits of the code")},
    )

    def clean_code(self) -> str:
        """The digits alone."""
        code: str = "".join(self.cleaned_data["code"].split()).replace("-", "")
        if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
            raise forms.ValidationError(gettext("The code has 6 digits"))
        return code


class PatientNeedsForm(NeedsForm):
    """The same for staff, with the addresses and whether somebody has checked them with the patient.

    `seen` is the mark of what was shown: what the patient changes meanwhile is not overwritten unseen.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    email = forms.EmailField(
        label=_("Email address (optional)"), required=False, max_length=254, error_messages={"invalid": EMAIL_WRONG}
    )
    email_checked = forms.BooleanField(label=_("I have checked this email address with the patient"), required=False)
    telephone = TelephoneField(label=_("Telephone number (optional)"), required=False)
    telephone_checked = forms.BooleanField(
        label=_("I have checked this telephone number with the patient"), required=False
    )
    field_order = ("email", "email_checked", "telephone", "telephone_checked")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "contact_by": _("How should the patient be told about appointments?"),
            "format": _("In which format does the patient read letters?"),
            "language": _("Which language does the patient speak best?"),
            "interpreter": _("The patient needs an interpreter at appointments"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
        hints = {Patient.Route.NONE: _("The patient sees messages only when signed in.")}
        self.fields["contact_by"].choice_hints = hints  # type: ignore[attr-defined]

    def clean_telephone(self) -> str:
        """The number as it is kept."""
        return _number(self.cleaned_data["telephone"])

    def clean(self) -> dict[str, Any]:
        """Nobody has checked an address that is not there."""
        given = super().clean() or {}
        for name in ("email", "telephone"):
            if given.get(f"{name}_checked") and not given.get(name) and name not in self.errors:
                self.add_error(name, gettext("Enter what you have checked with the patient"))
        return given

    def has_seen(self, mark: str) -> None:
        """Carry the mark of what is shown now; all that was typed stays."""
        self.data = {**self.data.dict(), "seen": mark}  # type: ignore[attr-defined]

    def in_words(self, name: str, value: Any) -> str:
        """A value as people read it."""
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if name == "telephone" and value:
            return phone_text(value)
        choices: dict[str, Any] = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value)) or gettext("Nothing")
