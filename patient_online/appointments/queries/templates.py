"""Templates of sessions and absences as staff see them, and what sessions can be made of."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from patient_online.appointments.models import (
    Absence,
    Appointment,
    Schedule,
    SessionTemplate,
    Slot,
    SlotType,
    TemplatePart,
)
from patient_online.appointments.queries.slots import UNMAPPED
from patient_online.appointments.rules.sessions import Part, Plan
from patient_online.asking import Staff, System
from patient_online.nhs.dates import day_bounds
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.nhs.stretches import Stretch, stretch_of
from patient_online.practices.models import Site, StaffMember


def templates(asker: Staff | System, *, on: date) -> QuerySet[SessionTemplate]:
    """The practice's templates that have not stopped by the day, by clinician and time."""
    rows = SessionTemplate.objects.filter(Q(to_day=None) | Q(to_day__gte=on), practice_id=asker.practice_id)
    return rows.select_related("clinician", "site").order_by("clinician__name", "starts", "name", "id")


def practices_with_templates(system: System, *, on: date) -> list[str]:
    """The codes of all practices that have a template which has not stopped by the day."""
    rows = SessionTemplate.objects.filter(Q(to_day=None) | Q(to_day__gte=on)).order_by("practice_id")
    return list(rows.values_list("practice_id", flat=True).distinct())


def template_held(
    asker: Staff | System, template_id: UUID, *, besides: Collection[UUID] = ()
) -> tuple[SessionTemplate | None, list[StaffMember]]:
    """The template as it is now, and its clinician and those `besides`, locked until the transaction ends.

    Whoever locks both locks clinicians before templates, so that neither waits for the other in a ring. Where the
    template went to another clinician while we waited, that one is locked too. None where it is gone.
    """
    rows = SessionTemplate.objects.filter(practice_id=asker.practice_id, id=template_id)
    while whose := rows.values_list("clinician_id", flat=True).first():
        wanted = {whose, *besides}
        clinicians = clinicians_locked(asker, wanted)
        known = rows.filter(clinician_id__in=wanted).select_related("clinician", "site")
        if held := known.select_for_update(of=("self",)).first():
            return held, clinicians
    return None, []


def clinicians_locked(asker: Staff | System, ids: Iterable[UUID]) -> list[StaffMember]:
    """Those of the practice's clinicians, in the order of their ids, locked: one makes sessions for each at a time."""
    rows = StaffMember.objects.filter(practice_id=asker.practice_id, id__in=set(ids), sees_patients=True)
    return list(rows.order_by("id").select_for_update())


def plan_of(asker: Staff | System, template: SessionTemplate) -> Plan:
    """The template as a plan."""
    return plans_of(asker, [template])[template.id]


def plans_of(asker: Staff | System, rows: Iterable[SessionTemplate]) -> dict[UUID, Plan]:
    """Each of the templates as a plan, by its id; one statement."""
    each = {row.id: row for row in rows}
    parts = TemplatePart.objects.filter(practice_id=asker.practice_id, template_id__in=each)
    grouped = groupby(parts.order_by("template_id", "position"), key=lambda part: part.template_id)
    of_template = {id_: tuple(map(_part, group)) for id_, group in grouped}
    return {id_: _plan(row, of_template.get(id_, ())) for id_, row in each.items()}


def _part(row: TemplatePart) -> Part:
    return Part(row.minutes, row.count, row.type_id, row.mode, row.seats, row.online)


def _plan(row: SessionTemplate, parts: tuple[Part, ...]) -> Plan:
    pattern = Pattern(
        Kind(row.pattern),
        row.from_day,
        row.to_day,
        tuple(row.weekdays),
        every=row.every,
        nth=row.nth,
        except_bank_holidays=row.except_bank_holidays,
    )
    return Plan(row.name, row.site_id, row.clinician_id, row.starts, parts, pattern)


def clinicians(staff: Staff, *, on: date) -> QuerySet[StaffMember]:
    """Who sees patients at the practice on the day or later."""
    rows = StaffMember.objects.filter(Q(to_day=None) | Q(to_day__gte=on), practice_id=staff.practice_id)
    return rows.filter(sees_patients=True).order_by("name", "id")


def sites(staff: Staff) -> QuerySet[Site]:
    """The places of the practice, the main one first."""
    return Site.objects.filter(practice_id=staff.practice_id).order_by("-is_main", "name")


def worded(asker: Staff | System) -> dict[UUID, bool]:
    """The practice's kinds of slot: has each the words and the national category that it needs to go online?"""
    rows = SlotType.objects.filter(practice_id=asker.practice_id).values_list("id", "label", "national_category")
    return {id_: bool(label) and category not in UNMAPPED for id_, label, category in rows}


def sessions_to_come(
    asker: Staff | System, template: SessionTemplate, *, at: datetime, from_day: date | None = None
) -> QuerySet[Schedule]:
    """The template's sessions that have not begun and are not withdrawn; `taken` tells who has an appointment in them.

    A cancelled appointment counts too: its row is kept for ever, and so is the session in which it was.
    """
    since = max(at, day_bounds(from_day)[0]) if from_day else at
    theirs = {"practice": OuterRef("practice"), "slot__schedule_id": OuterRef("id")}
    rows = Schedule.objects.filter(practice_id=asker.practice_id, template_id=template.id, withdrawn_at=None)
    taken = Exists(Appointment.objects.filter(**theirs))
    return rows.filter(starts_at__gt=since).annotate(taken=taken).order_by("starts_at")


def sessions_away(staff: Staff, absence: Absence, *, at: datetime) -> QuerySet[Schedule]:
    """The clinician's sessions to come that have a time in the absence which is not withdrawn."""
    begins, over = stretch_of(absence).instants
    slots = Slot.objects.filter(practice=OuterRef("practice"), schedule_id=OuterRef("id"), status=Slot.Status.OPEN)
    then = slots.filter(starts_at__gt=at, starts_at__lt=over, ends_at__gt=begins)
    rows = Schedule.objects.filter(practice_id=staff.practice_id, clinician_id=absence.clinician_id, withdrawn_at=None)
    return rows.filter(Exists(then)).order_by("starts_at")


def absences(staff: Staff, *, on: date) -> QuerySet[Absence]:
    """The absences that are not over on the day and were not taken back, the next first."""
    rows = Absence.objects.filter(practice_id=staff.practice_id, taken_back_at=None, to_day__gte=on)
    return rows.select_related("clinician").order_by("from_day", "clinician__name", "id")


def absence_over(staff: Staff, clinician_id: UUID, stretch: Stretch) -> Absence | None:
    """The clinician's absence, entered and not taken back, in which all of a stretch lies, or None."""
    about = {"clinician_id": clinician_id, "from_day__lte": stretch.first, "to_day__gte": stretch.last}
    rows = Absence.objects.filter(practice_id=staff.practice_id, taken_back_at=None, **about).order_by("id")
    return next((row for row in rows if stretch_of(row).covers(*stretch.instants)), None)


def sessions_in(staff: Staff, rows: Iterable[Absence], *, at: datetime) -> dict[UUID, tuple[int, int]]:
    """For each absence how many sessions with a time in it are in the book still, and how many with a withdrawn one."""
    rows = list(rows)
    if not rows:
        return {}
    first, last = min(row.from_day for row in rows), max(row.to_day for row in rows)
    begins, over = Stretch(first, last).instants
    slots = Slot.objects.filter(practice_id=staff.practice_id, starts_at__gt=at, starts_at__lt=over, ends_at__gt=begins)
    theirs = slots.filter(schedule__clinician_id__in={row.clinician_id for row in rows})
    known = list(theirs.values_list("schedule__clinician_id", "schedule_id", "status", "starts_at", "ends_at"))
    return {row.id: (_sessions(row, known, "open"), _sessions(row, known, "withdrawn")) for row in rows}


def _sessions(absence: Absence, known: Sequence[tuple[UUID, UUID, str, datetime, datetime]], status: str) -> int:
    stretch = stretch_of(absence)
    return len(
        {
            session
            for clinician, session, is_, starts_at, ends_at in known
            if clinician == absence.clinician_id and is_ == status and stretch.meets(starts_at, ends_at)
        }
    )
