"""A time of day as people type it: 8:30am, 8.30, 14:00, midday."""

import re
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TYPED = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
EARLIEST = 6
WORDS = {"midday": time(12), "noon": time(12), "midnight": time()}


class ClockField(forms.CharField):
    """A time by the clock on the wall; what could be of the morning or of the afternoon is asked for again.

    Without am or pm, `2` and `2:30` are afternoons to most and nights to a clock of 24 hours: neither is guessed.
    """

    widget = forms.TextInput(attrs={"width": "5"})

    def clean(self, value: Any) -> time | None:
        """Read the time, or say how to type one."""
        typed = re.sub(r"\s+", "", str(super().clean(value) or "")).lower()
        if not typed:
            return None
        if half := _half_missing(typed):
            raise ValidationError(
                _("Write am or pm, for example %(time)s") % {"time": typed.lstrip("0") + half}, code="half"
            )
        try:
            return WORDS.get(typed) or _read(typed)
        except ValueError:
            words = self.error_messages.get("invalid") or _("Enter a time, like 8:30am or 14:00")
            raise ValidationError(words, code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        """A time that is known already, as on the clock of 24 hours, which can be read again."""
        return f"{value:%H:%M}" if isinstance(value, time) else value


def _half_missing(typed: str) -> str:
    """The likelier half of the day where none was typed and either may be meant, or nothing."""
    found = TYPED.fullmatch(typed)
    if found is None or found[3] or not 1 <= int(found[1]) <= 12:
        return ""
    if found[2] and (len(found[1]) > 1 or int(found[1]) >= EARLIEST):
        return ""
    return "am" if EARLIEST < int(found[1]) < 12 else "pm"


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
