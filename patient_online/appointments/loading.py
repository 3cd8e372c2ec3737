"""How a book from outside comes in: as the owner, in bulk, in one transaction; a second time it changes nothing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from patient_online.appointments.imports import BookFile, BookRow, WrongBook
from patient_online.appointments.models import Appointment, Schedule, Slot, SlotType
from patient_online.appointments.settling import Book, NotSettled, Session, Shelf, Taken, settle
from patient_online.asking import System
from patient_online.audit.actions import record
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.practices.working import here
from patient_online.refusals import Refused
from patient_online.storage.bulk import OWNER, add_all, change_all
from patient_online.storage.files import RefusedRow

A_DAY = timedelta(days=1)
CHANGED: dict[str, tuple[str, ...]] = {
    "sites": (),
    "clinicians": ("job", "sex", "sees_patients"),
    "types": ("label", "guidance", "national_category", "joins_up_to"),
    "sessions": ("starts_at", "ends_at"),
    "slots": ("type_id", "mode", "ends_at", "online", "release_at"),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: new and changed rows of each kind, slots that were as in the file, and what was refused."""

    new: dict[str, int]
    changed: dict[str, int]
    unchanged: int
    refused: list[RefusedRow]

    @property
    def is_idle(self) -> bool:
        """Whether nothing was changed at all."""
        return not any((*self.new.values(), *self.changed.values()))


def load_book(file: BookFile, *, by: System, at: datetime, dry_run: bool = False) -> Loaded:
    """Bring the book of the command's practice up to what the file says; nothing is deleted, a booked slot not changed.

    A dry run does the same and takes it all back.
    """
    with transaction.atomic(using=OWNER):
        _lock_practice(by.practice_id)
        book = _known(by.practice_id, file.rows)
        settle(book, file.rows)
        _give_back_booked(book)
        loaded = _write(book, file)
        if dry_run:
            transaction.set_rollback(True, using=OWNER)
        else:
            refused = len(loaded.refused)
            record("book.imported", by=by, at=at, using=OWNER, new=loaded.new, changed=loaded.changed, refused=refused)
    return loaded


def _lock_practice(practice_id: str) -> None:
    """Let no other import of the practice's book run beside this one; bookings go on."""
    rows = Practice.objects.using(OWNER).select_for_update(no_key=True).filter(ods_code=practice_id)
    if not rows.values_list("ods_code"):
        raise Refused(WrongBook.PRACTICE, code=practice_id)


def _known(practice_id: str, rows: list[BookRow]) -> Book:
    """The part of the practice's book that the file is about."""
    book = Book(practice_id, first_day=min(row.day for row in rows))
    own = {"practice_id": practice_id}
    book.sites.known = {site.name: site for site in Site.objects.using(OWNER).filter(**own)}
    book.types.known = {kind.name: kind for kind in SlotType.objects.using(OWNER).filter(**own)}
    names = {row.clinician for row in rows}
    staff = list(StaffMember.objects.using(OWNER).filter(here(min(row.day for row in rows)), **own, name__in=names))
    times = Counter(member.name for member in staff)
    book.same_names = {name for name, number in times.items() if number > 1}
    book.clinicians.known = {member.name: member for member in staff if member.name not in book.same_names}
    _know_sessions(book, rows)
    return book


def _know_sessions(book: Book, rows: list[BookRow]) -> None:
    """Take in the sessions and slots of the file's clinicians around its days, and which of them are booked."""
    around = {
        "practice_id": book.practice_id,
        "clinician_id__in": [member.id for member in book.clinicians.known.values()],
        "starts_at__lt": max(row.ends_at for row in rows) + A_DAY,
        "ends_at__gt": min(row.starts_at for row in rows) - A_DAY,
    }
    schedules = Schedule.objects.using(OWNER).filter(**around).select_related("site", "clinician").order_by("starts_at")
    sessions = {schedule.id: _know_session(book, schedule) for schedule in schedules}
    slots = Slot.objects.using(OWNER).filter(practice_id=book.practice_id, schedule_id__in=sessions)
    for slot in slots.order_by("starts_at"):
        _know_slot(book, slot, sessions[slot.schedule_id])
    book.booked = _booked(book.practice_id, [slot.id for slot in book.slots.known.values()])


def _know_session(book: Book, schedule: Schedule) -> Session:
    clinician, site = schedule.clinician.name, schedule.site.name
    session = (clinician, site, schedule.name, local_day(schedule.starts_at))
    book.sessions.known.setdefault(session, schedule)
    book.starts[clinician, site, schedule.starts_at] = session
    return session


def _know_slot(book: Book, slot: Slot, session: Session) -> None:
    book.slots.known.setdefault((session, slot.starts_at), slot)
    if slot.status == Slot.Status.OPEN:
        for day in {local_day(slot.starts_at), local_day(slot.ends_at)}:
            book.taken[session[0], day][slot.id] = Taken(slot.starts_at, slot.ends_at)


def _booked(practice_id: str, ids: Iterable[UUID]) -> set[UUID]:
    rows = Appointment.objects.using(OWNER).filter(practice_id=practice_id, slot_id__in=ids)
    return set(rows.filter(status=Appointment.Status.BOOKED).values_list("slot_id", flat=True))


def _give_back_booked(book: Book) -> None:
    """Lock the slots that are to change; refuse those that somebody has booked since we looked."""
    ids = sorted(book.slots.changed)
    locked = Slot.objects.using(OWNER).filter(practice_id=book.practice_id, id__in=ids).order_by("id")
    list(locked.select_for_update().values_list("id"))
    for slot_id in _booked(book.practice_id, ids):
        del book.slots.changed[slot_id]
        book.refuse(book.lines[slot_id], Refused(NotSettled.BOOKED))


def _write(book: Book, file: BookFile) -> Loaded:
    shelves: dict[str, Shelf[Any, Any]] = {
        "sites": book.sites,
        "clinicians": book.clinicians,
        "types": book.types,
        "sessions": book.sessions,
        "slots": book.slots,
    }
    new, changed = {}, {}
    for name, shelf in shelves.items():
        changed[name] = change_all(list(shelf.changed.values()), *CHANGED[name])
        new[name] = add_all(shelf.new)
    refused = sorted([*file.refused, *book.refused], key=lambda row: row.line)
    return Loaded(new, changed, book.unchanged, refused)
