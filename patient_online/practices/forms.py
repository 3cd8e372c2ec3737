"""What a practice manager decides."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.nhs.services import Level, Service
from patient_online.practices.models import Notice, ServiceStatus
from patient_online.practices.rules import (
    MOST_CLOSURE_WORDS,
    MOST_ROUTES,
    MOST_WELCOME,
    ROUTE_PARTS,
    WITH_A_CEILING,
    Policy,
)
from patient_online.refusals import N_
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import DateField3, IdempotencyKeyField


class PolicyForm(forms.Form):
    """The value of one policy."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if policy.is_switch:
            choices = [("yes", gettext("Yes")), ("no", gettext("No"))]
            self.fields["value"] = forms.TypedChoiceField(
                label=gettext(policy.title),
                choices=choices,
                widget=forms.RadioSelect,
                coerce=lambda text: text == "yes",
            )
            return
        limits = {"lowest": policy.lowest, "highest": policy.highest}
        words = gettext("Enter a whole number from %(lowest)s to %(highest)s") % limits
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
        self.fields["value"] = forms.IntegerField(
            label=gettext(policy.title),
            min_value=policy.lowest,
            max_value=policy.highest,
            error_messages=messages,
            help_text=words + ".",
            widget=forms.NumberInput(attrs={"width": "5"}),
        )


class ServiceForm(forms.Form):
    """How an online service stands, what patients may do with it at most, and from which day."""

    status = forms.ChoiceField(
        label=_("This service is"),
        choices=ServiceStatus.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how this service stands")},
    )
    ceiling = forms.TypedChoiceField(
        label=_("What may patients do with it at most?"),
        help_text=_("It counts while the service is switched on. For one patient it may be less, never more."),
        choices=[(Level.MANAGE.value, _("Look and act")), (Level.VIEW.value, _("Look only"))],
        coerce=Level,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what patients may do with it at most")},
    )
    from_day = DateField3(label=_("From which day?"), noun=gettext("the day from which this holds"))
    sure = forms.BooleanField(label=_("Yes, from that day patients cannot use it online"), required=False)

    def __init__(self, *args: Any, service: Service, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if service not in WITH_A_CEILING:
            del self.fields["ceiling"]

    @property
    def switches_off(self) -> bool:
        """Whether patients cannot use the service from then on: that needs a tick."""
        return bool(self.cleaned_data["status"] != ServiceStatus.Status.SWITCHED_ON)

    def asks_to_be_sure(self) -> bool:
        """Whether the tick is missing; it is pointed out then."""
        if not self.switches_off or self.cleaned_data["sure"]:
            return False
        self.add_error("sure", gettext("Tick that patients cannot use it from that day"))
        return True

    def decided(self) -> dict[str, Any]:
        """How the service is to stand."""
        given = {name: self.cleaned_data[name] for name in ("ceiling", "from_day") if name in self.fields}
        return given | {"status": ServiceStatus.Status(self.cleaned_data["status"])}


class LinesField(forms.CharField):
    """A text of several lines; a line's end counts as one character, as it does while somebody types."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        """The text, with the ends of its lines as one character each."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class NoticeForm(forms.Form):
    """Something that patients are told; `seen` is the version that the writer saw, 0 for none."""

    key = IdempotencyKeyField()
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, newest: Notice | None = None, **kwargs: Any) -> None:
        version = {"seen": newest.version if newest else 0}
        super().__init__(data, initial=version | kwargs.pop("initial", {}), **kwargs)


class RestoreForm(NoticeForm):
    """An old version is to hold again."""


class WelcomeForm(NoticeForm):
    """The welcome message."""

    text = LinesField(
        label=_("Welcome message"),
        help_text=_("Patients see it first when they have signed in. Plain text. Leave it empty to show no message."),
        required=False,
        max_length=MOST_WELCOME,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data: Any = None, *, newest: Notice | None = None) -> None:
        super().__init__(data, newest=newest, initial={"text": newest.text} if newest else {})

    def told(self) -> dict[str, Any]:
        """What patients would be told."""
        return {"text": self.cleaned_data["text"], "routes": []}


class RoutesForm(NoticeForm):
    """The ways to reach the practice: each with what it is for, how, and when. A way left empty is left out."""

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, newest: Notice | None = None) -> None:
        known = newest.routes if newest else []
        shown = _rows(data, len(known) + 1)
        super().__init__(data, newest=newest, initial={"rows": shown})
        if data is not None:
            self.data = {**data.dict(), "rows": str(shown)}
        self.ways = list(range(shown))
        for n in self.ways:
            given = known[n] if n < len(known) else {}
            self.fields |= {f"{part}_{n}": _part(part, given.get(part, "")) for part in ROUTE_PARTS}

    @property
    def may_have_more(self) -> bool:
        """Whether there is room for another way."""
        return len(self.ways) < MOST_ROUTES

    def clean(self) -> dict[str, Any]:
        """Point out what is missing of a way that is not left empty."""
        given = dict(self.cleaned_data)
        for n in self.ways:
            if any(given.get(f"{part}_{n}") for part in ROUTE_PARTS):
                for part in ("for", "how"):
                    if f"{part}_{n}" in given and not given[f"{part}_{n}"]:
                        self.add_error(f"{part}_{n}", _(MISSING[part]))
        return given

    def told(self) -> dict[str, Any]:
        """What patients would be told."""
        ways = [{part: self.cleaned_data[f"{part}_{n}"] for part in ROUTE_PARTS} for n in self.ways]
        return {"text": "", "routes": [way for way in ways if way["for"]]}


MISSING = {"for": N_("Enter what this way is for"), "how": N_("Enter the number or address")}
PARTS: dict[str, tuple[Any, Any]] = {
    "for": (_("What it is for"), _("For example: Appointments. A way that says so is shown to who finds none online.")),
    "how": (_("Number or address"), ""),
    "when": (_("When (optional)"), _("For example: Monday to Friday, 8am to 6:30pm")),
}


def _part(part: str, initial: str) -> forms.CharField:
    label, hint = PARTS[part]
    return forms.CharField(label=label, help_text=hint, initial=initial, required=False, max_length=ROUTE_PARTS[part])


def _rows(data: Any, otherwise: int) -> int:
    """How many ways the form has room for: one more when that was asked for."""
    typed = str(data.get("rows", "")) if data is not None else ""
    rows = int(typed) if typed.isdecimal() and len(typed) < 3 else otherwise
    return min(max(rows + (data is not None and data.get("do") == "add"), 1), MOST_ROUTES)


class ClosureForm(forms.Form):
    """When the practice is closed, and what patients are told."""

    key = IdempotencyKeyField()
    from_day = DateField3(label=_("First day closed"), noun=gettext("the first day closed"))
    from_time = ClockField(
        label=_("Closed on the first day from (optional)"),
        help_text=_("For example 12:30pm. Leave it empty for the whole day."),
        required=False,
    )
    to_day = DateField3(label=_("Last day closed"), noun=gettext("the last day closed"))
    to_time = ClockField(
        label=_("Closed on the last day until (optional)"),
        help_text=_("For example 2pm. Leave it empty for the rest of the day."),
        required=False,
    )
    words = LinesField(
        label=_("What patients are told"),
        help_text=_("Say why, and where to go instead. Plain text. The days and times are shown above it."),
        max_length=MOST_CLOSURE_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Enter what patients are told")},
    )

    def clean(self) -> dict[str, Any]:
        """Read midnight as the beginning of the first day, or the end of the last."""
        given = dict(self.cleaned_data)
        return given | {name: None for name in ("from_time", "to_time") if given.get(name) in (None, time())}
