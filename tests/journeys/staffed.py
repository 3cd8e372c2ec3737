"""Those who look after staff and records in the accessibility tests, and what they look at."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from patient_online.access.actions.opening import open_record
from patient_online.access.actions.programme import add_to_programme
from patient_online.access.invitations import Offered, sealed
from patient_online.access.tests.staffed import WHY
from patient_online.asking import Role, System
from patient_online.demo.factories import a_patient_of, an_account, staff_of
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.practices.models import StaffMember
from patient_online.storage.ids import uuid7
from tests.journeys.world import World


def staffed(world: World) -> tuple[dict[str, Account], dict[str, Any]]:
    """Accounts by who they are, and ids by what they are."""
    analyst, now = an_account(name="Count Onlynumbers"), timezone.now()
    add_to_programme(analyst.id, by=System("tests", why="the programme is of no practice"), at=now)
    hidden = a_patient_of(world.practice, given_name="Sorcha", family_name="Protectedly", sensitive=True)
    opening = open_record(hidden, reason=WHY, by=staff_of(world.practice, Role.NURSE), at=now, key=uuid7())
    accounts = {"governance": world.worker(Role.GOVERNANCE), "analyst": analyst, "invited": an_account()}
    ids = {"protected": hidden.id, "opening": opening.id, **_places(world)}
    member = _member(world, name="Nia Newperson")
    token = sealed(Offered(world.practice.ods_code, member.id, accounts["invited"].id))
    return accounts, ids | {"join": token, "newcomer": member.id}


def _places(world: World) -> dict[str, Any]:
    staff = staff_of(world.practice, Role.RECEPTIONIST)
    return {"worker": staff.staff_id, "leaver": _member(world, to_day=local_day(timezone.now())).id}


def _member(world: World, **given: Any) -> StaffMember:
    first = local_day(timezone.now()) - timedelta(days=400)
    row: dict[str, Any] = {"name": "Lee Goneby", "job": "Receptionist", "from_day": first, **given}
    return StaffMember.objects.create(practice=world.practice, **row)
