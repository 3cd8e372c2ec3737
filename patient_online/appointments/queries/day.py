"""A day of the practice's book: every slot with who comes, what the desk noted of them, and the day's numbers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.shut import AWAY, CLOSED
from patient_online.appointments.queries.veiled import veil_appointments
from patient_online.appointments.rules.desk import Mark, MarkFacts, marks_to_offer
from patient_online.asking import Staff, System
from patient_online.audit.actions import record_all
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.practices.models import Site, StaffMember
from patient_online.storage.prepared import prepared


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who comes in a slot. A longer appointment `continues` in the slots after its first."""

    appointment: Appointment
    slot: Slot

    @property
    def continues(self) -> bool:
        """Whether this is not the first slot of the appointment."""
        return self.appointment.continues_id is not None

    @property
    def waits(self) -> bool:
        """Whether the patient sits in the waiting room."""
        return self.appointment.arrived_at is not None and self.appointment.sent_in_at is None

    def waited(self, at: datetime) -> int:
        """How many minutes the patient has waited, or waited until sent in."""
        since, until = self.appointment.arrived_at, self.appointment.sent_in_at or at
        return max(0, int((until - since).total_seconds()) // 60) if since else 0

    def marks(self, at: datetime) -> list[Mark]:
        """What the desk could note of the appointment now."""
        row = self.appointment
        facts = MarkFacts(
            starts_at=self.slot.starts_at,
            comes_here=self.slot.mode == Mode.IN_PERSON,
            arrived=row.arrived_at is not None,
            sent_in=row.sent_in_at is not None,
            left=row.left_at is not None,
            recorded=row.outcome != Appointment.Outcome.UNKNOWN,
        )
        return [] if self.continues else marks_to_offer(facts, at=at)


@dataclass(frozen=True, slots=True)
class Row:
    """A slot of the day and who comes in it: nobody, one, several where it has seats, or more than it has."""

    slot: Slot
    comers: tuple[Comer, ...]

    @property
    def withdrawn(self) -> bool:
        """Whether the slot or its whole session was taken out of the book."""
        return self.slot.status != Slot.Status.OPEN or self.slot.schedule.withdrawn_at is not None

    @property
    def shut(self) -> str:
        """Why nobody is seen then though the slot is in the book: `closed`, `away`, or nothing."""
        return "closed" if self.slot.closed else "away" if self.slot.away else ""  # type: ignore[attr-defined]

    @property
    def lines(self) -> tuple[Comer | None, ...]:
        """Who comes, each on a line of their own, and a line with nobody where there is room for one more."""
        return (*self.comers, None) if self.free or not self.comers else self.comers

    @property
    def free(self) -> int:
        """How many seats are left."""
        return 0 if self.withdrawn or self.shut else max(0, self.slot.seats - len(self.comers))


@dataclass(frozen=True, slots=True)
class Shut:
    """A run of a clinician's times at which nobody is seen: why, from and until when, and what is still booked then.

    `since` is empty where the clinician's day begins with it, `until` where it ends with it.
    """

    clinician: StaffMember
    why: str
    since: datetime | None
    until: datetime | None
    booked: int
    all_withdrawn: bool


def _shut_runs(rows: Sequence[Row]) -> list[Shut]:
    """When nobody is seen in one clinician's day, in the order of the day."""
    runs = [(why, list(each)) for why, each in groupby(rows, lambda row: row.shut)]
    return [
        Shut(
            each[0].slot.schedule.clinician,
            why,
            since=None if each[0] is rows[0] else each[0].slot.starts_at,
            until=None if each[-1] is rows[-1] else each[-1].slot.ends_at,
            booked=sum(not (row.withdrawn or comer.continues) for row in each for comer in row.comers),
            all_withdrawn=all(row.withdrawn for row in each),
        )
        for why, each in runs
        if why
    ]


@dataclass(frozen=True, slots=True)
class DayList:
    """The rows that were asked for, by clinician and time, with the clinicians and sites of the whole day."""

    day: date
    rows: tuple[Row, ...]
    clinicians: dict[UUID, StaffMember]
    sites: dict[UUID, Site]

    @property
    def by_clinician(self) -> Iterator[tuple[StaffMember, list[Row]]]:
        """Each clinician's rows."""
        for _, rows in groupby(self.rows, lambda row: row.slot.schedule.clinician_id):
            each = list(rows)
            yield each[0].slot.schedule.clinician, each

    @property
    def comers(self) -> list[Comer]:
        """Each appointment once."""
        return [comer for row in self.rows for comer in row.comers if not comer.continues]

    @property
    def shut(self) -> list[Shut]:
        """When nobody is seen, by clinician."""
        return [run for _, rows in self.by_clinician for run in _shut_runs(rows)]

    def free(self, at: datetime) -> int:
        """How many seats are left in what is not over at the instant."""
        return sum(row.free for row in self.rows if row.slot.ends_at > at)

    @property
    def arrived(self) -> int:
        """How many of the patients have arrived."""
        return sum(comer.appointment.arrived_at is not None for comer in self.comers)

    @property
    def waiting(self) -> list[Comer]:
        """Who sits in the waiting room, the one who has waited longest first."""
        waiting = [comer for comer in self.comers if comer.waits]
        return sorted(waiting, key=lambda comer: (comer.appointment.arrived_at, comer.appointment.id))


def day_list(
    staff: Staff | System, day: date, *, at: datetime, clinician: UUID | None = None, site: UUID | None = None
) -> DayList:
    """Every slot of a local day with who has it, by clinician and time; audited for each patient shown."""
    everything = list(_slots_of(staff, day))
    shown = [
        slot
        for slot in everything
        if clinician in (None, slot.schedule.clinician_id) and site in (None, slot.schedule.site_id)
    ]
    coming = _who_comes(staff, shown)
    patients = [comer.appointment.patient_id for comers in coming.values() for comer in comers]
    record_all("appointment.day_seen", by=staff, at=at, patients=patients, day=day.isoformat())
    veil_appointments(staff, [comer.appointment for comers in coming.values() for comer in comers], at=at)
    schedules = [slot.schedule for slot in everything]
    return DayList(
        day,
        tuple(Row(slot, tuple(coming.get(slot.id, ()))) for slot in shown),
        {each.clinician_id: each.clinician for each in schedules},
        {each.site_id: each.site for each in schedules},
    )


def _slots_of(staff: Staff | System, day: date) -> Iterable[Slot]:
    return _slots_between(staff.practice_id, *day_bounds(day))


@prepared
def _slots_between(practice_id: str, starts: datetime, ends: datetime) -> QuerySet[Slot]:
    rows = Slot.objects.filter(practice_id=practice_id, starts_at__gte=starts, starts_at__lt=ends)
    rows = rows.annotate(closed=CLOSED, away=AWAY)
    order = ("schedule__clinician__name", "schedule__clinician_id", "starts_at", "id")
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type").order_by(*order)


def _who_comes(staff: Staff | System, slots: list[Slot]) -> dict[UUID, list[Comer]]:
    by_id = {slot.id: slot for slot in slots}
    starts = [slot.starts_at for slot in slots]
    coming: dict[UUID, list[Comer]] = {}
    for appointment in _booked_between(staff.practice_id, min(starts), max(starts)) if slots else ():
        if appointment.slot_id not in by_id:
            continue
        coming.setdefault(appointment.slot_id, []).append(Comer(appointment, by_id[appointment.slot_id]))
    return coming


@prepared
def _booked_between(practice_id: str, first: datetime, last: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(BOOKED, practice_id=practice_id, slot__starts_at__range=(first, last))
    return rows.select_related("patient").order_by("seat")


def appointment_to_mark(staff: Staff, appointment_id: UUID) -> Appointment | None:
    """The appointment as it stands in the book, or None; the marks are conditional updates and need no lock."""
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, id=appointment_id, continues_id=None)
    return rows.select_related("slot").first()


def practices_coming(system: System, days: Sequence[date]) -> list[str]:
    """The practices, or the one that is asked for, to which somebody comes on any of the days."""
    when = Q()
    for starts, ends in map(day_bounds, days):
        when |= Q(slot__starts_at__gte=starts, slot__starts_at__lt=ends)
    rows = Appointment.objects.filter(BOOKED, when)
    if system.practice_id:
        rows = rows.filter(practice_id=system.practice_id)
    return list(rows.order_by("practice_id").values_list("practice_id", flat=True).distinct())


def never_arrived(system: System, *, before: date, days: int) -> list[Appointment]:
    """The booked appointments at the practice, in so many days before the day, that nobody has arrived for.

    Of a day on which nobody at all was noted as arrived, nothing is known: the desk was on paper.
    """
    since, until = day_bounds(before - timedelta(days=days))[0], day_bounds(before)[0]
    booked = Appointment.objects.filter(
        BOOKED,
        practice_id=system.practice_id,
        slot__mode=Mode.IN_PERSON,
        slot__starts_at__gte=since,
        slot__starts_at__lt=until,
    )
    noted = booked.filter(arrived_at__isnull=False).values_list("slot__starts_at", flat=True)
    days_noted = {local_day(starts_at) for starts_at in noted}
    unknown = booked.filter(arrived_at=None, outcome=Appointment.Outcome.UNKNOWN).select_related("slot").order_by("id")
    return [row for row in unknown if local_day(row.slot.starts_at) in days_noted]
