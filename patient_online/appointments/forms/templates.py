"""What a manager types about sessions: a template with its parts, a single session, a day to stop on, an absence."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST
from patient_online.appointments.forms.parts import BREAK, Offered, part_fields, part_of, parts_typed
from patient_online.appointments.rules.sessions import Plan
from patient_online.appointments.rules.templates import MOST_PARTS
from patient_online.nhs.dates import time_text
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import DateField3, IdempotencyKeyField

FEWEST_ROWS = 3
ROWS_MORE = 2
WEEKDAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
KINDS = [
    (Kind.WEEKLY.value, _("On days of the week")),
    (Kind.NTH_WEEKDAY.value, _("On the first, second … or last weekday of each month")),
    (Kind.NTH_WORKING_DAY.value, _("On the first, second … or last working day of each month")),
]
EVERY = [
    ("1", _("Every week")),
    ("2", _("Every other week")),
    *((str(n), _("Every %(number)s weeks") % {"number": n}) for n in range(3, 9)),
]
NTH = [
    ("1", _("First")),
    ("2", _("Second")),
    ("3", _("Third")),
    ("4", _("Fourth")),
    ("5", _("Fifth")),
    ("-1", _("Last")),
    *((str(n), _("Number %(number)s") % {"number": n}) for n in range(6, 24)),
]


class SessionForm(forms.Form):
    """What one session and a template have in common: who, where, from when, and the parts one after the other."""

    key = IdempotencyKeyField()
    name = forms.CharField(
        label=_("Session name"),
        help_text=_("For example: Morning surgery. Staff see it."),
        max_length=100,
        error_messages={"required": _("Enter a name for the session")},
    )
    clinician = forms.ChoiceField(
        label=_("Clinician"), error_messages={**FROM_THE_LIST, "required": _("Choose a clinician")}
    )
    site = forms.ChoiceField(
        label=_("Where"), error_messages={**FROM_THE_LIST, "required": _("Choose where the session is")}
    )
    starts = ClockField(
        label=_("Starts at"),
        help_text=_("By the clock on the wall, for example 8:30am or 14:00."),
        error_messages={
            "required": _("Enter when the session starts, like 8:30am or 14:00"),
            "invalid": _("Starts at: enter a time, like 8:30am or 14:00"),
        },
    )
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_PARTS)

    def __init__(self, data: Any, *, offered: Offered, rows: int, **kwargs: Any) -> None:
        kwargs["initial"] = {**kwargs.get("initial", {}), "rows": rows}
        super().__init__(data, **kwargs)
        self.offered = offered
        self.parts = range(min(MOST_PARTS, max(1, rows)))
        self._offer("clinician", offered.clinicians)
        self._offer("site", offered.sites)
        for n in self.parts:
            self.fields |= {f"part{n}_{name}": field for name, field in part_fields(offered, n + 1).items()}

    def _offer(self, name: str, named: Mapping[UUID, str]) -> None:
        field: Any = self.fields[name]
        choose = [] if len(named) == 1 else [("", gettext("Choose"))]
        field.choices = choose + [(str(id_), text) for id_, text in named.items()]

    @property
    def longest(self) -> str:
        """The box that says how many of the part that takes most of the session there are."""
        lasts = [
            (self.cleaned_data[f"part{n}_minutes"] or 0) * (self.cleaned_data[f"part{n}_count"] or 0)
            for n in self.parts
        ]
        return f"part{lasts.index(max(lasts))}_count"

    def part_rows(self, n: int) -> list[list[Any]]:
        """The fields of one part, in the rows in which they stand side by side where there is room."""
        rows = (("type", "count", "minutes"), ("mode", "seats", "online"))
        return [[self[f"part{n}_{name}"] for name in row] for row in rows]

    def other_fields(self) -> list[Any]:
        """The fields above the parts, in their order."""
        return [bound for bound in self.visible_fields() if not bound.name.startswith("part")]

    def clean(self) -> dict[str, Any]:
        """Say of each part that is used what is missing in it, or why it cannot go online."""
        given = super().clean() or self.cleaned_data
        for n in self.parts:
            if kind := given.get(f"part{n}_type"):
                self._check_part(n, kind, given)
        if not any(given.get(f"part{n}_type") for n in self.parts) and "part0_type" not in self.errors:
            self.add_error("part0_type", gettext("Choose a kind of slot for the first part"))
        return given

    def _check_part(self, n: int, kind: str, given: Mapping[str, Any]) -> None:
        facts = {"number": n + 1}
        for name, words in (
            ("minutes", gettext("Part %(number)s, minutes each: enter how many minutes each takes")),
            ("count", gettext("Part %(number)s, how many: enter how many there are")),
        ):
            if given.get(f"part{n}_{name}") is None and f"part{n}_{name}" not in self.errors:
                self.add_error(f"part{n}_{name}", words % facts)
        if given.get(f"part{n}_online") and kind != BREAK and not self.offered.worded[UUID(kind)]:
            words = gettext(
                "Part %(number)s: “%(kind)s” cannot be put online: it has no national category, or no words "
                "for patients. Give it both at “Words for appointments”, or leave it offline"
            )
            self.add_error(f"part{n}_online", words % {**facts, "kind": self.offered.kinds[UUID(kind)]})

    def plan(self) -> Plan:
        """The session as it was typed."""
        given = self.cleaned_data
        parts = tuple(part_of(given, f"part{n}_") for n in self.parts if given[f"part{n}_type"])
        who, where = UUID(given["clinician"]), UUID(given["site"])
        return Plan(given["name"], where, who, given["starts"], parts, self.pattern())

    def pattern(self) -> Pattern:
        """The days on which it comes."""
        raise NotImplementedError

    def typed(self) -> dict[str, Any]:
        """What was sent, unread, to be shown again."""
        fields = self.fields.items()
        return {name: field.widget.value_from_datadict(self.data, {}, name) for name, field in fields}


class TemplateForm(SessionForm):
    """A session that comes again."""

    kind = forms.ChoiceField(
        label=_("On which days?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={**FROM_THE_LIST, "required": _("Choose on which days the session comes")},
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days of the week"),
        help_text=_("Not needed for working days of the month."),
        choices=WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose days of the week that are offered")},
    )
    every = forms.ChoiceField(
        label=_("If on days of the week: how often?"),
        help_text=_("Counted from the week of the first day."),
        choices=EVERY,
        error_messages=FROM_THE_LIST,
    )
    nth = forms.ChoiceField(label=_("If each month: which one?"), choices=NTH, error_messages=FROM_THE_LIST)
    except_bank_holidays = forms.BooleanField(label=_("Leave out bank holidays"), required=False)
    from_day = DateField3(label=_("First day"), noun=gettext("the first day"))
    to_day = DateField3(label=_("Last day (optional)"), called=_("Last day"), required=False)
    field_order = ("name", "clinician", "site", "kind", "weekdays", "every", "nth", "except_bank_holidays")

    def clean(self) -> dict[str, Any]:
        """Ask for days of the week where they are needed, and for a last day that is not before the first."""
        given = super().clean()
        if given.get("kind") in (Kind.WEEKLY, Kind.NTH_WEEKDAY) and not given.get("weekdays", ["?"]):
            self.add_error("weekdays", gettext("Choose at least one day of the week"))
        first, last = given.get("from_day"), given.get("to_day")
        if first and last and last < first:
            self.add_error("to_day", gettext("The last day must be the first day or later"))
        return given

    def pattern(self) -> Pattern:
        """The days on which it comes."""
        given = self.cleaned_data
        return Pattern(
            Kind(given["kind"]),
            given["from_day"],
            given["to_day"],
            tuple(sorted(int(day) for day in given["weekdays"])),
            every=int(given["every"]),
            nth=int(given["nth"]),
            except_bank_holidays=given["except_bank_holidays"],
        )


def plan_typed(plan: Plan) -> dict[str, Any]:
    """A template's plan as the form shows it."""
    pattern = plan.pattern
    who = {"name": plan.name, "clinician": str(plan.clinician_id), "site": str(plan.site_id)}
    days: dict[str, Any] = {
        "kind": pattern.kind.value,
        "weekdays": [str(day) for day in pattern.weekdays],
        "every": str(pattern.every),
    }
    days |= {"nth": str(pattern.nth), "except_bank_holidays": pattern.except_bank_holidays}
    until = {"from_day": pattern.first, "to_day": pattern.last, "starts": time_text(plan.starts)}
    return {**who, **days, **until, **parts_typed(plan.parts)}


class OneSessionForm(SessionForm):
    """A session on a single day."""

    day = DateField3(label=_("Day"), noun=gettext("the day"))
    field_order = ("name", "clinician", "site", "day")

    def pattern(self) -> Pattern:
        """That day alone."""
        day: date = self.cleaned_data["day"]
        return Pattern(Kind.WEEKLY, day, day, (day.isoweekday(),), except_bank_holidays=False)
