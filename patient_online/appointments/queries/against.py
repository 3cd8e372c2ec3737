"""What the rules that bind patients would say to what the desk is about to book: the desk is told, and not bound."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from patient_online.appointments.models import Appointment, BookingRule, Slot
from patient_online.appointments.queries.booking import refusal_facts
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.preview import Answer, who_facts
from patient_online.appointments.queries.release import rules_of
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.rules.booking import BookingFacts
from patient_online.appointments.rules.desk import why_not_online
from patient_online.appointments.rules.release import SOMEBODY
from patient_online.asking import Staff
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies


def online_would_say(
    staff: Staff, slots: Sequence[Slot], *, patient: Patient, at: datetime, besides: Appointment | None = None
) -> Answer:
    """What the patient would be told who booked these slots online; `besides` is the appointment that is moved."""
    kind = slots[0].type
    rules = list(rules_of(staff).filter(type_id=kind.id))
    facts = _facts(staff, slots, patient, rules, at, besides)
    refusal = why_not_online(facts, at=at)
    if refusal is None:
        return Answer(None)
    return Answer(refusal, tuple(refusal_facts(staff, refusal, facts, kind, at=at, rules=rules).items()))


def shut_then(staff: Staff, slot: Slot) -> bool:
    """Whether the practice is closed at the time of the slot, or its clinician away, though it is in the book."""
    return Slot.objects.filter(SHUT, practice_id=staff.practice_id, id=slot.id).exists()


def _facts(
    staff: Staff,
    slots: Sequence[Slot],
    patient: Patient,
    rules: Sequence[BookingRule],
    at: datetime,
    besides: Appointment | None,
) -> BookingFacts:
    kind, policy = slots[0].type, policies(staff)
    ahead = _kinds_ahead(staff, patient, at, besides)
    return BookingFacts(
        slots=tuple(slot.facts for slot in slots),
        wanted=len(slots),
        joins_up_to=kind.joins_up_to,
        taken=False,
        registered=True,
        booked_ahead=len(ahead),
        clashes=False,
        limit=policy["most_future_appointments"],
        book_ahead_days=policy["book_ahead_days"],
        minimum_notice_minutes=policy["minimum_notice_minutes"],
        moving=besides is not None,
        booked_ahead_of_type=ahead.count(kind.id),
        limit_of_type=kind.most_future,
        moved_type_id=besides.slot.type_id if besides else None,
        rules=tuple(rule.facts for rule in rules),
        who=who_facts(staff, patient) if rules else SOMEBODY,
    )


def _kinds_ahead(staff: Staff, patient: Patient, at: datetime, besides: Appointment | None) -> list[UUID]:
    """The kind of each appointment that the patient has to come."""
    about = {"patient_id": patient.id, "slot__starts_at__gt": at, "continues_id": None}
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, **about)
    if besides:
        rows = rows.exclude(Q(id=besides.id))
    return list(rows.values_list("slot__type_id", flat=True))
