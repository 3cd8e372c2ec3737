"""What may the practice do in its own book? Plain Python over facts; the clock comes in as `at`."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from patient_online.appointments.rules.booking import BookingFacts, NotBooked, SlotFacts, joined, why_not_book
from patient_online.nhs.dates import local_day
from patient_online.refusals import N_, Owner, Refusal

MOST_EXTRA_REASON = 200


class Mark(StrEnum):
    """What the desk notes of an appointment on its day, and takes back when it was pressed by mistake."""

    ARRIVED = "arrived"
    SENT_IN = "sent-in"
    LEFT = "left"
    ATTENDED = "attended"
    DID_NOT_ATTEND = "did-not-attend"
    NOT_ARRIVED = "not-arrived"
    NOT_SENT_IN = "not-sent-in"
    NOT_LEFT = "not-left"
    NOT_RECORDED = "not-recorded"


ON_THE_DAY = {Mark.ARRIVED, Mark.SENT_IN, Mark.LEFT}
ONCE_STARTED = {Mark.ATTENDED, Mark.DID_NOT_ATTEND}


class NotMarked(Refusal):
    """Why nothing was noted of an appointment."""

    NO_LONGER_BOOKED = (
        N_("This appointment is no longer in the book."),
        N_("Look at the day again: it may have been cancelled or moved."),
        Owner.SYSTEM,
    )
    CHANGED = (
        N_("Somebody else has just noted something else of this appointment. Nothing was changed."),
        N_("Look at what stands there now, and press again if it is not right."),
        Owner.SYSTEM,
    )
    NOT_TODAY = (
        N_("Who arrives and leaves is noted on the day itself."),
        N_("Of a day that has been, you can still record whether somebody attended."),
        Owner.SYSTEM,
    )
    NOT_STARTED = (
        N_("This appointment has not started yet."),
        N_("Record it once the time of the appointment has come. Until then you can cancel the appointment."),
        Owner.SYSTEM,
    )


class NotAtDesk(Refusal):
    """Why the practice cannot book, move or cancel an appointment for a patient."""

    TAKEN = (
        N_("Somebody else has just taken this appointment."),
        N_("Choose another time, or add an extra appointment with a reason."),
        Owner.SYSTEM,
    )
    WITHDRAWN = (
        N_("This time has been withdrawn from the book."),
        N_("Choose another time."),
        Owner.PRACTICE,
    )
    DAY_IS_OVER = (
        N_("The day of this appointment is over."),
        N_("Choose a time of today or later."),
        Owner.SYSTEM,
    )
    SAME_SLOT = (
        N_("The patient already has this appointment."),
        N_("Look at the patient's appointments."),
        Owner.SYSTEM,
    )
    CLASHES = (
        N_("The patient has another appointment at this time."),
        N_("Tick that you book it all the same, or choose another time."),
        Owner.PRACTICE,
    )
    NOT_TOGETHER = (
        N_("There is no room for such a long appointment at this time."),
        N_("Choose another time or a shorter appointment."),
        Owner.SYSTEM,
    )
    NOT_REGISTERED = (
        N_("This patient is no longer registered at your practice."),
        N_("Register the patient before you book."),
        Owner.PRACTICE,
    )
    NOT_THERE = (
        N_("We cannot find this appointment in your book."),
        N_("Look at the patient's appointments."),
        Owner.SYSTEM,
    )
    ALREADY_CANCELLED = (
        N_("This appointment is already cancelled."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )
    HAS_COME = (
        N_("It is recorded that the patient came, or did not attend, so this appointment stays as it was."),
        N_("If that was a mistake, take it back in the day's list first."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class MarkFacts:
    """How an appointment stands on its day; `comes_here` is whether somebody comes to the practice for it."""

    starts_at: datetime
    comes_here: bool
    arrived: bool
    sent_in: bool
    left: bool
    recorded: bool


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What the desk's booking rule judges. `extra` says that somebody gave a reason for one more than fits."""

    slots: tuple[SlotFacts, ...]
    wanted: int
    withdrawn: bool
    full: bool
    extra: bool
    registered: bool
    same_slot: bool
    clashes: bool
    knows_of_clash: bool


def marks_to_offer(facts: MarkFacts, *, at: datetime) -> list[Mark]:
    """What could be noted of the appointment at this instant, what takes something back last."""
    today = local_day(facts.starts_at) == local_day(at)
    if facts.left:
        return [Mark.NOT_LEFT]
    if facts.sent_in:
        return [*([Mark.LEFT] if today else []), Mark.NOT_SENT_IN]
    if facts.arrived:
        return [*([Mark.SENT_IN] if today else []), Mark.NOT_ARRIVED]
    if facts.recorded:
        return [Mark.NOT_RECORDED]
    arrives = [Mark.ARRIVED] if facts.comes_here and today else []
    if facts.starts_at > at:
        return arrives
    return [*(arrives or [Mark.ATTENDED]), Mark.DID_NOT_ATTEND]


def why_not_marked(mark: Mark, *, starts_at: datetime, at: datetime) -> NotMarked | None:
    """Why this cannot be noted at this instant, or None. What was noted can be taken back at any time."""
    if mark in ON_THE_DAY and local_day(starts_at) != local_day(at):
        return NotMarked.NOT_TODAY
    return NotMarked.NOT_STARTED if mark in ONCE_STARTED and at < starts_at else None


def why_not_at_desk(facts: DeskFacts, *, at: datetime) -> NotAtDesk | None:
    """Why the practice cannot give these slots to the patient, or None; no limit, notice or release binds it."""
    if not facts.registered:
        return NotAtDesk.NOT_REGISTERED
    if facts.withdrawn:
        return NotAtDesk.WITHDRAWN
    if local_day(facts.slots[0].starts_at) < local_day(at):
        return NotAtDesk.DAY_IS_OVER
    if len(facts.slots) != facts.wanted or not joined(facts.slots):
        return NotAtDesk.NOT_TOGETHER
    return _why_no_seat(facts)


def _why_no_seat(facts: DeskFacts) -> NotAtDesk | None:
    if facts.same_slot:
        return NotAtDesk.SAME_SLOT
    if facts.full and not facts.extra:
        return NotAtDesk.TAKEN
    return NotAtDesk.CLASHES if facts.clashes and not facts.knows_of_clash else None


def why_not_given_back(*, booked: bool, recorded: bool, starts_at: datetime, at: datetime) -> NotAtDesk | None:
    """Why the practice cannot cancel or move the appointment, or None: until the day is over, no cut-off binds it."""
    if not booked:
        return NotAtDesk.ALREADY_CANCELLED
    if recorded:
        return NotAtDesk.HAS_COME
    return NotAtDesk.DAY_IS_OVER if local_day(starts_at) < local_day(at) else None


def why_not_online(facts: BookingFacts, *, at: datetime) -> NotBooked | None:
    """Why the rules that bind patients would say no to what the desk is about to book, or None.

    Of seats, clashes and the length the desk is asked anyway. What is not online is the desk's own, and who is put into
    a time that has started stands there: of these only the limits are told.
    """
    length = max(facts.joins_up_to, facts.wanted)
    facts = replace(facts, taken=False, later_taken=False, clashes=False, registered=True, joins_up_to=length)
    starts_at = facts.slots[0].starts_at
    if all(slot.offered for slot in facts.slots) and starts_at > at:
        return why_not_book(facts, at=at)
    slots = tuple(replace(slot, offered=True, release_at=None) for slot in facts.slots)
    free = replace(facts, slots=slots, rules=(), book_ahead_days=1, minimum_notice_minutes=0)
    return why_not_book(free, at=starts_at - timedelta(minutes=1))
