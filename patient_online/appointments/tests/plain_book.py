"""The plainest possible appointment book, and what may be asked of it: the model by which histories are judged."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum

Name = Hashable


class Kind(StrEnum):
    """What somebody asked for."""

    BOOK = "book"
    CANCEL = "cancel"
    MOVE = "move"
    WITHDRAW = "withdraw"
    PUT_BACK = "put_back"


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
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Operation:
    """One request of one patient: when it was made and answered, and what was said.

    `slot` is the slot to be taken, or the one that a cancellation frees; `made` the appointment that came of it;
    `old` and `old_slot` the appointment to be cancelled or moved and its slot. Of a session that the practice withdraws
    or puts back, `patient` and `slot` name the session, `session` are its slots, and `shown` is who had which of them
    when somebody looked.
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


WITHDRAWN = Held(None, None)  # nobody has it, and nobody can take it
Book = Mapping[Name, Held]


def after(operation: Operation, book: Book, limit: int) -> Book | None:
    """The book after the operation, if it can happen now with this answer; None if it cannot."""
    if operation.answer is Answer.FAILED:
        return book
    if operation.answer not in (Answer.DONE, Answer.UNKNOWN):
        return book if _refused_rightly(operation, book, limit) else None
    if operation.session:
        return _session_after(operation, book)
    changed = dict(book)
    if operation.kind is not Kind.BOOK and changed.pop(_from(operation), None) != Held(
        operation.old, operation.patient
    ):
        return None
    if operation.kind is Kind.CANCEL:
        return changed
    if operation.slot in changed or (operation.kind is Kind.BOOK and _number(book, operation.patient) >= limit):
        return None
    changed[operation.slot] = Held(operation.made, operation.patient)
    return changed


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


def _from(operation: Operation) -> Name:
    return operation.slot if operation.kind is Kind.CANCEL else operation.old_slot


def _number(book: Book, patient: Name) -> int:
    return sum(held.patient == patient for held in book.values())


def _refused_rightly(operation: Operation, book: Book, limit: int) -> bool:
    """Whether the rules say this no to this book; that an appointment is gone comes before all else."""
    if operation.answer is Answer.NOTHING_THERE:
        return not _is_there(operation, book)
    if operation.answer is Answer.CHANGED:
        # What the desk looked at is read in several statements: it may be a book that never was, rightly refused.
        return _is_there(operation, book)
    has_old = operation.kind is Kind.BOOK or book.get(_from(operation)) == Held(operation.old, operation.patient)
    if not has_old or operation.answer is Answer.ALREADY_CANCELLED:
        return not has_old and operation.answer is Answer.ALREADY_CANCELLED
    held = book.get(operation.slot)
    if operation.answer is Answer.NOT_OFFERED or held == WITHDRAWN:
        return operation.answer is Answer.NOT_OFFERED and held == WITHDRAWN
    if operation.answer is Answer.JUST_TAKEN:
        return held is not None and held.patient != operation.patient
    if operation.answer is Answer.CLASHES:
        return held is not None and held.patient == operation.patient
    return held is None and operation.kind is Kind.BOOK and _number(book, operation.patient) >= limit
