"""What putting a withdrawn session back means for those who had appointments in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from patient_online.access.models import Grant
from patient_online.appointments.models import Appointment, Schedule, Withdrawal, WithdrawnAppointment
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.rules.putting_back import BackFacts, StaysCancelled, why_stays_cancelled
from patient_online.asking import Staff
from patient_online.audit.actions import record_all
from patient_online.notify.models import Message
from patient_online.patients.models import Patient

WITHDRAWN = "withdrawn"
UNSENT = (Message.Status.WAITING, Message.Status.TO_PRINT, Message.Status.FAILED)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose appointment was withdrawn: all its rows, and why they would not get it again, or None.

    `untold` says that they cannot have heard of it: once its message is stopped, they need no other.
    """

    touched: WithdrawnAppointment
    rows: tuple[Appointment, ...]
    why_not: StaysCancelled | None
    untold: bool


def had_times_in(staff: Staff, schedule: Schedule, *, at: datetime) -> list[Candidate]:
    """Those whose appointments to come in this session are withdrawn, in the order of time."""
    touched = _touched(staff, schedule, at)
    rows = _rows(staff, touched)
    theirs, taken = _booked_by(staff, touched, at), _seats_taken(staff, schedule)
    return [_candidate(each, rows[each.appointment_id], theirs, taken, at) for each in touched]


def had_times_seen(staff: Staff, schedule: Schedule, *, at: datetime) -> list[Candidate]:
    """The same for a page; audited for each patient shown."""
    found = had_times_in(staff, schedule, at=at)
    patients = [each.touched.appointment.patient_id for each in found]
    record_all("appointment.put_back_seen", by=staff, at=at, patients=patients)
    return found


def patients_held_of(staff: Staff, touched: Sequence[UUID]) -> None:
    """Lock the patients of withdrawn appointments until the transaction ends: nobody books for them meanwhile."""
    rows = WithdrawnAppointment.objects.filter(practice_id=staff.practice_id, id__in=touched)
    patients = Patient.objects.filter(practice_id=staff.practice_id, id__in=rows.values("appointment__patient_id"))
    list(patients.select_for_update(of=("self",), no_key=True).order_by("id"))


def _touched(staff: Staff, schedule: Schedule, at: datetime) -> list[WithdrawnAppointment]:
    rows = WithdrawnAppointment.objects.filter(
        practice_id=staff.practice_id,
        withdrawal__kind=Withdrawal.Kind.WITHDRAWN,
        appointment__slot__schedule_id=schedule.id,
        appointment__slot__starts_at__gt=at,
        appointment__status=Appointment.Status.CANCELLED,
        appointment__cancel_reason=WITHDRAWN,
    ).annotate(untold=_untold())
    related = ("withdrawal", "appointment__patient", "appointment__slot__type", "appointment__slot__schedule")
    newest = {row.appointment_id: row for row in rows.select_related(*related).order_by("id")}
    return sorted(newest.values(), key=lambda row: (row.appointment.slot.starts_at, row.appointment.seat))


def _untold() -> Q:
    """That they cannot have heard of it: no message went out or was read, nobody rang, nobody could look online.

    Who has an account, or had one then, may have seen it there: on the home page, in the list of appointments, in the
    inbox. Who was touched before knows of something that the messages stopped since would have put right.
    """
    here = {"practice": OuterRef("practice")}
    unsent = Message.objects.filter(**here, kind="appointment-withdrawn", about=OuterRef("id"), status__in=UNSENT)
    looked = Grant.objects.filter(**here, patient_id=OuterRef("appointment__patient_id"))
    looked = looked.filter(Q(revoked_at=None) | Q(revoked_at__gt=OuterRef("withdrawal__made_at")))
    before = WithdrawnAppointment.objects.filter(
        **here, appointment_id=OuterRef("appointment_id"), id__lt=OuterRef("id")
    )
    unread = unsent.filter(handed_over_at=None, read_at=None)
    return Q(Exists(unread), ~Exists(looked), ~Exists(before), settled_at=None)


def _rows(staff: Staff, touched: Sequence[WithdrawnAppointment]) -> dict[UUID, list[Appointment]]:
    firsts = {each.appointment_id: each.appointment for each in touched}
    more = Appointment.objects.filter(practice_id=staff.practice_id, continues_id__in=list(firsts))
    rows = {id_: [first] for id_, first in firsts.items()}
    for row in more.filter(cancel_reason=WITHDRAWN).select_related("slot").order_by("slot__starts_at"):
        assert row.continues_id is not None
        rows[row.continues_id].append(row)
    return rows


def _booked_by(staff: Staff, touched: Sequence[WithdrawnAppointment], at: datetime) -> dict[UUID, list[Appointment]]:
    patients = {each.appointment.patient_id for each in touched}
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, patient_id__in=patients)
    theirs: dict[UUID, list[Appointment]] = defaultdict(list)
    for row in rows.filter(slot__ends_at__gt=at).select_related("slot"):
        theirs[row.patient_id].append(row)
    return theirs


def _seats_taken(staff: Staff, schedule: Schedule) -> set[tuple[UUID, int]]:
    rows = Appointment.objects.filter(Q(BOOKED), practice_id=staff.practice_id, slot__schedule_id=schedule.id)
    return set(rows.values_list("slot_id", "seat"))


def _candidate(
    touched: WithdrawnAppointment,
    rows: Sequence[Appointment],
    theirs: dict[UUID, list[Appointment]],
    taken: set[tuple[UUID, int]],
    at: datetime,
) -> Candidate:
    first, patient = touched.appointment, touched.appointment.patient
    others = theirs.get(patient.id, [])
    made_at, kind = touched.withdrawal.made_at, first.slot.type_id
    facts = BackFacts(
        here=not (patient.left_on or patient.died_on),
        chose_again=any(each.booked_at > made_at and each.slot.type_id == kind for each in others),
        clashes=any(
            each.slot.starts_at < rows[-1].slot.ends_at and each.slot.ends_at > first.slot.starts_at for each in others
        ),
        taken=any((row.slot_id, row.seat) in taken for row in rows),
    )
    return Candidate(touched, tuple(rows), why_stays_cancelled(facts), touched.untold)  # type: ignore[attr-defined]
