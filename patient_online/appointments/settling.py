"""What a book from outside changes in the book that we have: which rows begin, which change, which are refused.

Works on rows in memory: `loading` reads what is known before and writes what is new or changed after.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Model

from patient_online.appointments.imports import BookRow
from patient_online.appointments.models import Schedule, Slot, SlotType
from patient_online.nhs.appointments import NationalCategory
from patient_online.nhs.dates import time_text
from patient_online.practices.models import Site, StaffMember
from patient_online.refusals import N_, Owner, Refusal, Refused
from patient_online.storage.files import RefusedRow

M = TypeVar("M", bound=Model)
K = TypeVar("K")
CLINICIAN = "Clinician"
OF_TYPES = ("national_category", "label", "guidance", "joins_up_to")
OF_CLINICIANS = ("sex", "job")
COLUMNS = {"sex": "clinician_sex", "job": "clinician_job"}


class NotSettled(Refusal):
    """Why a slot that could be read has no place in the book."""

    ONLINE_NEEDS = (
        N_("The slot is to be online, but the slot type “%(name)s” has no %(missing)s."),
        N_("Fill it in, or say no in the column online."),
        Owner.PRACTICE,
    )
    DISAGREES = (
        N_("“%(name)s” has another %(column)s on line %(line)s."),
        N_("Give it the same one everywhere."),
        Owner.SYSTEM,
    )
    SAME_NAME = (
        N_("More than one member of staff here is called “%(name)s”."),
        N_("Tell them apart by name, here and in the file."),
        Owner.PRACTICE,
    )
    OVERLAPS = (
        N_("%(name)s has another slot at that time, on line %(line)s."),
        N_("Keep one of them."),
        Owner.SYSTEM,
    )
    OVERLAPS_BOOK = (
        N_("%(name)s has another slot in the book at that time, from %(start)s."),
        N_("Withdraw that slot first, or correct the time."),
        Owner.PRACTICE,
    )
    BOOKED = (
        N_("The slot is booked, so it was not changed."),
        N_("Cancel or move the appointment, then load the file again."),
        Owner.PRACTICE,
    )
    SESSION_TAKEN = (
        N_("Another session of %(name)s at this site starts at the same time."),
        N_("Give both the same session name."),
        Owner.PRACTICE,
    )


@dataclass(slots=True)
class Shelf(Generic[K, M]):
    """The rows of one kind by what they are known by; a new one is made when it is first asked for."""

    make: Callable[[K], M]
    known: dict[K, M] = field(default_factory=dict)
    new: list[M] = field(default_factory=list)
    changed: dict[UUID, M] = field(default_factory=dict)

    def get(self, key: K) -> M:
        """The row, made if there is none."""
        if key not in self.known:
            self.known[key] = self.make(key)
            self.new.append(self.known[key])
        return self.known[key]

    def alter(self, key: K, **values: Any) -> bool:
        """Give the row these values; whether that changed anything."""
        row = self.known[key]
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        for name in differing:
            setattr(row, name, values[name])
        if differing and not row._state.adding:
            self.changed[row.id] = row  # type: ignore[attr-defined]
        return bool(differing)


@dataclass(frozen=True, slots=True)
class Taken:
    """A time that a clinician has a slot, in the book or on a line of the file."""

    starts_at: datetime
    ends_at: datetime
    line: int = 0


Session = tuple[str, str, str, date]  # clinician, site, session name, day
Said = dict[tuple[str, str], tuple[Any, int]]  # (column, whose name) -> what, on which line


class Book:
    """The book of one practice as it is known, and what a file makes of it."""

    def __init__(self, practice_id: str, *, first_day: date) -> None:
        self.practice_id = practice_id
        own: dict[str, Any] = {"practice_id": practice_id}
        work: dict[str, Any] = {"job": CLINICIAN, "sees_patients": True, "from_day": first_day}
        self.sites = Shelf[str, Site](lambda name: Site(name=name, **own))
        self.types = Shelf[str, SlotType](lambda name: SlotType(name=name, **own))
        self.clinicians = Shelf[str, StaffMember](lambda name: StaffMember(name=name, **own, **work))
        self.sessions = Shelf[Session, Schedule](lambda key: Schedule(name=key[2], **own, **self._place(key)))
        self.slots = Shelf[tuple[Session, datetime], Slot](lambda key: Slot(starts_at=key[1], **own))
        self.same_names: set[str] = set()
        self.booked: set[UUID] = set()
        self.taken: dict[tuple[str, date], dict[UUID, Taken]] = defaultdict(dict)
        self.starts: dict[tuple[str, str, datetime], Session] = {}
        self.lines: dict[UUID, BookRow] = {}
        self.unchanged = 0
        self.refused: list[RefusedRow] = []

    def _place(self, key: Session) -> dict[str, UUID]:
        return {"clinician_id": self.clinicians.get(key[0]).id, "site_id": self.sites.get(key[1]).id}

    def refuse(self, row: BookRow, refused: Refused) -> None:
        """Remember that a row was refused."""
        self.refused.append(RefusedRow(row.line, refused, row.cells))


def settle(book: Book, rows: Iterable[BookRow]) -> None:
    """Put each slot of the file in the book, or refuse it."""
    said: Said = {}
    agreed = [row for row in rows if _agrees(book, row, said)]
    for row in sorted(agreed, key=lambda row: (row.starts_at, row.line)):
        try:
            _check(book, row, said)
        except Refused as refused:
            book.refuse(row, refused)
        else:
            _put(book, row, said)


def _about(row: BookRow) -> dict[tuple[str, str], Any]:
    """What a row says of its slot type and of its clinician; an empty cell says nothing."""
    about = {(name, row.slot_type): getattr(row, name) for name in OF_TYPES}
    about |= {(name, row.clinician): getattr(row, name) for name in OF_CLINICIANS}
    return {key: value for key, value in about.items() if value not in ("", None)}


def _agrees(book: Book, row: BookRow, said: Said) -> bool:
    for (column, name), value in _about(row).items():
        before, line = said.setdefault((column, name), (value, row.line))
        if before != value:
            book.refuse(row, Refused(NotSettled.DISAGREES, name=name, column=COLUMNS.get(column, column), line=line))
            return False
    return True


def _check(book: Book, row: BookRow, said: Said) -> None:
    """Raise Refused when the slot has no place in the book."""
    if row.clinician in book.same_names:
        raise Refused(NotSettled.SAME_NAME, name=row.clinician)
    if row.online and (missing := _missing_for_online(book, row, said)):
        raise Refused(NotSettled.ONLINE_NEEDS, name=row.slot_type, missing=missing)
    slot = book.slots.known.get((_session(row), row.starts_at))
    if slot and slot.id in book.booked and _differs(book, slot, row):
        raise Refused(NotSettled.BOOKED)
    _check_time(book, row, slot)
    first = book.starts.get((row.clinician, row.site, row.starts_at), _session(row))
    if first != _session(row):
        raise Refused(NotSettled.SESSION_TAKEN, name=row.clinician)


def _missing_for_online(book: Book, row: BookRow, said: Said) -> str:
    """What the slot type still needs before patients may see it: a national category that says something, and words."""
    known = book.types.known.get(row.slot_type)
    has = {name: said.get((name, row.slot_type), (getattr(known, name, ""), 0))[0] for name in OF_TYPES}
    if not has["national_category"] or not NationalCategory(has["national_category"]).is_mapped:
        return "national_category"
    return "" if has["label"] else "label"


def _check_time(book: Book, row: BookRow, slot: Slot | None) -> None:
    for slot_id, taken in book.taken[row.clinician, row.day].items():
        if slot and slot_id == slot.id and not taken.line:
            continue
        if taken.starts_at < row.ends_at and taken.ends_at > row.starts_at:
            if taken.line:
                raise Refused(NotSettled.OVERLAPS, name=row.clinician, line=taken.line)
            raise Refused(NotSettled.OVERLAPS_BOOK, name=row.clinician, start=time_text(taken.starts_at))


def _put(book: Book, row: BookRow, said: Said) -> None:
    """Make or change all that the slot needs, then the slot."""
    session = _session(row)
    book.clinicians.get(row.clinician)
    book.clinicians.alter(row.clinician, sees_patients=True, **_of(said, OF_CLINICIANS, row.clinician))
    kind = book.types.get(row.slot_type)
    book.types.alter(row.slot_type, **_of(said, OF_TYPES, row.slot_type))
    schedule = book.sessions.get(session)
    first, last = schedule.starts_at or row.starts_at, schedule.ends_at or row.ends_at
    book.sessions.alter(session, starts_at=min(first, row.starts_at), ends_at=max(last, row.ends_at))
    book.starts[row.clinician, row.site, schedule.starts_at] = session
    slot = book.slots.get((session, row.starts_at))
    values = _values(row) | {"type_id": kind.id}
    if slot._state.adding:
        values["schedule_id"] = schedule.id
    if not book.slots.alter((session, row.starts_at), **values):
        book.unchanged += 1
    book.lines[slot.id] = row
    book.taken[row.clinician, row.day][slot.id] = Taken(row.starts_at, row.ends_at, row.line)


def _of(said: Said, names: Sequence[str], whose: str) -> dict[str, Any]:
    """What the file says of one clinician or slot type."""
    return {name: said[name, whose][0] for name in names if (name, whose) in said}


def _session(row: BookRow) -> Session:
    return row.clinician, row.site, row.session, row.day


def _values(row: BookRow) -> dict[str, Any]:
    return {"mode": row.mode.value, "ends_at": row.ends_at, "online": row.online, "release_at": row.release_at}


def _differs(book: Book, slot: Slot, row: BookRow) -> bool:
    kind = book.types.known.get(row.slot_type)
    values = _values(row) | {"type_id": kind.id if kind else None}
    return any(getattr(slot, name) != value for name, value in values.items())
