"""The policies a practice may set: what each decides, its default, and the values it may take."""

from dataclasses import dataclass
from typing import Literal

from patient_online.refusals import N_, Owner, Refusal

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
    Policy(
        "linkage_letter_days",
        N_("How long the key on a letter for online services can be used"),
        N_("After this many days the letter is of no use, and the desk makes another."),
        default=14,
        lowest=1,
        highest=28,
        unit="days",
    ),
    Policy(
        "answer_within_days",
        N_("How soon what patients ask for is decided"),
        N_(
            "What stands on the work list is overdue after this many working days. Weekends and bank holidays do not "
            "count. What is overdue is shown to the manager on every page."
        ),
        default=3,
        lowest=1,
        highest=20,
        unit="days",
    ),
)
POLICIES = {policy.name: policy for policy in _ALL}


class NotSet(Refusal):
    """Why a policy was not changed."""

    UNKNOWN_POLICY = (N_("There is no such policy."), N_("Choose one of the policies listed."), Owner.SYSTEM)
    OUT_OF_RANGE = (
        N_("That value is not possible for this policy."),
        N_("Enter a whole number within the limits shown."),
        Owner.PATIENT,
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
