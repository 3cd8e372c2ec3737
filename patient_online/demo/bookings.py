"""The made-up practice's appointments: past ones with their outcomes, cancelled ones, and those still to come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Channel
from patient_online.demo import names
from patient_online.demo import slot_types as kinds
from patient_online.demo.clinics import Book
from patient_online.demo.ids import Ids, account_id
from patient_online.demo.people import ADULT, People
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.appointments import Mode
from patient_online.nhs.bank_holidays import is_working_day
from patient_online.nhs.dates import age_on, day_bounds, from_wall_clock, local_day
from patient_online.patients.models import Patient

RECEPTION = account_id("reception@example.com")
BY_VOICE = (Mode.TELEPHONE, Mode.VIDEO)
MOST_AHEAD = 2
FLU_AGE = 65
LONGEST_AHEAD = timedelta(days=21)
BEFORE_START = timedelta(minutes=20)
Status, Outcome = Appointment.Status, Appointment.Outcome


@dataclass
class Diary:
    """Who has which slot; keeps everybody from being in two places at once."""

    random: Random
    ids: Ids
    today: date
    accounts: dict[UUID, UUID]
    appointments: list[Appointment] = field(default_factory=list)
    times: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=dict)
    taken: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.midnight = day_bounds(self.today)[0]

    def can_have(self, patient: Patient, slot: Slot) -> bool:
        """Whether the patient can be reached, has nothing else at the time, and not too much ahead."""
        if slot.mode in BY_VOICE and not patient.telephone:
            return False
        mine = self.times.get(patient.id, [])
        ahead = sum(starts >= self.midnight for starts, _ in mine)
        if slot.starts_at >= self.midnight and ahead >= MOST_AHEAD:
            return False
        return all(ends <= slot.starts_at or starts >= slot.ends_at for starts, ends in mine)

    def booked_at(self, patient: Patient, slot: Slot, channel: Channel) -> datetime | None:
        """When they booked: before today and before the slot; online not before it was released. Or None."""
        latest = min(slot.starts_at - BEFORE_START, self.midnight)
        earliest = max(latest - LONGEST_AHEAD, day_bounds(patient.registered_on + timedelta(days=1))[0])
        if channel is Channel.ONLINE:
            earliest = max(earliest, slot.release_at or earliest)
        if earliest >= latest:
            return None
        at = latest - (latest - earliest) * self.random.random() ** 2
        at = at.replace(microsecond=0)
        return at if channel is Channel.ONLINE else self._while_open(at, earliest)

    def _while_open(self, at: datetime, earliest: datetime) -> datetime | None:
        """The same day between 8am and 6pm while there are people at the desk; None if it was closed."""
        opens, closes = (from_wall_clock(local_day(at), wall) for wall in (time(8), time(18)))
        in_hours = earliest <= at and opens <= at < closes and is_working_day(local_day(at))
        return at if in_hours else None

    def book(
        self, slot: Slot, patient: Patient, channel: Channel, *, at: datetime | None = None, **more: object
    ) -> Appointment | None:
        """Give the slot to the patient, unless there was no time at which they could have booked it."""
        at = at or next(filter(None, (self.booked_at(patient, slot, channel) for _ in range(12))), None)
        if at is None:
            return None
        online = channel is Channel.ONLINE
        row: dict[str, object] = {
            "reason": self.random.choice(names.REASONS),
            "contact_telephone": patient.telephone if slot.mode in BY_VOICE else "",
            "red_flags_seen_at": at - timedelta(minutes=1) if online else None,
            "booked_at": at,
            "booked_by": self.accounts[patient.id] if online else RECEPTION,
            "booked_through": channel,
        }
        which = {"practice_id": ODS_CODE, "id": self.ids(), "slot_id": slot.id, "patient_id": patient.id}
        appointment = Appointment(**which, **{**row, **more})
        # Kept beside the row for who reads the diary; nothing is written through it.
        appointment.slot = slot
        self.appointments.append(appointment)
        self._note(patient, slot, continued="continues_id" in more)
        return appointment

    def _note(self, patient: Patient, slot: Slot, *, continued: bool) -> None:
        mine = self.times.setdefault(patient.id, [])
        starts_at = mine.pop()[0] if continued else slot.starts_at
        mine.append((starts_at, slot.ends_at))
        self.taken.add(slot.id)

    def cancel(self, appointment: Appointment, reason: str = "") -> None:
        """Cancel it, half way between booking and its start, or now if that is earlier."""
        booked_at = appointment.booked_at
        last = min(appointment.slot.starts_at, self.midnight)
        appointment.status = Status.CANCELLED
        appointment.cancelled_at = booked_at + (last - booked_at) / 2
        appointment.cancelled_by = appointment.booked_by
        appointment.cancelled_through = appointment.booked_through
        appointment.cancel_reason = reason or self.random.choice(("better", "time", "elsewhere", "other", "unsaid"))
        times = (appointment.slot.starts_at, appointment.slot.ends_at)
        self.times[appointment.patient_id].remove(times)
        self.taken.discard(appointment.slot_id)


def fill(diary: Diary, book: Book, people: People) -> None:
    """Book everybody who is not known by name, as a practice's book fills: the nearer the fuller."""
    known = {patient.id for patient in people.known.values()}
    pool = [each for each in people.everyone if each.id not in known and each.left_on is None]
    for slot in book.slots:
        withdrawn = slot.status == Slot.Status.WITHDRAWN
        if withdrawn or slot.id in diary.taken or diary.random.random() > _share_booked(slot, diary.today):
            continue
        suits = SUITS.get(slot.type.name, _anybody)
        for patient in diary.random.sample(pool, 8):
            if suits(patient, diary.today) and diary.can_have(patient, slot):
                _one_more(diary, slot, patient)
                break


def _one_more(diary: Diary, slot: Slot, patient: Patient) -> None:
    online = slot.online and patient.id in diary.accounts and diary.random.random() < 0.7
    by_hand = Channel.TELEPHONE if diary.random.random() < 0.8 else Channel.DESK
    appointment = diary.book(slot, patient, Channel.ONLINE if online else by_hand)
    if appointment is None:
        return
    if diary.random.random() < 0.08:
        diary.cancel(appointment)
    elif slot.starts_at < diary.midnight:
        appointment.outcome = _outcome(diary, slot)


def _outcome(diary: Diary, slot: Slot) -> str:
    """Most came; some did not; yesterday's are not all written up yet."""
    yesterday = slot.starts_at > diary.midnight - timedelta(days=1)
    weights = (60, 5, 35) if yesterday else (90, 6, 4)
    return diary.random.choices((Outcome.ATTENDED, Outcome.DID_NOT_ATTEND, Outcome.UNKNOWN), weights)[0]


def _share_booked(slot: Slot, today: date) -> float:
    """How likely a slot is to be booked: the nearer the likelier; what is released on its day is free until then."""
    days = (local_day(slot.starts_at) - today).days
    if slot.type.name == kinds.CATCH_UP.name:
        return 0
    if slot.type.name in (kinds.GP_SAME_DAY.name, kinds.DUTY.name) and days >= 0:
        return 0.3 if days == 0 else 0
    return 0.9 if days < 0 else max(0.1, 0.75 - days * 0.03)


def _anybody(patient: Patient, today: date) -> bool:
    return True


def _for_screening(patient: Patient, today: date) -> bool:
    return patient.sex == Patient.Sex.FEMALE and 25 <= age_on(patient.birth_date, today) < 65


def _grown_up(patient: Patient, today: date) -> bool:
    return age_on(patient.birth_date, today) >= ADULT


def _for_flu(patient: Patient, today: date) -> bool:
    return age_on(patient.birth_date, today) >= FLU_AGE


SUITS: dict[str, Callable[[Patient, date], bool]] = {
    kinds.SMEAR.name: _for_screening,
    kinds.FLU.name: _for_flu,
    kinds.REVIEW.name: _grown_up,
    kinds.PHYSIO.name: _grown_up,
}
