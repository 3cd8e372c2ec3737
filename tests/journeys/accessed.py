"""What is decided about who may use what: a patient who asks, one from whom something is held back, one who left."""

from typing import Any

from django.utils import timezone

from patient_online.access.actions import ask_for, hold_back, note_patient_gone
from patient_online.access.models import Block, Link
from patient_online.access.rules.requests import Asked
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, acting_as, an_account_for, staff_of, switch_on
from patient_online.identity.models import Account
from patient_online.nhs.dates import local_day
from patient_online.nhs.record_levels import SERVICE_OF
from patient_online.nhs.services import Level, Service
from tests.journeys.world import World


def accessed(world: World) -> tuple[dict[str, Account], dict[str, Any]]:
    """Accounts by who they are, and ids by what they are."""
    now, gp = timezone.now(), staff_of(world.practice, Role.GP)
    for service in SERVICE_OF.values():
        switch_on(world.practice, service)
    patient = a_patient_of(world.practice, given_name="Ida", family_name="Wantsmore")
    account = an_account_for(patient, services={Service.APPOINTMENTS: Level.VIEW})
    acting = acting_as(patient, account)
    asked = ask_for(Asked("appointments", "manage"), words="I work nights.", by=acting, at=now)
    why: dict[str, Any] = {"why": Block.Why.OTHER, "words": "Made-up reason.", "by": gp, "at": now}
    block = hold_back(patient, service=Service.PRESCRIPTIONS, **why)
    gone = a_patient_of(world.practice, given_name="Otto", family_name="Wentaway")
    desk = staff_of(world.practice, Role.RECEPTIONIST)
    note_patient_gone(gone, why=Link.Why.LEFT, day=local_day(now), by=desk, at=now)
    ids = {"asked": asked.id, "held": block.id, "with_access": patient.id, "account_of_access": account.id}
    return {"asks": account}, ids | {"gone_patient": gone.id}
