"""The plainest possible appointment book, and what may be asked of it: the model by which histories are judged."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

Name = Hashable


class Kind(StrEnum):
    """What somebody asked for."""

    BOOK = "book"
    CANCEL = "cancel"
    MOVE = "move"
    WITHDRAW = "withdraw"
    PUT_BACK = "put_back"
    MARK = "mark"


class Answer(StrEnum):
    """What they were told; the refusals are those of the booking rules."""

    DONE = "done"
    JUST_TAKEN = "just_taken"
    CLASHES = "clashes"
    LIMIT_REACHED = "limit_reached"
    ALREADY_CANCELLED = "already_cancelled"
    NOT_OFFERED = "not_offered"
    CHANGED = "changed"
    NOTHING_THERE = "nothing_there"
    ARRIVED = "arrived"
    HAS_COME = "has_come"
    TAKEN = "taken"
    SAME_SLOT = "same_slot"
    NO_LONGER_BOOKED = "no_longer_booked"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of one patient: when it was made and answered, and what was said.

    `slot` is the slot to be taken, or the one that a cancellation frees; `made` the appointment that came of it;
    `old` and `old_slot` the appointment to be cancelled or moved and its slot. Of a session that the practice withdraws
    or puts back, `patient` and `slot` name the session, `session` are its slots, and `shown` is who had which of them
    when somebody looked. What is done `at_desk` is done for the patient, with a reason for an `extra` where there is no
    room; a mark says that the patient of `old` `arrives`, or takes that back.
    """

    kind: Kind
    patient: Name
    slot: Name
    started: float
    ended: float
    answer: Answer = Answer.DONE
    made: Name = None
    old: Name = None
    old_slot: Name = None
    session: frozenset[Name] = frozenset()
    shown: frozenset[tuple[Name, "Held"]] = frozenset()
    at_desk: bool = False
    extra: bool = False
    arrives: bool = True

    @property
    def things(self) -> set[Name]:
        """The slots and the patient that it touches."""
        return (
            {("slot", self.slot), ("patient", self.patient)}
            | ({("slot", self.old_slot)} if self.old_slot else set())
            | {("slot", slot) for slot in self.session}
        )

    @property
    def slots(self) -> set[Name]:
        """The slots alone."""
        return {self.slot, self.old_slot, *self.session}


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a slot: the appointment and its patient. An appointment that nobody was told of has no name."""

    appointment: Name
    patient: Name


class Place(NamedTuple):
    """What a book knows of a slot beside who has its seat: one more who was let in, or somebody who has arrived."""

    slot: Name
    appointment: Name
    arrived: bool = False


WITHDRAWN = Held(None, None)  # nobody has it, and nobody can take it
Book = Mapping[Name, Held]


def slot_of(key: Name) -> Name:
    """The slot that a line of the book is about."""
    return key.slot if isinstance(key, Place) else key


def after(operation: Operation, book: Book, limit: int) -> Book | None:
    """The book after the operation, if it can happen now with this answer; None if it cannot."""
    if operation.answer is Answer.FAILED:
        return book
    if operation.answer not in (Answer.DONE, Answer.UNKNOWN):
        return book if _refused_rightly(operation, book, limit) else None
    if operation.session:
        return _session_after(operation, book)
    if operation.kind is Kind.BOOK:
        return _taken(operation, book, dict(book), limit)
    line = _line_of(operation, book)
    if line is None or (operation.kind is not Kind.MARK and _has_arrived(operation, book)):
        return None
    return _changed(operation, book, line, limit)


def _changed(operation: Operation, book: Book, line: Name, limit: int) -> Book | None:
    """The book in which what stands in the line is marked, cancelled or moved."""
    if operation.kind is Kind.MARK:
        return _marked(operation, dict(book))
    without = {key: held for key, held in book.items() if key != line}
    return without if operation.kind is Kind.CANCEL else _taken(operation, book, without, limit)


def _taken(operation: Operation, book: Book, changed: dict[Name, Held], limit: int) -> Book | None:
    """The book with the slot taken; None where there was no room, or the patient has as many as they may."""
    there = _holders(book, operation.slot)
    if there and (not operation.extra or operation.patient in _patients(there)):
        return None
    if operation.kind is Kind.BOOK and not operation.at_desk and _number(book, operation.patient) >= limit:
        return None
    key = Place(operation.slot, operation.made) if there else operation.slot
    changed[key] = Held(operation.made, operation.patient)
    return changed


def _marked(operation: Operation, changed: dict[Name, Held]) -> Book:
    """The book in which the patient has arrived, or has not."""
    key = Place(operation.slot, operation.old, arrived=True)
    changed.pop(key, None)
    return {**changed, key: Held(operation.old, operation.patient)} if operation.arrives else changed


def _session_after(operation: Operation, book: Book) -> Book | None:
    """The book after a session was withdrawn or put back; None where another book was shown, or it was so already."""
    if not _is_there(operation, book):
        return None
    if operation.kind is Kind.PUT_BACK:
        return {slot: held for slot, held in book.items() if slot not in operation.session}
    if _held_in(operation, book) != operation.shown:
        return None
    return {**book, **dict.fromkeys(operation.session, WITHDRAWN)}


def _is_there(operation: Operation, book: Book) -> bool:
    """Whether there is something to withdraw, or to put back: a session goes and comes as a whole."""
    gone = {slot for slot in operation.session if book.get(slot) == WITHDRAWN}
    return gone == (operation.session if operation.kind is Kind.PUT_BACK else set())


def _held_in(operation: Operation, book: Book) -> frozenset[tuple[Name, Held]]:
    return frozenset((slot, book[slot]) for slot in operation.session if slot in book)


def _line_of(operation: Operation, book: Book) -> Name:
    """The line of the book in which the operation's old appointment stands, or None."""
    slot = operation.old_slot if operation.kind is Kind.MOVE else operation.slot
    held = Held(operation.old, operation.patient)
    return next((key for key in (slot, Place(slot, operation.old)) if book.get(key) == held), None)


def _has_arrived(operation: Operation, book: Book) -> bool:
    return any(isinstance(key, Place) and key.arrived and key.appointment == operation.old for key in book)


def _holders(book: Book, slot: Name) -> list[Held]:
    """Who has the slot, those who were let in as extras too."""
    lines = ((key, held) for key, held in book.items() if slot_of(key) == slot)
    return [held for key, held in lines if not (isinstance(key, Place) and key.arrived)]


def _patients(held: list[Held]) -> set[Name]:
    return {each.patient for each in held}


def _number(book: Book, patient: Name) -> int:
    lines = ((key, held) for key, held in book.items() if not (isinstance(key, Place) and key.arrived))
    return sum(held.patient == patient for _, held in lines)


def _refused_rightly(operation: Operation, book: Book, limit: int) -> bool:
    """Whether the rules say this no to this book; that an appointment is gone comes before all else."""
    if operation.answer is Answer.NOTHING_THERE:
        return not _is_there(operation, book)
    if operation.answer is Answer.CHANGED and operation.session:
        # What the desk looked at is read in several statements: it may be a book that never was, rightly refused.
        return _is_there(operation, book)
    has_old = operation.kind is Kind.BOOK or _line_of(operation, book) is not None
    if operation.kind is Kind.MARK:
        return _not_marked_rightly(operation, book, has_old=has_old)
    if not has_old or operation.answer is Answer.ALREADY_CANCELLED:
        return not has_old and operation.answer is Answer.ALREADY_CANCELLED
    come = Answer.HAS_COME if operation.at_desk else Answer.ARRIVED
    if operation.kind is not Kind.BOOK and (operation.answer is come or _has_arrived(operation, book)):
        return operation.answer is come and _has_arrived(operation, book)
    if operation.kind is Kind.CANCEL:
        return False
    there = _holders(book, operation.slot)
    return _no_at_desk(operation, there) if operation.at_desk else _no_online(operation, there, book, limit)


def _not_marked_rightly(operation: Operation, book: Book, *, has_old: bool) -> bool:
    """Gone is gone; else somebody has just noted something else, or taken it back."""
    as_wanted = has_old and _has_arrived(operation, book) is operation.arrives
    if operation.answer is Answer.NO_LONGER_BOOKED:
        return not has_old
    return operation.answer is Answer.CHANGED and not as_wanted


def _no_at_desk(operation: Operation, there: list[Held]) -> bool:
    theirs = operation.patient in _patients(there)
    if theirs or operation.answer is Answer.SAME_SLOT:
        return theirs and operation.answer is Answer.SAME_SLOT
    return operation.answer is Answer.TAKEN and bool(there) and not operation.extra


def _no_online(operation: Operation, there: list[Held], book: Book, limit: int) -> bool:
    if operation.answer is Answer.NOT_OFFERED or WITHDRAWN in there:
        return operation.answer is Answer.NOT_OFFERED and WITHDRAWN in there
    others = _patients(there) - {operation.patient}
    if operation.answer is Answer.JUST_TAKEN or others:
        return operation.answer is Answer.JUST_TAKEN and bool(others)
    if operation.answer is Answer.CLASHES or there:
        return operation.answer is Answer.CLASHES and bool(there)
    full = operation.kind is Kind.BOOK and _number(book, operation.patient) >= limit
    return full and operation.answer is Answer.LIMIT_REACHED
