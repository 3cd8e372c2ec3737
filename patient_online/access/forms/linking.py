"""What somebody types from the letter that the practice gave them, or to say which patient they are."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.actions.linking import Typed
from patient_online.access.linkage import ACCOUNT_DIGITS, KEY_LENGTH
from patient_online.access.rules.linking import Name
from patient_online.nhs.organisations import normalise_ods
from patient_online.storage.codes import ALPHABET, as_kept
from patient_online.web.fields import DateField3

PLAIN = {"autocomplete": "off", "spellcheck": False, "autocapitalize": "characters"}
POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}", re.ASCII)
BORN = range(1900, 2100)


class LinkForm(forms.Form):
    """The three codes of the letter, and who it is for. What can be seen to be mistyped is said before it counts."""

    account_ref = forms.CharField(
        label=_("Account ID"),
        help_text=_("10 digits, like 123 456 7890"),
        max_length=30,
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric", "width": "10"}),
    )
    ods_code = forms.CharField(
        label=_("ODS code of your practice"),
        help_text=_("Like A81001"),
        max_length=20,
        widget=forms.TextInput(attrs={**PLAIN, "width": "10"}),
    )
    key = forms.CharField(
        label=_("Linkage key"),
        help_text=_("12 letters and digits, like K7QM-2X9D-0ABC"),
        max_length=40,
        widget=forms.TextInput(attrs={**PLAIN, "width": "20"}),
    )
    family_name = forms.CharField(
        label=_("Your last name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    birth_date = DateField3(
        label=_("Your date of birth"),
        noun=_("your date of birth"),  # type: ignore[arg-type]
        help_text=_("For example, 31 3 1980"),
        years=BORN,
    )

    def clean_account_ref(self) -> str:
        """The digits alone."""
        digits = re.sub(r"[\s-]+", "", self.cleaned_data["account_ref"])
        if not (digits.isascii() and digits.isdigit() and len(digits) == ACCOUNT_DIGITS):
            raise ValidationError(gettext("The account ID is the 10 digits on your letter"))
        return digits

    def clean_ods_code(self) -> str:
        """The code in capitals."""
        try:
            return normalise_ods(self.cleaned_data["ods_code"])
        except ValueError:
            raise ValidationError(gettext("The ODS code is 3 to 10 letters and digits, like A81001")) from None

    def clean_key(self) -> str:
        """The key as it is kept."""
        key = as_kept(self.cleaned_data["key"])
        if len(key) != KEY_LENGTH or set(key) - set(ALPHABET):
            raise ValidationError(gettext("The linkage key is 12 letters and digits, like K7QM-2X9D-0ABC"))
        return key

    def typed(self) -> Typed:
        """What was typed, as the action takes it."""
        return Typed(**self.cleaned_data)


class ClaimForm(forms.Form):
    """Who somebody says they are."""

    given_name = forms.CharField(
        label=_("First name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    family_name = forms.CharField(
        label=_("Last name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    birth_date = DateField3(
        label=_("Date of birth"),
        noun=_("your date of birth"),  # type: ignore[arg-type]
        help_text=_("For example, 31 3 1980"),
        years=BORN,
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("The one that your practice knows"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "width": "10"}),
    )

    def clean_postcode(self) -> str:
        """The postcode as it is kept; those that stand for no fixed abode count too (`ZZ99 3VZ`)."""
        typed = re.sub(r"[\s-]+", "", self.cleaned_data["postcode"]).upper()
        if not POSTCODE.fullmatch(typed):
            raise ValidationError(gettext("Enter a full postcode, like ZZ99 3VZ"))
        return f"{typed[:-3]} {typed[-3:]}"

    def said(self) -> dict[str, Any]:
        """Who they say they are, as the action takes it."""
        given = self.cleaned_data
        name = Name(given["family_name"], given["given_name"], given["birth_date"])
        return {"said": name, "postcode": given["postcode"]}


class PracticeForm(forms.Form):
    """By what a practice is looked for."""

    q = forms.CharField(
        label=_("Name, postcode or ODS code of your practice"),
        min_length=2,
        max_length=60,
        error_messages={
            "required": _("Enter the name, postcode or ODS code of your practice"),
            "min_length": _("Enter at least two letters or digits"),
        },
    )
