"""What a patient would see of the book, and why not: every slot of a fortnight, now and with an unsaved change."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from patient_online.access.models import Grant
from patient_online.appointments.models import Appointment, BookingRule, CohortMember, Slot, SlotType
from patient_online.appointments.queries.booking import refusal_facts
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.release import rules_of
from patient_online.appointments.queries.shut import SHUT
from patient_online.appointments.rules.booking import BookingFacts, NotBooked, why_not_book
from patient_online.appointments.rules.release import WhoFacts
from patient_online.asking import Staff
from patient_online.nhs.dates import day_bounds, local_day
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.practices.queries import policies, services

DAYS = 14


@dataclass(frozen=True, slots=True)
class Change:
    """What staff think of changing: a policy's value, one rule of a kind of slot for another, a kind, or a group.

    `old` is the rule that goes, `new` the one that comes; either may be missing. `kind` is a kind of slot as it would
    be. `joins` and `leaves` are the groups that the patient would be in, or not any more.
    """

    policies: Mapping[str, Any] = field(default_factory=dict)
    old: BookingRule | None = None
    new: BookingRule | None = None
    kind: SlotType | None = None
    joins: frozenset[UUID] = frozenset()
    leaves: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the slot can be booked, or the first reason why not with the facts that its words name."""

    refusal: NotBooked | None
    facts: tuple[tuple[str, Any], ...] = ()

    @property
    def named(self) -> dict[str, Any]:
        """The facts by their names."""
        return dict(self.facts)


@dataclass(frozen=True, slots=True)
class Seen:
    """A slot, and what the patient is told of it: now, and after the change."""

    slot: Slot
    now: Answer
    then: Answer


@dataclass(frozen=True, slots=True)
class Preview:
    """What the patient would see of the next fortnight.

    Nothing can be booked online where the practice has not switched that `on`, or the patient was not `given` it.
    """

    patient: Patient
    seen: Sequence[Seen]
    on: bool
    given: bool


@dataclass(frozen=True, slots=True)
class _Book:
    """What is read once for all slots: seats taken by others, and the patient's own appointments."""

    others: Mapping[UUID, int]
    own: Sequence[tuple[datetime, datetime, UUID, bool]]


def preview(staff: Staff, patient_id: UUID, *, at: datetime, change: Change | None = None) -> Preview:
    """What this patient would see, and why not; the reading is audited. Raises Patient.DoesNotExist."""
    patient = patient_seen(staff, patient_id, at=at)
    now = _Side(
        staff, patient, who_facts(staff, patient), policies(staff), list(rules_of(staff)), _book(staff, patient, at), at
    )
    then = now.after(change) if change else now
    seen = [Seen(slot, now.answer(slot), then.answer(slot)) for slot in _slots(staff, at)]
    on = services(staff, practice_id=staff.practice_id, on=local_day(at)).get(Service.APPOINTMENTS)
    given = Grant.objects.filter(
        practice_id=staff.practice_id,
        patient_id=patient_id,
        service=Service.APPOINTMENTS,
        level=Level.MANAGE,
        revoked_at=None,
    )
    return Preview(patient, seen, on is not None and on.status == on.Status.SWITCHED_ON, given.exists())


def who_facts(staff: Staff, patient: Patient) -> WhoFacts:
    """What the rules need to know of the patient, with every group that they are in."""
    groups = CohortMember.objects.filter(practice_id=staff.practice_id, patient_id=patient.id)
    return WhoFacts(patient.birth_date, patient.sex, frozenset(groups.values_list("cohort_id", flat=True)))


def _slots(staff: Staff, at: datetime) -> list[Slot]:
    last: date = local_day(at) + timedelta(days=DAYS - 1)
    rows = Slot.objects.filter(practice_id=staff.practice_id, starts_at__gt=at, starts_at__lt=day_bounds(last)[1])
    order = ("starts_at", "schedule__clinician__name", "id")
    related = ("schedule", "schedule__clinician", "type")
    return list(rows.annotate(shut=SHUT).select_related(*related).order_by(*order))


def _book(staff: Staff, patient: Patient, at: datetime) -> _Book:
    booked = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, slot__ends_at__gt=at)
    others: dict[UUID, int] = {}
    own = []
    names = ("patient_id", "slot_id", "slot__starts_at", "slot__ends_at", "slot__type_id", "continues_id")
    for patient_id, slot_id, starts_at, ends_at, type_id, continues_id in booked.values_list(*names):
        if patient_id == patient.id:
            own.append((starts_at, ends_at, type_id, continues_id is None and starts_at > at))
        else:
            others[slot_id] = others.get(slot_id, 0) + 1
    return _Book(others, own)


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of the comparison: what holds now, or what would hold."""

    staff: Staff
    patient: Patient
    who: WhoFacts
    policy: Mapping[str, Any]
    rules: Sequence[BookingRule]
    book: _Book
    at: datetime
    kind: SlotType | None = None

    def after(self, change: Change) -> "_Side":
        """The same with the change in place."""
        rules = [rule for rule in self.rules if change.old is None or rule.id != change.old.id]
        rules += [change.new] if change.new else []
        who = replace(self.who, cohorts=(self.who.cohorts | change.joins) - change.leaves)
        return replace(self, policy={**self.policy, **change.policies}, rules=rules, who=who, kind=change.kind)

    def answer(self, slot: Slot) -> Answer:
        """What the patient would be told who chose the slot."""
        slot = self._as_it_would_be(slot)
        rules = [rule for rule in self.rules if rule.type_id == slot.type_id]
        facts = self._facts(slot, rules)
        refusal = why_not_book(facts, at=self.at)
        named = refusal_facts(self.staff, refusal, facts, slot.type, at=self.at, rules=rules)
        return Answer(refusal, tuple(named.items()) if refusal else ())

    def _as_it_would_be(self, slot: Slot) -> Slot:
        if self.kind is None or self.kind.id != slot.type_id:
            return slot
        slot = copy(slot)
        slot.type = self.kind
        return slot

    def _facts(self, slot: Slot, rules: Sequence[BookingRule]) -> BookingFacts:
        own, policy = self.book.own, self.policy
        return BookingFacts(
            slots=(slot.facts,),
            wanted=1,
            joins_up_to=slot.type.joins_up_to,
            taken=self.book.others.get(slot.id, 0) >= slot.seats,
            registered=self.patient.left_on is None and self.patient.died_on is None,
            booked_ahead=sum(counts for *_, counts in own),
            clashes=any(starts < slot.ends_at and ends > slot.starts_at for starts, ends, *_ in own),
            limit=policy["most_future_appointments"],
            book_ahead_days=policy["book_ahead_days"],
            minimum_notice_minutes=policy["minimum_notice_minutes"],
            booked_ahead_of_type=sum(counts for *_, kind, counts in own if kind == slot.type_id),
            limit_of_type=slot.type.most_future,
            rules=tuple(rule.facts for rule in rules),
            who=self.who,
        )
