"""The policies a practice may set: what each decides, its default, and the values it may take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from patient_online.nhs.services import Service
from patient_online.nhs.stretches import Stretch
from patient_online.refusals import N_, Owner, Refusal

BUILT = frozenset({Service.APPOINTMENTS})  # the online services that this version has
MOST_WELCOME = 1000
MOST_CLOSURE_WORDS = 300
MOST_ROUTES = 8
ROUTE_PARTS = {"for": 60, "how": 120, "when": 120}  # characters
CLOSURE_AHEAD_DAYS = 2 * 366
CLOSURE_SHOWN_DAYS = 14  # before its first day

Value = int | bool


@dataclass(frozen=True, slots=True)
class Policy:
    """One thing the practice decides for all of its patients."""

    name: str
    title: str
    explanation: str
    default: Value
    lowest: int = 0
    highest: int = 1
    unit: Literal["", "minutes", "hours", "days", "weeks", "appointments"] = ""

    @property
    def is_switch(self) -> bool:
        """Whether the policy is on or off, not a number."""
        return isinstance(self.default, bool)


_ALL = (
    Policy(
        "most_future_appointments",
        N_("Most appointments a patient may have booked ahead"),
        N_(
            "Counts appointments still to come. Cancelled and past ones do not count, "
            "and moving one is always possible."
        ),
        default=2,
        lowest=1,
        highest=20,
        unit="appointments",
    ),
    Policy(
        "book_ahead_days",
        N_("How far ahead patients may book online"),
        N_(
            "An appointment can be booked online from this many days before it. "
            "A longer time means more missed appointments."
        ),
        default=28,
        lowest=1,
        highest=365,
        unit="days",
    ),
    Policy(
        "minimum_notice_minutes",
        N_("Shortest notice for booking online"),
        N_("An appointment that starts sooner than this can no longer be booked online."),
        default=15,
        lowest=0,
        highest=7 * 24 * 60,
        unit="minutes",
    ),
    Policy(
        "cancel_online",
        N_("Patients may cancel and move appointments online"),
        N_("Easy cancelling means fewer missed appointments. When this is off, patients are told to telephone."),
        default=True,
    ),
    Policy(
        "cancel_cutoff_minutes",
        N_("Latest time to cancel or move online"),
        N_(
            "Patients may cancel or move online until this many minutes before the start. "
            "After that they are asked to telephone, so that you can still fill the slot. 0 means until the start."
        ),
        default=30,
        lowest=0,
        highest=7 * 24 * 60,
        unit="minutes",
    ),
    Policy(
        "past_appointments_shown",
        N_("Past appointments that patients see"),
        N_("The number of past and cancelled appointments listed online, the latest first."),
        default=20,
        lowest=0,
        highest=200,
        unit="appointments",
    ),
    Policy(
        "reminder_hours",
        N_("First reminder before an appointment"),
        N_("Patients are reminded this many hours before the start. 0 sends no first reminder."),
        default=48,
        lowest=0,
        highest=14 * 24,
        unit="hours",
    ),
    Policy(
        "second_reminder_hours",
        N_("Second reminder before an appointment"),
        N_("Patients are reminded once more this many hours before the start. 0 sends no second reminder."),
        default=0,
        lowest=0,
        highest=14 * 24,
        unit="hours",
    ),
    Policy(
        "auto_did_not_attend",
        N_("Record who never arrived as not having attended"),
        N_(
            "At the end of the day, whoever has not been marked as arrived is recorded as not having attended. "
            "It never closes anybody's access."
        ),
        default=False,
    ),
    Policy(
        "sessions_made_weeks",
        N_("How far ahead sessions are made from templates"),
        N_("Sessions appear in the appointment book this many weeks ahead."),
        default=8,
        lowest=1,
        highest=52,
        unit="weeks",
    ),
)
POLICIES = {policy.name: policy for policy in _ALL}


class NotSet(Refusal):
    """Why a policy or an online service was not changed."""

    UNKNOWN_POLICY = (N_("There is no such policy."), N_("Choose one of the policies listed."), Owner.SYSTEM)
    OUT_OF_RANGE = (
        N_("That value is not possible for this policy."),
        N_("Enter a whole number within the limits shown."),
        Owner.PATIENT,
    )
    PAST_DAY = (
        N_("A service cannot be switched from a day that has been: the history stays as it was."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )


class NotTold(Refusal):
    """Why what the practice tells its patients was not changed."""

    NEWER_VERSION = (
        N_("Somebody else has saved a newer version since you opened this page. Nothing was overwritten."),
        N_("Both texts are on this page. Put together what patients should read, then save again."),
        Owner.SYSTEM,
    )
    TOO_LONG = (
        N_("What you wrote is too long."),
        N_("Shorten what is longer than the page says."),
        Owner.PATIENT,
    )
    NO_WORDS = (
        N_("A closure needs words for patients."),
        N_("Say why the practice is closed and where to go instead."),
        Owner.PATIENT,
    )
    DAYS_IN_DISORDER = (
        N_("The closure would end before it begins."),
        N_("Check the days, and the times if you gave any."),
        Owner.PATIENT,
    )
    PAST_CLOSURE = (
        N_("The first day closed has already been."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )
    CLOSURE_TOO_FAR = (
        N_("The last day closed is more than two years ahead."),
        N_("Check the year, and enter the closure nearer to its time."),
        Owner.PATIENT,
    )
    OVERLAPS = (
        N_("The practice is closed on some of these days already: from %(first)s to %(last)s, “%(words)s”"),
        N_("Choose other days, or take that closure back first."),
        Owner.PRACTICE,
    )
    ALREADY_TAKEN_BACK = (
        N_("This closure was already taken back."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


def why_not_set(name: str, value: Value) -> NotSet | None:
    """Why the policy may not take this value, or None."""
    policy = POLICIES.get(name)
    if policy is None:
        return NotSet.UNKNOWN_POLICY
    if policy.is_switch:
        return None if isinstance(value, bool) else NotSet.OUT_OF_RANGE
    if isinstance(value, bool) or not policy.lowest <= value <= policy.highest:
        return NotSet.OUT_OF_RANGE
    return None


def why_not_switched(from_day: date, *, today: date) -> NotSet | None:
    """Why an online service may not be switched from this day on, or None."""
    return NotSet.PAST_DAY if from_day < today else None


def why_not_told(text: str, routes: Sequence[Mapping[str, str]]) -> NotTold | None:
    """Why a notice cannot be kept whole, or None: it is never cut short."""
    parts = [(part, limit) for route in routes for name, limit in ROUTE_PARTS.items() for part in [route[name]]]
    too_long = len(text) > MOST_WELCOME or len(routes) > MOST_ROUTES or any(len(part) > most for part, most in parts)
    return NotTold.TOO_LONG if too_long else None


def why_not_closed(stretch: Stretch, words: str, *, today: date) -> NotTold | None:
    """Why a closure may not be entered, or None."""
    if not stretch.in_order:
        return NotTold.DAYS_IN_DISORDER
    if stretch.first < today:
        return NotTold.PAST_CLOSURE
    if (stretch.last - today).days > CLOSURE_AHEAD_DAYS:
        return NotTold.CLOSURE_TOO_FAR
    if len(words) > MOST_CLOSURE_WORDS:
        return NotTold.TOO_LONG
    return None if words.strip() else NotTold.NO_WORDS


def for_appointments(routes: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The ways to reach the practice that are for appointments: those that say so."""
    return [route for route in routes if "appointment" in route["for"].lower()]


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of an old text that a new one leaves out, and those that it adds."""
    return [line for line in old if line not in new], [line for line in new if line not in old]
