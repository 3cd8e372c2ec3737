"""May this appointment be booked, cancelled or moved? Plain Python over facts; the clock comes in as `at`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from patient_online.appointments.rules.release import (
    ANYBODY,
    SOMEBODY,
    Reach,
    RuleFacts,
    Shut,
    WhoFacts,
    opens_when,
    why_not_open,
)
from patient_online.refusals import N_, Owner, Refusal

MOST_REASON, MOST_COMMENT = 100, 500  # characters
MOST_OF_A_KIND = 20


class NotBooked(Refusal):
    """Why an appointment was not booked."""

    JUST_TAKEN = (
        N_("Somebody else has just taken this appointment."),
        N_("Choose one of the other times."),
        Owner.SYSTEM,
    )
    MOVED = (
        N_("The practice has moved this appointment: it is now at %(when)s."),
        N_("Check the new time, then confirm again."),
        Owner.PRACTICE,
    )
    NOT_OFFERED = (
        N_("This appointment can no longer be booked online."),
        N_("Choose one of the other times, or telephone your practice."),
        Owner.PRACTICE,
    )
    NOT_RELEASED = (
        N_("This appointment can be booked from %(when)s."),
        N_("Come back when it is released, or choose another time."),
        Owner.PRACTICE,
    )
    NOT_FOR_YOU = (
        N_("Your practice offers this appointment online only to some patients: %(who)s."),
        N_("Choose another kind of appointment, or telephone your practice if you think that this one is for you."),
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
    ONLY_A_FIRST = (
        N_("Until it has been checked who you are, you can book one first appointment online, and no more."),
        N_("Show who you are at the reception desk of your practice, or telephone the practice."),
        Owner.LAW,
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
    SIGNS_NOT_READ = (
        N_("Before each booking, read when to call 999 or 111."),
        N_("Read the list, then confirm again."),
        Owner.PATIENT,
    )
    TOO_LONG = (
        N_("What you wrote is too long."),
        N_("Shorten the reason to 100 characters, and anything else to 500."),
        Owner.PATIENT,
    )


SHUT = {
    Shut.NOT_RELEASED: NotBooked.NOT_RELEASED,
    Shut.TOO_FAR_AHEAD: NotBooked.TOO_FAR_AHEAD,
    Shut.TOO_SOON: NotBooked.TOO_SOON,
    Shut.NEVER_OPEN: NotBooked.NOT_OFFERED,
}


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

    `taken` tells that every seat of the first slot is, `later_taken` of those that follow: by somebody else, as
    what the patient has already is a clash. `seats` are those to be given, one in each slot. `limit_of_type` is None
    where the practice set none; `moved_type_id` is what is moved. `rules` are those of the kind; none means anybody.
    `first_only` is true of who is not known well enough for more than a first booking, `booked_before` if they made it.
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
    rules: tuple[RuleFacts, ...] = ()
    who: WhoFacts = SOMEBODY
    first_only: bool = False
    booked_before: bool = False

    @property
    def reach(self) -> Reach:
        """How far ahead and how late the policies let patients book."""
        return Reach(self.book_ahead_days, self.minimum_notice_minutes)


# What somebody who is not known is told in place of what would give away which appointments the patient has.
GIVES_NOTHING_AWAY = {NotBooked.CLASHES: NotBooked.NOT_OFFERED}


def why_not_book(facts: BookingFacts, *, at: datetime) -> NotBooked | None:
    """Why the slots may not be booked at this instant, or None. The first reason that holds is given."""
    no = _why_not_book(facts, at)
    return GIVES_NOTHING_AWAY.get(no, no) if no and facts.first_only else no


def _why_not_book(facts: BookingFacts, at: datetime) -> NotBooked | None:
    if not facts.registered:
        return NotBooked.NOT_REGISTERED
    if facts.first_only and facts.booked_before:
        return NotBooked.ONLY_A_FIRST
    if facts.taken:
        return NotBooked.JUST_TAKEN
    if refusal := _why_not_offered(facts, at):
        return refusal
    if facts.clashes:
        return NotBooked.CLASHES
    # How many the patient has is nothing to somebody who is not known: they book one.
    return None if facts.first_only else _why_too_many(facts)


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
    shut = why_not_open(facts.rules or (ANYBODY,), facts.who, facts.reach, first.starts_at, at=at)
    if shut is Shut.NOT_FOR_YOU:
        return NotBooked.NOT_FOR_YOU
    if any(slot.release_at and slot.release_at > at for slot in facts.slots):
        return NotBooked.NOT_RELEASED
    if first.starts_at <= at:
        return NotBooked.IN_THE_PAST
    return SHUT[shut] if shut else None


def released_when(facts: BookingFacts, *, at: datetime) -> datetime:
    """From when the slots can be booked; if the rules never let them in, when the slots themselves are released."""
    themselves = max([at, *(slot.release_at for slot in facts.slots if slot.release_at)])
    starts_at, rules = facts.slots[0].starts_at, facts.rules or (ANYBODY,)
    return opens_when(rules, facts.who, facts.reach, starts_at, at=themselves) or themselves


def joined(slots: Sequence[SlotFacts]) -> bool:
    """Whether slots make one longer appointment: same schedule, mode and type, each starting where the last ended."""
    return bool(slots) and all(
        (one.schedule_id, one.mode, one.type_id) == (next_.schedule_id, next_.mode, next_.type_id)
        and one.ends_at == next_.starts_at
        for one, next_ in pairwise(slots)
    )


def why_not_as_seen(*, seen: datetime | None, starts_at: datetime) -> NotBooked | None:
    """Why the slot is not the one that somebody looked at when they said yes, or None; `seen` is when it was to start.

    A session may be moved while a page is open: nobody is given a time that they have not seen.
    """
    return NotBooked.MOVED if seen not in (None, starts_at) else None
