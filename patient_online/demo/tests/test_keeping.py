"""The made-up practice in the database: made once, true to every constraint, as the actions would have made it."""

from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client

from patient_online.access.actions import give, list_staff
from patient_online.access.models import ActsFor, Grant, Session, WorksAt
from patient_online.access.queries import Asking, who_has
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import past, slots_bookable, upcoming
from patient_online.asking import Role, System
from patient_online.audit.models import Entry
from patient_online.demo.accounts import MADE_BY
from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.demo.keeping import demo_is_here, keep, last_clinic
from patient_online.demo.logins import PASSWORD, logins
from patient_online.demo.surgery import ODS_CODE
from patient_online.demo.world import World, the_world
from patient_online.identity.models import Account
from patient_online.nhs.dates import london
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember

TODAY = date(2026, 3, 20)
MORNING = london(2026, 3, 20, 8, 30)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def kept() -> World:
    made = the_world(TODAY)
    keep(made)
    return made


def said_by(*command: str, **options: Any) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def asking(email: str) -> Asking:
    found = who_has(Account.objects.get(email=email).id, at=MORNING, today=TODAY)
    assert found is not None
    return found


def test_every_row_of_the_world_is_kept(kept: World) -> None:
    found = {type(rows[0]): type(rows[0])._default_manager.count() for rows in kept.rows()}
    assert found == {type(rows[0]): len(rows) for rows in kept.rows()}
    assert found[Patient] >= 300
    assert last_clinic() == date(2026, 4, 16)


def test_everybody_listed_can_sign_in_and_reaches_what_they_should(kept: World) -> None:
    for login in logins():
        answer = Client().post("/sign-in", {"login": login.email, "password": PASSWORD})
        assert answer.status_code == 302, login
        who = asking(login.email)
        assert (who.staff() is not None) is (login.kind == "staff"), login
        assert (who.acting() is not None) is (login.kind == "patient" and not login.email.startswith("unlinked"))
    assert Session.objects.count() == len(logins())


def test_staff_who_sign_in_have_their_roles(kept: World) -> None:
    roles = {login.email: asking(login.email).staff() for login in logins() if login.kind == "staff"}
    found = {role for staff in roles.values() if staff for role in staff.roles}
    assert found == set(Role)


def test_a_newcomer_finds_free_appointments_of_several_kinds_and_has_none(kept: World) -> None:
    acting = asking("patient@example.com").acting()
    assert acting is not None
    free = list(slots_bookable(acting, at=MORNING))
    assert len(free) > 200
    assert len({slot.type.label for slot in free}) >= 6
    assert all(slot.type.label and slot.type.guidance for slot in free)
    assert (upcoming(acting, at=MORNING), past(acting, at=MORNING)) == ([], [])


def test_who_may_only_look_sees_appointments_and_can_book_none(kept: World) -> None:
    acting = asking("looking@example.com").acting()
    assert acting is not None
    assert len(upcoming(acting, at=MORNING)) == 1
    assert not slots_bookable(acting, at=MORNING).exists()


def test_a_mother_acts_for_herself_first_and_for_both_twins(kept: World) -> None:
    people = kept.people.known
    acts_for = [one.patient_id for one in asking("parent@example.com").acts_for]
    assert acts_for == [people[name].id for name in ("parent@example.com", "Hana", "Hugo")]


def fields_of(row: Model, *, besides: tuple[str, ...] = ()) -> dict[str, Any]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in ("id", *besides)}


def test_grants_are_as_the_action_makes_them(kept: World) -> None:
    alone = {each.account_id for each in kept.access.acts_for if list(each.levels) == [Service.APPOINTMENTS]}
    grant = next(each for each in kept.access.grants if each.account_id in alone)
    patient = Patient.objects.get(practice_id=ODS_CODE, id=grant.patient_id)
    stranger = UUID(int=7)
    by = System(MADE_BY, ODS_CODE)
    at = grant.granted_at
    given = give(patient, account_id=stranger, service=Service.APPOINTMENTS, level=Level(grant.level), by=by, at=at)
    ours, besides = Grant.objects.get(practice_id=ODS_CODE, id=grant.id), ("account_id",)
    assert fields_of(ours, besides=besides) == fields_of(Grant.objects.get(id=given.id), besides=besides)
    listed, others = (ActsFor.objects.get(account_id=who) for who in (grant.account_id, stranger))
    assert fields_of(listed, besides=besides) == fields_of(others, besides=besides)
    entry, other = (Entry.objects.get(event="access.granted", subject_id=each) for each in (grant.id, given.id))
    assert fields_of(entry, besides=("subject_id",)) == fields_of(other, besides=("subject_id",))


def test_staff_are_listed_as_the_action_lists_them(kept: World) -> None:
    for listed in kept.access.works_at:
        member = StaffMember.objects.get(practice_id=ODS_CODE, id=listed.staff_id)
        entry = Entry.objects.get(event="access.staff_listed", subject_id=member.id)
        WorksAt.objects.filter(id=listed.id).delete()
        list_staff(member, by=System(MADE_BY, ODS_CODE), at=entry.at)
        assert fields_of(WorksAt.objects.get(account_id=listed.account_id)) == fields_of(listed)
        again = Entry.objects.filter(event="access.staff_listed", subject_id=member.id).exclude(id=entry.id).get()
        assert fields_of(again) == fields_of(entry)


def test_the_command_makes_the_practice_once_and_says_who_can_sign_in() -> None:
    first = said_by("make_demo", today=TODAY)
    assert f"Made-up Lane Surgery: {Patient.objects.count()} patients" in first
    assert PASSWORD in first
    assert all(login.email in first for login in logins())
    ids = set(Slot.objects.values_list("id", flat=True))
    again = said_by("make_demo", today=TODAY)
    assert "there already" in again
    assert "16 April 2026" in again
    assert set(Slot.objects.values_list("id", flat=True)) == ids


def test_when_the_clinics_run_out_the_command_says_how_to_make_them_afresh(settings: Any, tmp_path: Path) -> None:
    """In the folder that it works in: the demonstration has one of its own."""
    settings.VAR = tmp_path
    said_by("make_demo", today=TODAY)
    said = said_by("make_demo", today=date(2026, 4, 12), no_logins=True)
    assert f"PATIENT_ONLINE_VAR={tmp_path} .venv/bin/python manage.py make_demo --afresh" in said
    assert last_clinic() == date(2026, 4, 16)


def test_afresh_clears_the_made_up_practice_with_all_that_was_done_in_it_and_nothing_else(settings: Any) -> None:
    settings.DEMO = True
    neighbour = a_patient_of(a_practice())
    keep(the_world(TODAY), afresh=True)
    Client().post("/sign-in", {"login": "patient@example.com", "password": PASSWORD})
    Account.objects.filter(email="patient@example.com").update(name="Changed")
    acting = asking("patient@example.com").acting()
    assert acting is not None
    upcoming(acting, at=MORNING)
    said_by("make_demo", "--afresh", "--among-others", today=date(2026, 10, 20), seed=5)
    assert last_clinic() == date(2026, 11, 16)
    assert Patient.objects.get(practice_id=neighbour.practice_id).id == neighbour.id
    assert Account.objects.get(email="patient@example.com").name == "Robin Testperson"
    assert not Entry.objects.filter(event="appointment.upcoming_seen").exists()
    assert not Session.objects.exists()
    world = the_world(date(2026, 10, 20), 5)
    appointments = {each.id for each in Appointment.objects.all()}
    assert appointments == {each.id for each in world.appointments}
    assert Account.objects.count() == len(world.access.accounts)


@pytest.mark.parametrize("demo", [False, True])
def test_made_up_logins_are_kept_away_from_real_patients_unless_somebody_says_so(settings: Any, demo: bool) -> None:
    """Whatever the mode: `make demo` always sets it, and DATABASE_URL may be that of a real practice."""
    a_patient_of(a_practice())
    settings.DEMO = demo
    with pytest.raises(CommandError, match="patients of other practices"):
        said_by("make_demo", today=TODAY)
    assert not Practice.objects.filter(ods_code=ODS_CODE).exists()
    assert not Account.objects.exists()
    said_by("make_demo", "--among-others", today=TODAY)
    assert Practice.objects.filter(ods_code=ODS_CODE).exists()


def test_the_made_up_practice_can_be_taken_out_and_its_people_are_out_too(kept: World) -> None:
    neighbour = a_patient_of(a_practice())
    assert demo_is_here()
    assert "not in this database any more" in said_by("make_demo", "--remove")
    assert not demo_is_here()
    assert not Account.objects.exists()
    assert list(Patient.objects.values_list("id", flat=True)) == [neighbour.id]


@pytest.mark.parametrize("today", [date(2026, 10, 20), date(2028, 2, 29)])
def test_the_database_takes_a_world_of_any_day(today: date) -> None:
    assert keep(the_world(today))
    assert not keep(the_world(today))


def test_the_times_of_a_clinic_are_kept_as_instants(kept: World) -> None:
    slot = kept.book.slots[0]
    starts_at: datetime = Slot.objects.get(practice_id=ODS_CODE, id=slot.id).starts_at
    assert starts_at == slot.starts_at
