"""Judging what many people did at once: is there an order of their operations, one at a time, that explains it all?

A check of linearizability after Wing and Gong: each operation happens at one instant between its call and its answer.
The book is the plainest possible: a slot is free or held by one appointment of one patient, and by those whom the desk
let in on purpose; a patient takes no more than the limit allows (`plain_book`). An operation whose answer was never
heard may have happened at any time since, or never. Operations that have no slot and no patient in common, not even
through others, are judged apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from math import inf

from patient_online.appointments.tests.plain_book import (
    Answer,
    Book,
    Held,
    Kind,
    Name,
    Operation,
    Place,
    after,
    slot_of,
)

__all__ = ["Anomaly", "Answer", "Held", "Kind", "Name", "Operation", "Place", "Undecided", "anomalies", "apart"]


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Operations that no order explains: those that could be put in order, and those that never could follow."""

    explained: int
    stuck: tuple[Operation, ...]
    book: Book


class Undecided(Exception):
    """Raised when there are more orders than can be tried."""


def anomalies(
    history: Iterable[Operation], *, limit: int, final: Iterable[tuple[Name, Held]], most: int = 1_000_000
) -> list[Anomaly]:
    """What no order explains: nothing, when there is one that ends in the `final` book, row by row of the database."""
    operations, rows = list(history), list(final)
    twice = [slot for number, (slot, _) in enumerate(rows) if slot in dict(rows[:number])]
    if twice:
        return [Anomaly(0, tuple(each for each in operations if each.slot in twice), dict(rows))]
    found = [_anomaly(part, limit, dict(rows), most) for part in apart(operations)]
    touched = {slot for each in operations for slot in each.slots}
    unasked = {key: held for key, held in rows if slot_of(key) not in touched}
    return [each for each in found if each] + ([Anomaly(0, (), unasked)] if unasked else [])


def apart(operations: Iterable[Operation]) -> list[list[Operation]]:
    """The operations in groups that have nothing to do with each other."""
    parent: dict[Name, Name] = {}

    def root(thing: Name) -> Name:
        while parent.setdefault(thing, thing) != thing:
            parent[thing] = thing = parent[parent[thing]]
        return thing

    known = list(operations)
    for each in known:
        first, *others = each.things
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[Name, list[Operation]] = {}
    for each in known:
        groups.setdefault(root(("patient", each.patient)), []).append(each)
    return list(groups.values())


@dataclass(frozen=True, slots=True)
class Point:
    """How far an order has come: all heard answers before `low`, some after it, some unheard, and the book then."""

    low: int
    beyond: frozenset[int]
    unheard: frozenset[int]
    book: frozenset[tuple[Name, Held]]


def _anomaly(operations: list[Operation], limit: int, final: Book, most: int) -> Anomaly | None:
    """Look for an order, depth first; no point is visited twice."""
    heard = sorted((each for each in operations if each.answer is not Answer.UNKNOWN), key=lambda each: each.started)
    maybe = [each for each in operations if each.answer is Answer.UNKNOWN]
    slots = {slot for each in operations for slot in each.slots}
    wanted = {key: held for key, held in final.items() if slot_of(key) in slots}
    furthest = Point(0, frozenset(), frozenset(), frozenset())
    seen: set[Point] = set()
    path = [iter([furthest])]
    while path:
        point = next(path[-1], None)
        if point is None:
            path.pop()
        elif point not in seen:
            seen.add(point)
            if point.low == len(heard) and _ends_in(dict(point.book), wanted):
                return None
            furthest = max(furthest, point, key=lambda each: each.low + len(each.beyond))
            path.append(_next(point, heard, maybe, limit))
        if len(seen) > most:
            raise Undecided(f"{len(operations)} operations have too many orders")
    stuck = tuple(heard[number] for number in _waiting(furthest, heard))
    return Anomaly(furthest.low + len(furthest.beyond), stuck, dict(furthest.book))


def _waiting(point: Point, heard: list[Operation]) -> list[int]:
    """The operations that may come next: those called before every other one that waits was answered."""
    waiting: list[int] = []
    first_answer = inf
    for number in range(point.low, len(heard)):
        if heard[number].started > first_answer:
            break
        if number not in point.beyond:
            waiting.append(number)
            first_answer = min(first_answer, heard[number].ended)
    waiting = [number for number in waiting if heard[number].started <= first_answer]
    return sorted(waiting, key=lambda number: heard[number].ended)


def _next(point: Point, heard: list[Operation], maybe: list[Operation], limit: int) -> Iterator[Point]:
    """Every point that one more operation leads to, what was heard first."""
    book, waiting = dict(point.book), _waiting(point, heard)
    for number in waiting:
        if (changed := after(heard[number], book, limit)) is not None:
            beyond = point.beyond | {number}
            low = next(each for each in count(point.low) if each not in beyond)
            yield Point(low, frozenset(each for each in beyond if each > low), point.unheard, _frozen(changed))
    latest = min((heard[number].ended for number in waiting), default=inf)
    for number, operation in enumerate(maybe):
        if number not in point.unheard and operation.started <= latest:
            changed = after(operation, book, limit)
            if changed is not None:
                yield Point(point.low, point.beyond, point.unheard | {number}, _frozen(changed))


def _ends_in(book: Book, wanted: Book) -> bool:
    """Whether the book is the wanted one; an appointment without a name may turn out to be any of its patient's."""
    return book.keys() == wanted.keys() and all(
        held.patient == wanted[slot].patient and held.appointment in (None, wanted[slot].appointment)
        for slot, held in book.items()
    )


def _frozen(book: Book) -> frozenset[tuple[Name, Held]]:
    return frozenset(book.items())
