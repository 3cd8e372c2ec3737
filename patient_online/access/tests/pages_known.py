"""The pages of the practice: for whom each is, and what stands in its address."""

from datetime import timedelta
from itertools import combinations
from typing import Any
from uuid import uuid4

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from patient_online.access.tests.decided import something_decided
from patient_online.access.tests.registered import something_registered
from patient_online.access.tests.staffed import something_staffed
from patient_online.access.tests.worked import something_worked
from patient_online.appointments.models import Absence, BookingRule, Cohort, CohortMember, Schedule, SessionTemplate
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_slot_of, a_slot_type, an_appointment, staff_of
from patient_online.nhs.dates import local_day
from patient_online.notify.tests.people import failed
from patient_online.patients.models import Patient
from patient_online.practices.actions import close, write_notice
from patient_online.practices.models import Notice, Practice, Site

ALL = set(Role)
SEEING_PATIENTS = {Role.RECEPTIONIST, Role.NURSE, Role.GP, Role.MANAGER}
WORDING, MANAGING = {Role.MANAGER, Role.RECEPTIONIST}, {Role.MANAGER}
LOOKING = SEEING_PATIENTS
KEEPING = {Role.MANAGER, Role.ADMINISTRATOR}
DECIDING = set(Role) - {Role.ADMINISTRATOR}
PREVIEWING = {Role.MANAGER, Role.RECEPTIONIST, Role.GP}
PRACTICE_PAGES = {
    "appointments:day": SEEING_PATIENTS,
    "appointments:words": ALL,
    "appointments:word": WORDING,
    "appointments:rules": MANAGING,
    "appointments:add_rule": MANAGING,
    "appointments:change_rule": MANAGING,
    "appointments:remove_rule": MANAGING,
    "appointments:groups": WORDING,
    "appointments:add_group": WORDING,
    "appointments:group": WORDING,
    "appointments:rename_group": WORDING,
    "appointments:join_group": WORDING,
    "appointments:leave_group": WORDING,
    "appointments:preview": PREVIEWING,
    "appointments:preview_policy": MANAGING,
    "access:policies": ALL,
    "access:policy": MANAGING,
    "access:services": ALL,
    "access:service": MANAGING,
    "access:notices": ALL,
    "access:notice": MANAGING,
    "access:versions": ALL,
    "access:version": ALL,
    "access:closures": ALL,
    "access:new_closure": MANAGING,
    "access:take_back": MANAGING,
    "access:needs": WORDING,
    "access:online": SEEING_PATIENTS,
    "access:check": SEEING_PATIENTS,
    "access:check_seen": SEEING_PATIENTS,
    "access:linkage_letter": SEEING_PATIENTS,
    "access:take_back_letter": SEEING_PATIENTS,
    "access:end_claim": WORDING,
    "access:way_back": WORDING,
    "access:vouchers": MANAGING,
    "access:messages": WORDING,
    "access:try_again": WORDING,
    "access:stop_message": WORDING,
    "access:print_instead": WORDING,
    "access:letters": WORDING,
    "access:print_letters": WORDING,
    "access:printed": WORDING,
    "access:not_printed": WORDING,
    "access:setup": ALL,
    "access:work": DECIDING,
    "access:task": DECIDING,
    "access:cover": DECIDING,
    "access:take_back_cover": DECIDING,
    "access:details_request": WORDING,
    "access:correct_details": WORDING,
    "access:service_history": ALL,
    "access:take_back_switch": MANAGING,
    "access:staff": KEEPING,
    "access:add_staff": KEEPING,
    "access:staff_member": KEEPING,
    "access:change_staff": KEEPING,
    "access:staff_leaves": KEEPING,
    "access:staff_back": KEEPING,
    "access:invite_staff": KEEPING,
    "access:patient_access": SEEING_PATIENTS | {Role.GOVERNANCE},
    "access:service_level": PREVIEWING,
    "access:record_level": PREVIEWING,
    "access:end_link": WORDING,
    "access:hold_back": {Role.GP, Role.MANAGER, Role.GOVERNANCE},
    "access:lift": {Role.GP, Role.MANAGER, Role.GOVERNANCE},
    "access:enter_code": {Role.GP, Role.MANAGER},
    "access:patient_gone": WORDING,
    "access:patient_back": WORDING,
    "access:decide": PREVIEWING,
    "access:open_record": SEEING_PATIENTS | {Role.GOVERNANCE},
    "access:protect": {Role.GP, Role.MANAGER, Role.GOVERNANCE},
    "access:openings": {Role.GOVERNANCE},
    "access:opening": {Role.GOVERNANCE},
    "appointments:patients": SEEING_PATIENTS,
    "appointments:patient": SEEING_PATIENTS,
    "appointments:book_times": SEEING_PATIENTS,
    "appointments:book_for": SEEING_PATIENTS,
    "appointments:booked_for": SEEING_PATIENTS,
    "appointments:add_slot": SEEING_PATIENTS,
    "appointments:cancel_for": SEEING_PATIENTS,
    "appointments:move_times": SEEING_PATIENTS,
    "appointments:move_for": SEEING_PATIENTS,
    "appointments:templates": LOOKING,
    "appointments:template": LOOKING,
    "appointments:new_template": MANAGING,
    "appointments:change_template": MANAGING,
    "appointments:stop_template": MANAGING,
    "appointments:new_session": MANAGING,
    "appointments:absences": LOOKING,
    "appointments:new_absence": MANAGING,
    "appointments:take_back_absence": MANAGING,
    "appointments:withdraw": WORDING,
    "appointments:withdrawn": WORDING,
    "appointments:move_session": WORDING,
    "appointments:put_back": WORDING,
    "appointments:unmet": MANAGING,
    "appointments:unmet_file": MANAGING,
}


def address(route: str, known: dict[str, Any]) -> str:
    """The address of a page, with those of the known parts that it has."""
    for how_many in range(4):
        for names in combinations(known, how_many):
            try:
                return reverse(route, kwargs={name: known[name] for name in names})
            except NoReverseMatch:
                continue
    raise LookupError(route)


def practice_page(route: str, practice: Practice) -> str:
    """The address of a practice page, with something to show there."""
    return address(route, known_at(practice, route))


SERVICES = {
    "access:service": "appointments",
    "access:service_history": "appointments",
    "access:take_back_switch": "demographics",
    "access:service_level": "appointments",
}


def known_at(practice: Practice, route: str) -> dict[str, Any]:
    """What stands in the addresses of the practice's pages."""
    name = SERVICES.get(route, "book_ahead_days")
    known = something_told(practice) | something_ruled(practice) | something_planned(practice)
    known |= something_decided(practice, gone=route == "access:patient_back")
    known |= something_registered(practice, known["patient_id"], claimed="way_back" not in route) | something_staffed(
        practice
    )
    known |= something_worked(practice, known["patient_id"], route)
    return known | something_booked(practice, known["patient_id"], withdrawn="put_back" in route) | {"name": name}


def something_ruled(practice: Practice) -> dict[str, Any]:
    """What stands in the addresses of a release rule, of a group of patients and of a preview."""
    kind, patient, at = a_slot_type(practice), a_patient_of(practice), timezone.now()
    group = Cohort.objects.create(practice=practice, name="Invited")
    rule = BookingRule.objects.create(practice=practice, type=kind, cohort=group)
    member = CohortMember.objects.create(
        practice=practice, cohort=group, patient=patient, added_at=at, added_by=uuid4()
    )
    ids = {"type_id": kind.id, "rule_id": rule.id, "group_id": group.id, "member_id": member.id}
    return {**ids, "patient_id": patient.id}


def something_told(practice: Practice) -> dict[str, Any]:
    """What stands in the addresses of a welcome message and of a closure."""
    manager, at = staff_of(practice, Role.MANAGER), timezone.now()
    notice = write_notice(Notice.Kind.WELCOME, text="Welcome", following=0, by=manager, at=at, key=None)
    closure = close(local_day(at), local_day(at), words="Training", by=manager, at=at, key=None)
    known = {"kind": notice.kind, "number": notice.version, "closure_id": closure.id}
    return known | {"message_id": failed(a_patient_of(practice)).id}


def something_planned(practice: Practice) -> dict[str, Any]:
    """What stands in the addresses of a template and of an absence."""
    clinician, at = staff_of(practice, Role.GP), timezone.now()
    site = Site.objects.get(practice=practice, is_main=True)
    template = SessionTemplate.objects.create(
        practice=practice,
        name="Surgery",
        site=site,
        clinician_id=clinician.staff_id,
        weekdays=[1],
        starts="09:00",
        from_day=local_day(at) + timedelta(days=30),
    )
    day = local_day(at) + timedelta(days=1)
    away = Absence(practice=practice, clinician_id=clinician.staff_id, from_day=day, to_day=day)
    away.entered_at, away.entered_by = at, uuid4()
    away.save(force_insert=True)
    return {"template_id": template.id, "absence_id": away.id}


def something_booked(practice: Practice, patient_id: Any, *, withdrawn: bool) -> dict[str, Any]:
    """What stands in the addresses of an appointment, of a free slot and of a session."""
    at, patient = timezone.now(), Patient.objects.get(practice=practice, id=patient_id)
    appointment = an_appointment(a_slot_of(practice, at + timedelta(days=3)), patient)
    free = a_slot_of(practice, at + timedelta(days=4))
    if withdrawn:
        Schedule.objects.filter(id=free.schedule_id).update(withdrawn_at=at, withdrawn_by=uuid4())
    return {"appointment_id": appointment.id, "slot_id": free.id, "schedule_id": free.schedule_id}
