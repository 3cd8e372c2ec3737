"""What waits on the work list of the practice whose pages are looked at."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from patient_online.access.actions.amending import ask_to_amend
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account_for, staff_of, switch_on
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Level, Service
from patient_online.patients.amending import Details
from patient_online.patients.models import Patient
from patient_online.practices.actions import switch_service
from patient_online.practices.models import ServiceStatus
from patient_online.tasks.actions import cover
from patient_online.tasks.models import Task
from tests.journeys.world import World

HOME: dict[str, Any] = {"address": ["1 Example Street", "Madeup Town"], "postcode": "ZZ99 3VZ"}


def worked(world: World) -> tuple[dict[str, Account], dict[str, Any]]:
    """Accounts by who they are, and ids by what they are."""
    now, manager, other = timezone.now(), staff_of(world.practice, Role.MANAGER), staff_of(world.practice, Role.MANAGER)
    switch_on(world.practice, Service.DEMOGRAPHICS)
    detailed, renamed = (a_patient_of(world.practice, given_name=name, **HOME) for name in ("Dora", "Rena"))
    accounts = {"detailed": _with_details(detailed), "renamed": _with_details(renamed)}
    theirs = acting_as(renamed, accounts["renamed"])
    moved = Details("Mx", "Madeup", "Newname", ("2 Other Street", "Madeup Town"), "ZZ99 3VZ")
    request = ask_to_amend(moved, words="I got married.", by=theirs, at=now - timedelta(days=20), key=uuid4())
    days: dict[str, Any] = {"from_day": local_day(now), "to_day": local_day(now), "by": manager, "at": now}
    covered = cover(manager.staff_id, covered_by=other.staff_id, key=uuid4(), **days)
    given: dict[str, Any] = {"from_day": local_day(now) + timedelta(days=30), "by": manager, "at": now}
    planned = switch_service(
        world.practice, service=Service.PRESCRIPTIONS, status=ServiceStatus.Status.SWITCHED_ON, **given
    )
    task = Task.objects.get(practice=world.practice, about=request.id)
    return accounts, {"amended": request.id, "task": task.id, "cover": covered.id, "planned": planned.id}


def _with_details(patient: Patient) -> Account:
    """An account that may see the patient's details and ask for a change."""
    services = {Service.APPOINTMENTS: Level.MANAGE, Service.DEMOGRAPHICS: Level.MANAGE}
    return an_account_for(patient, services=services)
