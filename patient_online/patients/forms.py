"""What somebody types about a patient's name and address."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.patients.amending import MOST, Details, address_typed, name_typed, postcode_typed
from patient_online.web.fields import IdempotencyKeyField

NAME_WRONG = _("Use letters, spaces, hyphens and apostrophes only")


class DetailsForm(forms.Form):
    """Name and address; `seen` is the mark of what was kept when the page was opened."""

    key = IdempotencyKeyField()
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    title = forms.CharField(
        label=_("Title (optional)"),
        help_text=_("For example Mr, Mrs, Ms, Mx or Dr."),
        required=False,
        max_length=MOST["title"],
        widget=forms.TextInput(attrs={"autocomplete": "honorific-prefix", "width": "10"}),
    )
    given_name = forms.CharField(
        label=_("First name"),
        max_length=MOST["given_name"],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Enter a first name")},
    )
    family_name = forms.CharField(
        label=_("Last name"),
        max_length=MOST["family_name"],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Enter a last name")},
    )
    address = forms.CharField(
        label=_("Address"),
        help_text=_("One line for each part, without the postcode. Five lines at most."),
        required=False,
        max_length=MOST["address"],
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label=_("Postcode"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "width": "10"}),
    )

    def __init__(self, data: Any = None, *, known: Details | None = None) -> None:
        """`known` is what is kept; nobody who may not see it gives none, and types all of it."""
        shown: dict[str, Any] = {}
        if known:
            shown = {name: getattr(known, name) for name in ("title", "given_name", "family_name", "postcode")}
            shown |= {"address": "\n".join(known.address), "seen": known.mark}
        super().__init__(data, initial=shown)

    def clean_title(self) -> str:
        """The title, with single spaces."""
        return str(self._read("title", name_typed, NAME_WRONG))

    def clean_given_name(self) -> str:
        """The name, with single spaces."""
        return str(self._read("given_name", name_typed, NAME_WRONG))

    def clean_family_name(self) -> str:
        """The name, with single spaces."""
        return str(self._read("family_name", name_typed, NAME_WRONG))

    def clean_address(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(self._read("address", address_typed, _("Use five lines at most")))

    def clean_postcode(self) -> str:
        """The postcode as it is written."""
        return str(self._read("postcode", postcode_typed, _("Enter a postcode, like TS18 1HU")))

    def _read(self, name: str, read: Callable[[str], Any], words: Any) -> Any:
        try:
            return read(self.cleaned_data[name])
        except ValueError:
            raise forms.ValidationError(words) from None

    def clean(self) -> dict[str, Any]:
        """An address and a postcode belong together."""
        given = dict(self.cleaned_data)
        if given.get("address") and "postcode" in given and not given["postcode"]:
            self.add_error("postcode", gettext("Enter the postcode of this address"))
        if given.get("postcode") and "address" in given and not given["address"]:
            self.add_error("address", gettext("Enter the address that this postcode is of"))
        return given

    def details(self) -> Details:
        """What was typed."""
        names = ("title", "given_name", "family_name", "address", "postcode")
        return Details(**{name: self.cleaned_data[name] for name in names})
