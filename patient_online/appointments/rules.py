"""May this appointment be booked, cancelled or moved? Plain Python over facts; the clock comes in as `at`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from patient_online.nhs.appointments import Mode
from patient_online.refusals import N_, Owner, Refusal

MOST_REASON = 100
MOST_COMMENT = 500
MOST_OF_A_KIND = 20


class NotBooked(Refusal):
    """Why an appointment was not booked."""

    JUST_TAKEN = (
        N_("Somebody else has just taken this appointment."),
        N_("Choose one of the other times."),
        Owner.SYSTEM,
    )
    NOT_OFFERED = (
        N_("This appointment can no longer be booked online."),
        N_("Choose one of the other times, or telephone your practice."),
        Owner.PRACTICE,
    )
    NOT_RELEASED = (
        N_("This appointment cannot be booked yet."),
        N_("Come back when it is released, or choose another time."),
        Owner.PRACTICE,
    )
    IN_THE_PAST = (
        N_("This appointment has already started."),
        N_("Choose a later time."),
        Owner.SYSTEM,
    )
    TOO_SOON = (
        N_("It is too late to book this appointment online."),
        N_("Choose a later time, or telephone your practice to ask whether they can still see you."),
        Owner.PRACTICE,
    )
    TOO_FAR_AHEAD = (
        N_("Your practice does not take online bookings this far ahead."),
        N_("Choose an earlier time, or come back nearer to the day."),
        Owner.PRACTICE,
    )
    LIMIT_REACHED = (
        N_("You have booked as many appointments ahead as your practice allows online: %(limit)s."),
        N_("Cancel or move one of them, or telephone your practice."),
        Owner.PRACTICE,
    )
    LIMIT_OF_KIND_REACHED = (
        N_("You have booked as many of these ahead as your practice allows online: %(limit)s of “%(kind)s”."),
        N_("Cancel or move one of them, choose another kind of appointment, or telephone your practice."),
        Owner.PRACTICE,
    )
    CLASHES = (
        N_("You already have an appointment at this time."),
        N_("Choose another time, or move the appointment that you have."),
        Owner.SYSTEM,
    )
    NOT_TOGETHER = (
        N_("These appointments cannot be booked as one longer appointment."),
        N_("Choose another time or a single appointment, or telephone your practice if you need longer."),
        Owner.PRACTICE,
    )
    NOT_REGISTERED = (
        N_("You are no longer registered at this practice."),
        N_("Use the online services of the practice where you are registered now."),
        Owner.PRACTICE,
    )
    TELEPHONE_NEEDED = (
        N_("This appointment is by telephone or video, and we do not know which number to use."),
        N_("Enter the telephone number that you can be reached on."),
        Owner.PATIENT,
    )
    TOO_LONG = (
        N_("What you wrote is too long."),
        N_("Shorten the reason to 100 characters, and anything else to 500."),
        Owner.SYSTEM,
    )


class NotCancelled(Refusal):
    """Why an appointment was not cancelled or moved."""

    NOT_FOUND = (
        N_("We cannot find this appointment among yours."),
        N_("Go to your appointments to see those that you have."),
        Owner.SYSTEM,
    )
    ALREADY_CANCELLED = (
        N_("This appointment is already cancelled."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )
    IN_THE_PAST = (
        N_("This appointment has already started."),
        N_("Telephone your practice if you cannot come."),
        Owner.SYSTEM,
    )
    TOO_LATE = (
        N_("It is too late to cancel or move this appointment online."),
        N_("Telephone your practice if you cannot come, so that they can offer the time to somebody else."),
        Owner.PRACTICE,
    )
    NOT_ONLINE = (
        N_("Your practice does not let patients cancel or move appointments online."),
        N_("Telephone your practice if you cannot come."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class SlotFacts:
    """What a booking rule needs to know of one slot; times are aware instants."""

    id: UUID
    schedule_id: UUID
    type_id: UUID
    mode: str
    starts_at: datetime
    ends_at: datetime
    offered: bool
    release_at: datetime | None


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """What a booking rule judges; `booked_ahead` and `clashes` leave out the appointment that is being moved.

    `taken` tells that every seat of the first slot is, `later_taken` of those that follow. Both mean by somebody else:
    what the patient has already is a clash. `seats` are those to be given, one in each slot. `limit_of_type` is None
    where the practice set none; `moved_type_id` is what is moved.
    """

    slots: tuple[SlotFacts, ...]
    wanted: int
    joins_up_to: int
    taken: bool
    registered: bool
    booked_ahead: int
    clashes: bool
    limit: int
    book_ahead_days: int
    minimum_notice_minutes: int
    moving: bool = False
    later_taken: bool = False
    booked_ahead_of_type: int = 0
    limit_of_type: int | None = None
    moved_type_id: UUID | None = None
    seats: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelFacts:
    """What a cancelling rule judges."""

    starts_at: datetime
    booked: bool
    cancel_online: bool
    cutoff_minutes: int


def why_not_book(facts: BookingFacts, *, at: datetime) -> NotBooked | None:
    """Why the slots may not be booked at this instant, or None. The first reason that holds is given."""
    if not facts.registered:
        return NotBooked.NOT_REGISTERED
    if facts.taken:
        return NotBooked.JUST_TAKEN
    if refusal := _why_not_offered(facts, at):
        return refusal
    if facts.clashes:
        return NotBooked.CLASHES
    return _why_too_many(facts)


def _why_too_many(facts: BookingFacts) -> NotBooked | None:
    """Which limit is reached. None stands in the way of a move that leaves the patient with no more than before."""
    if facts.booked_ahead >= facts.limit and not facts.moving:
        return NotBooked.LIMIT_REACHED
    most, same_kind = facts.limit_of_type, facts.moved_type_id == facts.slots[0].type_id
    reached = most is not None and facts.booked_ahead_of_type >= most and not same_kind
    return NotBooked.LIMIT_OF_KIND_REACHED if reached else None


def _why_not_offered(facts: BookingFacts, at: datetime) -> NotBooked | None:
    whole = facts.wanted <= min(len(facts.slots), facts.joins_up_to) and joined(facts.slots)
    if facts.later_taken or not whole:
        return NotBooked.NOT_TOGETHER
    first = facts.slots[0]
    if not all(slot.offered for slot in facts.slots):
        return NotBooked.NOT_OFFERED
    if any(slot.release_at and slot.release_at > at for slot in facts.slots):
        return NotBooked.NOT_RELEASED
    if first.starts_at <= at:
        return NotBooked.IN_THE_PAST
    if first.starts_at - at < timedelta(minutes=facts.minimum_notice_minutes):
        return NotBooked.TOO_SOON
    return NotBooked.TOO_FAR_AHEAD if first.starts_at - at > timedelta(days=facts.book_ahead_days) else None


def joined(slots: Sequence[SlotFacts]) -> bool:
    """Whether slots make one longer appointment: same schedule, mode and type, each starting where the last ended."""
    return bool(slots) and all(
        (one.schedule_id, one.mode, one.type_id) == (next_.schedule_id, next_.mode, next_.type_id)
        and one.ends_at == next_.starts_at
        for one, next_ in pairwise(slots)
    )


def why_not_cancel(facts: CancelFacts, *, at: datetime) -> NotCancelled | None:
    """Why the appointment may not be cancelled or moved at this instant, or None. Allowed exactly at the cut-off."""
    if not facts.booked:
        return NotCancelled.ALREADY_CANCELLED
    if facts.starts_at <= at:
        return NotCancelled.IN_THE_PAST
    if not facts.cancel_online:
        return NotCancelled.NOT_ONLINE
    return NotCancelled.TOO_LATE if facts.starts_at - at < timedelta(minutes=facts.cutoff_minutes) else None


def why_not_words(*, reason: str, comment: str) -> NotBooked | None:
    """Why what the patient wrote cannot be kept whole, or None: it is never cut short."""
    return NotBooked.TOO_LONG if len(reason) > MOST_REASON or len(comment) > MOST_COMMENT else None


def why_not_reached(*, mode: str, telephone: str) -> NotBooked | None:
    """Why the patient could not be reached for an appointment of this mode, or None."""
    return NotBooked.TELEPHONE_NEEDED if needs_number(mode) and not telephone else None


def needs_number(mode: str) -> bool:
    """Whether an appointment of this mode needs a number to reach the patient on."""
    return mode in (Mode.TELEPHONE, Mode.VIDEO)
