"""What the desk looks at to book, move or cancel for a patient: the book's times, and the patient's whole history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from patient_online.appointments.models import Appointment, Slot, SlotType
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.shut import AWAY, CLOSED, NOT_SHUT
from patient_online.appointments.rules.booking import SlotFacts
from patient_online.appointments.rules.desk import DeskFacts
from patient_online.asking import Staff
from patient_online.audit.actions import record
from patient_online.nhs.dates import day_bounds
from patient_online.patients.models import Patient
from patient_online.patients.queries.glass import see_through
from patient_online.practices.models import StaffMember
from patient_online.practices.working import here
from patient_online.storage.idempotency import outcome_of

RELATED = ("slot", "slot__type", "slot__schedule__site", "slot__schedule__clinician")
NOT_WITHDRAWN = Q(status=Slot.Status.OPEN, schedule__withdrawn_at=None)
MOST_LONG = 4  # slots that one appointment may take


@dataclass(frozen=True, slots=True)
class BookWish:
    """What the desk looks for: one local day, and what else matters; of it what is not over at the instant `since`."""

    day: date
    clinician: UUID | None = None
    kind: UUID | None = None
    since: datetime | None = None


def slots_at_desk(staff: Staff) -> QuerySet[Any]:
    """Every slot of the practice's book, with `used`: how many are booked in it."""
    booked = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), slot_id=OuterRef("id"))
    used = Coalesce(Subquery(booked.order_by().values("slot_id").annotate(n=Count("id")).values("n")), 0)
    rows = Slot.objects.filter(practice_id=staff.practice_id).annotate(used=used)
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type")


def slots_of_day(staff: Staff, wish: BookWish) -> list[Slot]:
    """What the day has to book in, free and full, online or not, by clinician and time; nobody is named.

    With `closed` and `away`: whether nobody is seen then, though the book has the time.
    """
    starts, ends = day_bounds(wish.day)
    wanted: dict[str, Any] = {"schedule__clinician_id": wish.clinician, "type_id": wish.kind}
    rows = slots_at_desk(staff).filter(NOT_WITHDRAWN, starts_at__gte=starts, starts_at__lt=ends)
    wanted["ends_at__gt"] = wish.since
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    rows = rows.annotate(closed=CLOSED, away=AWAY)
    return list(rows.order_by("schedule__clinician__name", "schedule__clinician_id", "starts_at", "id"))


def next_day_free(staff: Staff, wish: BookWish) -> date | None:
    """The first later day on which the book has a free slot of the wished kind."""
    wanted = {"schedule__clinician_id": wish.clinician, "type_id": wish.kind}
    free = slots_at_desk(staff).filter(NOT_WITHDRAWN, NOT_SHUT, used__lt=F("seats"))
    rows = free.filter(starts_at__gte=day_bounds(wish.day)[1])
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    first = rows.order_by("starts_at").first()
    return first.day if first else None


def slots_from(staff: Staff, slot: Slot) -> list[Slot]:
    """The slot and those that follow without a gap in its session, of its kind and free, as many as may be joined."""
    alike = {"schedule_id": slot.schedule_id, "type_id": slot.type_id, "mode": slot.mode}
    rows = slots_at_desk(staff).filter(NOT_WITHDRAWN, starts_at__gt=slot.starts_at, used__lt=F("seats"), **alike)
    together = [slot]
    for row in rows.order_by("starts_at")[: MOST_LONG - 1]:
        if row.starts_at != together[-1].ends_at:
            break
        together.append(row)
    return together


def who_and_what(staff: Staff, *, on: date) -> tuple[list[StaffMember], list[SlotType]]:
    """The clinicians who work at the practice on the day and the kinds of slot in its book, by name."""
    clinicians = StaffMember.objects.filter(here(on), practice_id=staff.practice_id, sees_patients=True)
    kinds = SlotType.objects.filter(practice_id=staff.practice_id)
    return list(clinicians.order_by("name")), list(kinds.order_by("name"))


def history_of(staff: Staff, patient: Patient, *, at: datetime) -> list[Appointment]:
    """All appointments of a patient, the latest first, whatever became of them; the reading is audited."""
    record("appointment.history_seen", by=staff, at=at, subject=patient.id, patient=patient.id)
    return list(appointments_at_desk(staff).filter(patient_id=patient.id).order_by("-slot__starts_at", "-booked_at"))


def appointment_at_desk(staff: Staff, patient_id: UUID, appointment_id: UUID, *, at: datetime) -> Appointment:
    """One appointment of the patient; the reading is audited. Raises Appointment.DoesNotExist and Refused."""
    found = appointments_at_desk(staff).select_related("patient").get(id=appointment_id, patient_id=patient_id)
    see_through(staff, found.patient, at=at)
    record("appointment.seen", by=staff, at=at, subject=found.id, patient=found.patient_id)
    return found


def appointments_at_desk(staff: Staff) -> QuerySet[Appointment]:
    """The practice's appointments with what the desk shows of them: until when, how long, where it was moved."""
    rows = Appointment.objects.filter(practice_id=staff.practice_id, continues_id=None)
    others = Appointment.objects.filter(practice=OuterRef("practice"))
    more = others.filter(continues_id=OuterRef("id"))
    last = more.order_by("-slot__ends_at").values("slot__ends_at")
    length = Coalesce(Subquery(more.order_by().values("continues_id").annotate(n=Count("id")).values("n")), 0)
    return rows.select_related(*RELATED).annotate(
        ends_at=Greatest(F("slot__ends_at"), Subquery(last[:1])),
        length=length + Value(1),
        moved_to_id=Subquery(others.filter(moved_from_id=OuterRef("id")).values("id")[:1]),
    )


def names_of(staff: Staff, accounts: Sequence[UUID | None]) -> dict[UUID, str]:
    """The names of those among the accounts who work, or worked, at the practice."""
    rows = StaffMember.objects.filter(practice_id=staff.practice_id, account_id__in=[each for each in accounts if each])
    return {account: name for account, name in rows.values_list("account_id", "name") if account}


def clashing(staff: Staff, patient_id: UUID, slot: Slot, *, besides: UUID | None = None) -> list[Appointment]:
    """The patient's other appointments that overlap the slot, other than the one that is being moved."""
    rows = Appointment.objects.filter(
        BOOKED,
        practice_id=staff.practice_id,
        patient_id=patient_id,
        slot__starts_at__lt=slot.ends_at,
        slot__ends_at__gt=slot.starts_at,
    )
    if besides:
        rows = rows.exclude(Q(id=besides) | Q(continues_id=besides))
    return list(rows.select_related(*RELATED))


def made_at_desk(staff: Staff, patient_id: UUID, key: UUID) -> Appointment | None:
    """The patient's appointment that this person's earlier request under the key was about, if it was done."""
    outcome = outcome_of(staff.practice_id, staff.account_id, key) or {}
    rows = Appointment.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    return rows.filter(id=outcome["id"]).first() if "id" in outcome else None


def patient_held(staff: Staff, patient_id: UUID) -> Patient:
    """The patient, locked until the transaction ends. Raises Patient.DoesNotExist."""
    return Patient.objects.select_for_update(no_key=True).get(practice_id=staff.practice_id, id=patient_id)


def appointment_held(staff: Staff, patient_id: UUID, appointment_id: UUID) -> list[Appointment]:
    """Every row of the patient's appointment as it is now, the first one first, locked until the transaction ends."""
    rows = Appointment.objects.filter(
        Q(id=appointment_id, continues_id=None) | Q(continues_id=appointment_id),
        practice_id=staff.practice_id,
        patient_id=patient_id,
    )
    return list(rows.select_related("slot").select_for_update(of=("self",)).order_by("slot__starts_at"))


def slots_held(staff: Staff, slot_id: UUID, *, wanted: int) -> list[Slot]:
    """The slot and those that follow it, `wanted` in all if there are so many, each locked in the order of ids."""
    book = Slot.objects.filter(practice_id=staff.practice_id)
    first = book.filter(id=slot_id)
    after = book.filter(
        NOT_WITHDRAWN | Q(id=slot_id),
        schedule_id=Subquery(first.values("schedule_id")),
        starts_at__gte=Subquery(first.values("starts_at")),
    )
    ids = list(after.order_by("starts_at").values_list("id", flat=True)[:wanted])
    locked = book.filter(id__in=ids).select_related("schedule", "type").select_for_update(of=("self",)).order_by("id")
    return sorted(locked, key=lambda slot: slot.starts_at)


def desk_facts(
    staff: Staff,
    slots: Sequence[Slot],
    *,
    patient: Patient,
    wanted: int,
    extra: bool,
    knows_of_clash: bool,
    besides: Appointment | None = None,
) -> tuple[DeskFacts, tuple[int, ...]]:
    """What the desk's rule judges and the seats to be given, read after the locks; `besides` is being moved."""
    used = _seats_used(staff, slots)
    ids = {slot.id for slot in slots}
    old = besides.id if besides else None
    span = Slot(starts_at=slots[0].starts_at, ends_at=slots[-1].ends_at)
    others = clashing(staff, patient.id, span, besides=old)
    own_old = besides is not None and besides.slot_id in ids
    facts = DeskFacts(
        slots=tuple(_facts_of(slot) for slot in slots),
        wanted=wanted,
        withdrawn=any(slot.status != Slot.Status.OPEN or slot.schedule.withdrawn_at for slot in slots),
        full=any(len(used[slot.id]) >= slot.seats for slot in slots),
        extra=extra,
        registered=patient.left_on is None and patient.died_on is None,
        same_slot=own_old or any(row.slot_id in ids for row in others),
        clashes=bool(others),
        knows_of_clash=knows_of_clash,
    )
    return facts, tuple(_seat(used[slot.id], slot.seats) for slot in slots)


def _seats_used(staff: Staff, slots: Sequence[Slot]) -> dict[UUID, set[int]]:
    used: dict[UUID, set[int]] = {slot.id: set() for slot in slots}
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, slot_id__in=list(used))
    for slot_id, seat in rows.values_list("slot_id", "seat"):
        used[slot_id].add(seat)
    return used


def _seat(used: set[int], seats: int) -> int:
    """The lowest free seat; where the slot is full, the next number above those used and those there are."""
    if len(used) >= seats:
        return max(*used, seats) + 1
    return next(seat for seat in range(1, seats + 1) if seat not in used)


def _facts_of(slot: Slot) -> SlotFacts:
    named: dict[str, Any] = {"offered": slot.online, "release_at": slot.release_at}
    return SlotFacts(slot.id, slot.schedule_id, slot.type_id, slot.mode, slot.starts_at, slot.ends_at, **named)
