"""Six weeks of clinics around a day: who sits where and when, in slots, some of them online and some released later."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from patient_online.appointments.models import Schedule, Slot, SlotType
from patient_online.demo import slot_types as kinds
from patient_online.demo.ids import Ids
from patient_online.demo.slot_types import Kind
from patient_online.demo.surgery import ODS_CODE, Surgery
from patient_online.nhs.bank_holidays import is_bank_holiday
from patient_online.nhs.dates import from_wall_clock

BEFORE, AFTER = timedelta(weeks=2), timedelta(weeks=4)
RELEASED_AT = time(8)
AWAY, AWAY_FROM = "sam", timedelta(days=8)
MON, TUE, WED, THU, FRI, SAT = range(1, 7)
EVERY_DAY = (MON, TUE, WED, THU, FRI)


@dataclass(frozen=True, slots=True)
class Run:
    """Slots of one kind, one after the other; released some days before, or with the book when that is left out."""

    kind: Kind
    number: int
    online: bool = True
    released_days_before: int | None = None
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Clinic:
    """What a clinician does on some days of the week, by the clock on the wall; every second week with `weeks`."""

    clinician: str
    days: tuple[int, ...]
    starts: time
    name: str
    runs: tuple[Run, ...]
    at_branch: bool = False
    weeks: int | None = None

    def held_on(self, day: date) -> bool:
        """Whether the clinic is held on the day."""
        week = day.isocalendar().week % 2
        return day.isoweekday() in self.days and self.weeks in (None, week) and not is_bank_holiday(day)


BREAK = Run(kinds.CATCH_UP, 1, online=False)
MORNING = (Run(kinds.GP, 10), BREAK, Run(kinds.GP, 6, online=False))
LATER_RELEASED = (Run(kinds.GP, 10, released_days_before=14), BREAK, Run(kinds.GP, 6, online=False))
BY_TELEPHONE = (Run(kinds.GP_TELEPHONE, 8), BREAK, Run(kinds.GP_TELEPHONE, 6, online=False))
NURSING = (Run(kinds.BLOOD_TEST, 8), Run(kinds.SMEAR, 4), BREAK, Run(kinds.REVIEW, 3))
EXTENDED = (Run(kinds.GP, 12, released_days_before=14),)

CLINICS = (
    Clinic("ada", (MON, TUE), time(8, 30), "Morning surgery", MORNING),
    Clinic("ada", (THU,), time(8, 30), "Morning surgery", LATER_RELEASED),
    Clinic("ada", (MON, THU), time(14), "Telephone surgery", BY_TELEPHONE),
    Clinic("ada", (SAT,), time(9), "Extended access", EXTENDED, weeks=0),
    Clinic("idris", (MON, WED), time(8, 30), "Morning surgery", MORNING),
    Clinic("idris", (FRI,), time(8, 30), "Morning surgery", LATER_RELEASED),
    Clinic("idris", (WED, FRI), time(14, 30), "Video surgery", (Run(kinds.GP_VIDEO, 6), BREAK)),
    Clinic("maeve", (TUE, WED, FRI), time(9), "Branch surgery", MORNING, at_branch=True),
    Clinic("maeve", (TUE, FRI), time(14), "Telephone surgery", BY_TELEPHONE),
    Clinic("maeve", (SAT,), time(9), "Extended access", EXTENDED, weeks=1),
    Clinic("jun", EVERY_DAY, time(9), "On the day", (Run(kinds.GP_SAME_DAY, 12, released_days_before=0),)),
    Clinic("jun", EVERY_DAY, time(15), "Duty doctor", (Run(kinds.DUTY, 12, online=False), BREAK)),
    Clinic("bola", (MON, TUE, THU), time(8, 40), "Nurse clinic", NURSING),
    Clinic("bola", (WED,), time(8, 40), "Nurse clinic", NURSING, at_branch=True),
    Clinic("bola", (FRI,), time(13, 30), "Flu clinic", (Run(kinds.FLU, 4, seats=12),)),
    Clinic("piotr", (MON, TUE, WED, FRI), time(13, 30), "Minor illness", (Run(kinds.MINOR_ILLNESS, 10), BREAK)),
    Clinic("piotr", (THU,), time(13, 30), "Minor illness", (Run(kinds.MINOR_ILLNESS, 8),), at_branch=True),
    Clinic("sam", (TUE, THU), time(9), "Physiotherapy", (Run(kinds.PHYSIO, 7), BREAK)),
)


@dataclass
class Book:
    """The appointment book without appointments."""

    types: dict[str, SlotType]
    schedules: list[Schedule] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)


def the_book(surgery: Surgery, today: date, ids: Ids) -> Book:
    """All clinics from two weeks before the day to four weeks after it: none on a bank holiday."""
    book = Book(kinds.the_slot_types(ids))
    for day in days_around(today):
        for clinic in CLINICS:
            if clinic.held_on(day):
                _hold(clinic, day, surgery, book, ids)
    _withdraw(book, surgery.staff[AWAY].id, from_wall_clock(today + AWAY_FROM, time()))
    return book


def _withdraw(book: Book, clinician: UUID, after: datetime) -> None:
    """Take the clinician's next session after the instant out of the book: they are away."""
    theirs = [each for each in book.schedules if each.clinician_id == clinician and each.starts_at >= after]
    for slot in book.slots:
        if slot.schedule_id == theirs[0].id:
            slot.status = Slot.Status.WITHDRAWN


def days_around(today: date) -> Iterator[date]:
    """The six weeks of days that the book covers."""
    day = today - BEFORE
    while day < today + AFTER:
        yield day
        day += timedelta(days=1)


def _hold(clinic: Clinic, day: date, surgery: Surgery, book: Book, ids: Ids) -> None:
    starts_at = from_wall_clock(day, clinic.starts)
    minutes = sum(run.kind.minutes * run.number for run in clinic.runs)
    schedule = Schedule(
        practice_id=ODS_CODE,
        id=ids(),
        site_id=(surgery.branch if clinic.at_branch else surgery.main).id,
        clinician_id=surgery.staff[clinic.clinician].id,
        name=clinic.name,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
    )
    book.schedules.append(schedule)
    for run in clinic.runs:
        starts_at = _cut(run, day, starts_at, schedule, book, ids)


def _cut(run: Run, day: date, starts_at: datetime, schedule: Schedule, book: Book, ids: Ids) -> datetime:
    """Cut one run into slots; when the last of them ends."""
    before = run.released_days_before
    release_at = None if before is None else from_wall_clock(day - timedelta(days=before), RELEASED_AT)
    length = timedelta(minutes=run.kind.minutes)
    for n in range(run.number):
        slot = Slot(
            practice_id=ODS_CODE,
            id=ids(),
            schedule_id=schedule.id,
            type_id=book.types[run.kind.name].id,
            mode=run.kind.mode,
            starts_at=starts_at + n * length,
            ends_at=starts_at + (n + 1) * length,
            online=run.online,
            seats=run.seats,
            release_at=release_at,
        )
        # Kept beside the row, so that who fills the book needs no look-up; nothing is written through it.
        slot.schedule, slot.type = schedule, book.types[run.kind.name]
        book.slots.append(slot)
    return starts_at + run.number * length
