"""What staff send back when letters have come out of the printer."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class IdsField(forms.CharField):
    """Ids of ours with commas between them."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[UUID]:
        """The ids, or an error where one is none."""
        try:
            return [UUID(each) for each in super().clean(value).split(",")]
        except ValueError as error:
            raise ValidationError(_("This page did not send everything it should. Go back and print again.")) from error


class PrintedForm(forms.Form):
    """The letters that were printed: those on the page, not those that have come since."""

    letters = IdsField()
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)


class NotPrintedForm(forms.Form):
    """One printing that is taken back, by its instant."""

    printed_at = forms.DateTimeField(widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])
