"""A time of day as people type it: 8:30am, 8.30, 14:00, midday."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TYPED = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
WORDS = {"midday": time(12), "noon": time(12), "midnight": time()}


class ClockField(forms.CharField):
    """A time by the clock on the wall; without am or pm it is taken on the clock of 24 hours."""

    widget = forms.TextInput(attrs={"width": "5"})

    def clean(self, value: Any) -> time | None:
        """Read the time, or say how to type one."""
        typed = re.sub(r"\s+", "", str(super().clean(value) or "")).lower()
        if not typed:
            return None
        try:
            return WORDS.get(typed) or _read(typed)
        except ValueError:
            words = self.error_messages.get("invalid") or _("Enter a time, like 8:30am or 14:00")
            raise ValidationError(words, code="invalid") from None


def _read(typed: str) -> time:
    found = TYPED.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(typed)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute)
