"""What a patient is told of a time that they chose and cannot have: why not, and which others they could have."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from patient_online.access.queries import in_force
from patient_online.appointments.models import Appointment, BookingRule, Slot
from patient_online.appointments.queries.booking import booking_facts, refusal_facts
from patient_online.appointments.queries.found import nearest_found
from patient_online.appointments.queries.held import held_by
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.queries.slots import NEAREST, slots_together
from patient_online.appointments.rules.booking import NotBooked, why_not_book
from patient_online.appointments.rules.offering import first_of_the_kind, how_many_near
from patient_online.appointments.rules.release import Reach, Terms
from patient_online.asking import Acting
from patient_online.audit.queries import was_told_no
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies
from patient_online.refusals import Refused
from patient_online.storage.prepared import prepared


def slot_chosen(acting: Acting, slot_id: UUID) -> Slot | None:
    """One slot of the book, online or not any more, for who may book for the patient; or None.

    It comes with what `why_not_chosen` needs of the patient, and whether its kind has release rules.
    """
    found: list[Slot] = _slot_chosen(acting.practice_id, acting.patient_id, acting.account_id, slot_id)
    return found[0] if found else None


@prepared
def _slot_chosen(practice_id: str, patient_id: UUID, account_id: UUID, slot_id: UUID) -> QuerySet[Slot]:
    may = in_force(Acting(account_id, practice_id, patient_id), Service.APPOINTMENTS, Level.MANAGE)
    patient = Patient.objects.filter(practice=OuterRef("practice"), id=patient_id)
    rules = BookingRule.objects.filter(practice=OuterRef("practice"), type_id=OuterRef("type_id"))
    rows = Slot.objects.filter(may, practice_id=practice_id, id=slot_id).annotate(
        shut=SHUT,
        left_on=Subquery(patient.values("left_on")),
        died_on=Subquery(patient.values("died_on")),
        ruled=Exists(rules),
    )
    return rows.select_related("schedule", "schedule__site", "schedule__clinician", "type")


def why_not_chosen(acting: Acting, slot: Slot, *, at: datetime, moving: Appointment | None = None) -> Refused | None:
    """Why the patient cannot have the slot as the book stands; `moving` is the appointment that would go there.

    The slot is one of `slot_chosen`. Nothing is locked: this is for who has just chosen it. Booking and moving ask
    again, under their locks.
    """
    wanted = moving.length if moving else 1  # type: ignore[attr-defined]
    slots = slots_together(acting, slot, wanted=wanted, at=at) if wanted > 1 else [slot]
    asked: Any = slot
    patient = Patient(id=acting.patient_id, left_on=asked.left_on, died_on=asked.died_on)
    terms = None if asked.ruled else Terms(Reach.of(policies(acting)))
    facts = booking_facts(acting, slots, patient=patient, wanted=wanted, at=at, besides=moving, terms=terms)
    no = why_not_book(facts, at=at)
    return Refused(no, **refusal_facts(acting, no, facts, slot.type, at=at)) if no else None


def others(
    acting: Acting, slot: Slot, *, at: datetime, moving: Appointment | None = None, of_its_kind: bool = True
) -> list[Slot]:
    """The times to offer instead of one that the patient cannot have, in order: near ones that they could book now.

    Those of the same kind come first, as long as the patient may book this kind. None is at a time at which they have
    another appointment, or of a kind of which they have as many as they may. Each patient is offered their own share
    of the near ones, so that not everybody who is refused goes for the same few.
    """
    length = moving.length if moving else 1  # type: ignore[attr-defined]
    asked: dict[str, Any] = {"most": how_many_near(NEAREST), "of_its_kind": of_its_kind}
    has = held_by(acting, at=at, besides=moving)
    could = nearest_found(acting, slot, at=at, length=length, besides=has, **asked)
    shared = first_of_the_kind(
        could, acting.patient_id, most=NEAREST, key=lambda one: one.id, alike=lambda one: one.type_id == slot.type_id
    )
    return sorted(shared, key=lambda each: each.starts_at)


def told_no_today(acting: Acting, slot: Slot, no: NotBooked, *, at: datetime) -> bool:
    """Whether this person was told the same of this slot today: it is not counted again."""
    return was_told_no(acting, since=day_bounds(local_day(at))[0], subject=slot.id, refused_by=no.rule)
