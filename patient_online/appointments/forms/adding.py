"""What the desk types for one more slot in a session."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST, MODES
from patient_online.appointments.models import SlotType
from patient_online.appointments.rules.adding import MOST_MINUTES_OF_A_SLOT, is_counted
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import IdempotencyKeyField

HOW_LONG = _("How many minutes: enter a whole number from 1 to 120")


class AddSlotForm(forms.Form):
    """When one more slot is, for how long, of which kind and how."""

    key = IdempotencyKeyField()
    starts = ClockField(
        label=_("Starts at"),
        help_text=_("By the clock on the wall, for example 10:20am or 14:00."),
        error_messages={"required": _("Enter when the slot starts, like 10:20am or 14:00")},
    )
    minutes = forms.IntegerField(
        label=_("How many minutes?"),
        min_value=1,
        max_value=MOST_MINUTES_OF_A_SLOT,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "3"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), HOW_LONG),
    )
    kind = forms.ChoiceField(
        label=_("Kind of slot"),
        help_text=_("With the national category under which it is counted."),
        error_messages={**FROM_THE_LIST, "required": _("Choose a kind of slot")},
    )
    mode = forms.ChoiceField(
        label=_("How"), choices=[(mode.value, text) for mode, text in MODES.items()], error_messages=FROM_THE_LIST
    )
    online = forms.BooleanField(label=_("Patients can book it online"), required=False)

    def __init__(self, data: Any, *, kinds: Sequence[SlotType], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        counted = [kind for kind in kinds if is_counted(kind.national_category)]
        offered = [(str(kind.id), f"{kind.name} ({kind.national_category})") for kind in counted]
        self._field("kind").choices = [("", gettext("Choose")), *offered]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    @property
    def slot(self) -> dict[str, Any]:
        """What the action is told of the slot."""
        given = self.cleaned_data
        starts: time = given["starts"]
        named = {name: given[name] for name in ("kind", "minutes", "mode", "online")}
        return {"starts": starts, **named}
