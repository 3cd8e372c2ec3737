"""The times that messages of a withdrawal would name to each patient, as staff see them before it is done."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from patient_online.appointments.models import Appointment, BookingRule, CohortMember, Slot
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.queries.slots import WORDED
from patient_online.appointments.queries.withdraw import Plan, slots_left
from patient_online.appointments.rules.offering import how_many_near, named_to
from patient_online.appointments.rules.release import Opening, Reach, Terms, WhoFacts, opening
from patient_online.appointments.rules.withdraw import OFFERED
from patient_online.asking import Staff
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies


class Free(NamedTuple):
    """A slot with a seat left."""

    starts_at: datetime
    ends_at: datetime
    id: UUID


Times = dict[datetime, list[Free]]
Taken = list[tuple[datetime, datetime]]


def offers(staff: Staff, plan: Plan, *, at: datetime) -> dict[UUID, list[Slot]]:
    """For each appointment the free times that the patient's message would name, were the plan carried out now.

    They are those of `times_to_offer`, but of all patients at once: as many statements for five hundred as for one.
    """
    appointments = plan.appointments
    if not appointments:
        return {}
    kinds = {row.slot.type_id for row in appointments}
    free, taken = _free(staff, plan, kinds, at), _taken(staff, plan, at)
    terms = _terms(staff, [row.patient for row in appointments], kinds)
    chosen = {row.id: _named(row, free[row.slot.type_id], taken[row.patient_id], terms, at) for row in appointments}
    wanted = {slot for ids in chosen.values() for slot in ids}
    found = Slot.objects.filter(practice_id=staff.practice_id, id__in=wanted).select_related("schedule__clinician")
    known = {slot.id: slot for slot in found}
    return {row: [known[slot] for slot in ids if slot in known] for row, ids in chosen.items()}


def _free(staff: Staff, plan: Plan, kinds: Collection[UUID], at: datetime) -> dict[UUID, Times]:
    """The times of each kind that are online and do not go, in order; of those from the same to the same one each."""
    rows = slots_left(staff, at=at).filter(WORDED, online=True, type_id__in=kinds)
    rows = rows.exclude(id__in=[each.id for each in plan.slots])
    once = rows.order_by("type_id", "starts_at", "ends_at", "id").distinct("type_id", "starts_at", "ends_at")
    free: dict[UUID, Times] = defaultdict(dict)
    for kind, starts_at, ends_at, slot in once.values_list("type_id", "starts_at", "ends_at", "id"):
        free[kind].setdefault(starts_at, []).append(Free(starts_at, ends_at, slot))
    return free


def _taken(staff: Staff, plan: Plan, at: datetime) -> dict[UUID, Taken]:
    """When each patient has another appointment that stays."""
    patients, gone = {row.patient_id for row in plan.appointments}, [row.id for row in plan.rows]
    rows = Appointment.objects.filter(BOOKED, practice_id=staff.practice_id, patient_id__in=patients)
    rows = rows.filter(slot__ends_at__gt=at).exclude(id__in=gone)
    taken: dict[UUID, list[tuple[datetime, datetime]]] = {patient: [] for patient in patients}
    for patient, starts_at, ends_at in rows.values_list("patient_id", "slot__starts_at", "slot__ends_at"):
        taken[patient].append((starts_at, ends_at))
    return taken


def _terms(staff: Staff, patients: Iterable[Patient], kinds: Collection[UUID]) -> dict[UUID, Terms]:
    """What decides for each patient which of these kinds of slot are open to them."""
    here = {"practice_id": staff.practice_id}
    rules = defaultdict(list)
    for rule in BookingRule.objects.filter(**here, type_id__in=kinds):
        rules[rule.type_id].append(rule.facts)
    known = {each.id: each for each in patients}
    cohorts: dict[UUID, set[UUID]] = defaultdict(set)
    for member in CohortMember.objects.filter(**here, patient_id__in=known):
        cohorts[member.patient_id].add(member.cohort_id)
    reach = Reach.of(policies(staff))
    who = {id_: WhoFacts(each.birth_date, each.sex, frozenset(cohorts[id_])) for id_, each in known.items()}
    return {id_: Terms(reach, facts, rules) for id_, facts in who.items()}


def _named(row: Appointment, free: Times, taken: Taken, terms: dict[UUID, Terms], at: datetime) -> list[UUID]:
    """The slots that are named to the patient, one for each time."""
    of = terms[row.patient_id]
    openings = [opening(rule, of.who, of.reach, at=at) for rule in of.of(row.slot.type_id)]
    let_in = [each for each in openings if isinstance(each, Opening)]
    times, near = list(free), row.slot.starts_at
    here = bisect_left(times, near)
    later = _could((free[time] for time in times[here:]), taken, let_in)
    sooner = _could((free[time] for time in reversed(times[:here])), taken, let_in)
    most = how_many_near(OFFERED)
    could = {one.starts_at: one.id for each in (later, sooner) for one in islice(each, most)}
    return [could[time] for time in named_to(row.patient_id, could, near, most=OFFERED)]


def _could(times: Iterable[list[Free]], taken: Taken, let_in: Sequence[Opening]) -> Iterator[Free]:
    """Of each time the first slot that is open to the patient while they have nothing else."""
    for slots in times:
        if any(each.lets_in(slots[0].starts_at) for each in let_in):
            yield from islice((one for one in slots if not _clashes(one, taken)), 1)


def _clashes(one: Free, taken: Taken) -> bool:
    return any(begins < one.ends_at and over > one.starts_at for begins, over in taken)
