"""What a manager types and chooses for a release rule, and what staff type for a group of patients."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST
from patient_online.appointments.forms.desk import can_be_looked_for
from patient_online.appointments.models import BookingRule, Cohort, SlotType
from patient_online.appointments.rules.groups import NotRuled, why_not_ruled
from patient_online.appointments.rules.release import FURTHEST_DAYS, LONGEST_NOTICE, OLDEST, RuleFacts, released_at
from patient_online.nhs.dates import to_london
from patient_online.refusals import N_, Refusal
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import DateField3, IdempotencyKeyField

IN_WHICH: dict[Refusal, str] = {
    NotRuled.AGES: "most_age",
    NotRuled.RELEASE: "release_time",
    NotRuled.EMBARGO: "embargo_day",
    NotRuled.NOTICE: "minimum_notice_minutes",
    NotRuled.SAYS_NOTHING: "cohort_id",
    NotRuled.NO_GROUP: "cohort_id",
}

COVERS = N_(
    "With this rule, everybody whom another rule of this kind of slot lets in can book, at least as early. "
    "Tick the box if you want that, or say more narrowly for whom this rule is or from when"
)
OVER = N_(
    "The day before which it is not released has been: it would have no effect. Leave it out, or enter a later day"
)
NARROWS = N_(
    "Until now everybody could book this kind of slot online. From now on only: %(rule)s. "
    "Today that is %(fitting)s of %(all)s patients. Tick the box if you want that"
)


def _number(label: Any, highest: int, words: Any, hint: Any = "") -> forms.IntegerField:
    """A whole number that may be left out."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=0,
        max_value=highest,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "4"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
    )


def _clock(label: Any, hint: Any, words: Any) -> ClockField:
    """A time of day that may be left out."""
    return ClockField(label=label, help_text=hint, required=False, error_messages={"invalid": words})


class RuleForm(forms.Form):
    """For whom a kind of slot is online, and from when."""

    key = IdempotencyKeyField()
    cohort_id = forms.ChoiceField(label=_("Which patients?"), required=False, error_messages=FROM_THE_LIST)
    sex = forms.ChoiceField(
        label=_("Women or men?"),
        help_text=_("As the record says. To let in others whom it is for, make a group and a second rule."),
        choices=[("any", _("Anybody")), ("female", _("Women and girls")), ("male", _("Men and boys"))],
        initial="any",
        required=False,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )
    least_age = _number(
        _("Youngest age (optional)"),
        OLDEST,
        _("The youngest age must be a whole number from 0 to 130"),
        _("In whole years on the day of the appointment."),
    )
    most_age = _number(
        _("Oldest age (optional)"), OLDEST, _("The oldest age must be a whole number from 0 to 130")
    )  # fmt: skip
    days_ahead = _number(
        _("How many days ahead is it released? (optional)"),
        FURTHEST_DAYS,
        _("The days ahead must be a whole number from 0 to 365"),
        _("0 is on the day itself. Left empty, your policy on how far ahead patients may book decides."),
    )
    release_time = _clock(
        _("At what time of day? (optional)"),
        _("For example, 8am. Needed with the days ahead."),
        _("The time of the release must be a time of day, like 8am or 08:00"),
    )
    embargo_day = DateField3(
        label=_("Not before which day? (optional)"),
        called=_("The day before which it is not released"),
        required=False,
    )
    embargo_time = _clock(
        _("And what time on that day? (optional)"),
        _("Left empty, from the beginning of the day."),
        _("The time before which it is not released must be a time of day, like 8am or 08:00"),
    )
    minimum_notice_minutes = _number(
        _("Shortest notice in minutes (optional)"),
        LONGEST_NOTICE,
        _("The shortest notice must be a whole number of minutes, at most 4 weeks (40320)"),
        _("Left empty, your policy on the shortest notice decides."),
    )

    sure = forms.BooleanField(
        label=_("I want this: other rules of this kind of slot will have no effect beside it"), required=False
    )

    def __init__(
        self,
        data: Any,
        *,
        cohorts: Iterable[Cohort],
        rule: BookingRule | None = None,
        covers: Callable[[RuleFacts], bool] = lambda _facts: False,
        narrows: Callable[[RuleFacts], dict[str, Any]] = lambda _facts: {},
    ) -> None:
        super().__init__(data, initial=_typed(rule) if rule else {})
        self._kept = rule.embargo_until if rule else None
        self._covers, self._narrows, self._sure = covers, narrows, self.fields.pop("sure")
        groups = [(str(cohort.id), cohort.name) for cohort in cohorts]
        self.fields["cohort_id"].choices = [("", gettext("All patients")), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was typed fits together, or the form says where it does not."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("embargo_time") and not given.get("embargo_day") and "embargo_day" not in self.errors:
            self.add_error("embargo_day", gettext("Enter the day that goes with the time, or leave out both"))
        if not self.errors and (refusal := why_not_ruled(self.facts(given), at=timezone.now())):
            words = f"{gettext(refusal.words)} {gettext(refusal.next_step)}"
            missing = "days_ahead" if refusal is NotRuled.RELEASE and given["days_ahead"] is None else None
            self.add_error(missing or IN_WHICH.get(refusal), words)
        if not self.errors and (until := self.facts(given).embargo_until) and self._kept != until <= timezone.now():
            self.add_error("embargo_day", gettext(OVER))
        if not self.errors and self._covers(self.facts(given)):
            self._be_sure(gettext(COVERS))
        if not self.errors and (named := self._narrows(self.facts(given))):
            self._sure.label = gettext("I want this: nobody else can book this kind of slot online")
            self._be_sure(gettext(NARROWS) % named)
        return given

    def _be_sure(self, words: str) -> None:
        """Ask whether that is wanted, unless it is answered or nothing is to be saved."""
        self.fields["sure"] = self._sure
        if not {"sure", "preview", "edit"} & set(self.data):
            self.add_error("sure", words)

    def facts(self, given: dict[str, Any] | None = None) -> RuleFacts:
        """The rule that was typed."""
        given = self.cleaned_data if given is None else given
        day = given["embargo_day"]
        return RuleFacts(
            cohort_id=UUID(given["cohort_id"]) if given["cohort_id"] else None,
            least_age=given["least_age"],
            most_age=given["most_age"],
            sex="" if given["sex"] == "any" else given["sex"],
            days_ahead=given["days_ahead"],
            release_time=given["release_time"],
            embargo_until=released_at(day, given["embargo_time"] or time.min) if day else None,
            minimum_notice_minutes=given["minimum_notice_minutes"],
        )


def _typed(rule: BookingRule) -> dict[str, Any]:
    """The rule as somebody would have typed it."""
    names = ("cohort_id", "least_age", "most_age", "days_ahead", "release_time", "minimum_notice_minutes")
    until: datetime | None = to_london(rule.embargo_until) if rule.embargo_until else None
    embargo = {"embargo_day": until.date(), "embargo_time": until.time()} if until else {}
    return {name: getattr(rule, name) for name in names} | {"sex": rule.sex or "any"} | embargo


def unsaved(kind: SlotType, facts: RuleFacts, cohorts: Iterable[Cohort]) -> BookingRule:
    """The rule as it would stand, not kept anywhere."""
    names = ("least_age", "most_age", "sex", "days_ahead", "release_time", "embargo_until", "minimum_notice_minutes")
    row = BookingRule(practice_id=kind.practice_id, type_id=kind.id, **{name: getattr(facts, name) for name in names})
    row.cohort = next((cohort for cohort in cohorts if cohort.id == facts.cohort_id), None)
    return row


def kind_unsaved(kind: SlotType, given: Mapping[str, Any]) -> SlotType:
    """The kind of slot with what was typed of it, not kept anywhere."""
    changed = copy(kind)
    for name, value in given.items():
        setattr(changed, name, value)
    return changed


class GroupForm(forms.Form):
    """The name of a group of patients."""

    key = IdempotencyKeyField()
    name = forms.CharField(
        label=_("Name of the group"),
        help_text=_("Only staff see it. For example: Invited for a flu vaccination."),
        max_length=80,
        error_messages={
            "required": _("Enter a name for the group"),
            "max_length": _("The name of the group must be 80 characters or fewer"),
        },
    )


class NumbersForm(forms.Form):
    """NHS numbers, one a line."""

    numbers = forms.CharField(
        label=_("NHS numbers"),
        help_text=_("One on each line, at most 2,000. You can paste a column of a spreadsheet."),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("Enter at least one NHS number")},
    )


class FindForm(forms.Form):
    """Whom to look for."""

    who = forms.CharField(
        label=_("Name, date of birth or NHS number"),
        help_text=_("For example: Robin Example 27/9/1991"),
        max_length=100,
        error_messages={"required": _("Enter a name, a date of birth or an NHS number")},
        validators=[can_be_looked_for],
    )
