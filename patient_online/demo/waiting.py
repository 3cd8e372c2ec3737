"""What waits in the made-up practice: who may change their details, and a change that nobody has decided yet."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Model

from patient_online.access.actions.amending import TASK
from patient_online.access.models import DetailsRequest, Grant
from patient_online.demo.accounts import Access
from patient_online.demo.ids import Ids, account_id
from patient_online.demo.people import People
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.dates import from_wall_clock
from patient_online.nhs.services import Level, Service
from patient_online.tasks.models import Task
from patient_online.tasks.rules import due_after

WITH_DETAILS = ("patient@example.com", "busy@example.com", "older@example.com")
ASKS, ASKED_DAYS_AGO, ANSWERED_WITHIN = "busy@example.com", 10, 3


@dataclass(frozen=True)
class Waiting:
    """A request to change details, and the task that it is for the practice."""

    requests: list[DetailsRequest]
    tasks: list[Task]

    def rows(self) -> list[list[Model]]:
        """Every row, in an order in which the database takes them."""
        return [list(self.requests), list(self.tasks)]


def what_waits(access: Access, people: People, ids: Ids) -> Waiting:
    """Give some of those who sign in their details, and let one of them ask for a change ten days ago."""
    for email in WITH_DETAILS:
        _give_details(access, email, people, ids)
    patient, asked_at = people.known[ASKS], from_wall_clock(_days_before(people.today), time(10, 40))
    request = DetailsRequest(
        practice_id=ODS_CODE,
        id=ids(),
        patient_id=patient.id,
        account_id=account_id(ASKS),
        changes={"address": [list(patient.address), ["7 Nowhere Gardens", "Madeup Town"]]},
        words="I moved at the weekend.",
        asked_at=asked_at,
    )
    row = {"practice_id": ODS_CODE, "kind": TASK, "about": request.id, "patient_id": patient.id}
    task = Task(id=ids(), made_at=asked_at, due_at=due_after(asked_at, ANSWERED_WITHIN), **row)
    return Waiting([request], [task])


def _give_details(access: Access, email: str, people: People, ids: Ids) -> None:
    """What `access.actions.give` does for the details of one patient."""
    row = {"patient_id": people.known[email].id, "account_id": account_id(email)}
    [grant] = [each for each in access.grants if (each.patient_id, each.account_id) == tuple(row.values())]
    given = {"service": Service.DEMOGRAPHICS, "level": Level.MANAGE, "granted_at": grant.granted_at}
    access.grants.append(Grant(practice_id=ODS_CODE, id=ids(), **row, **given))
    for listed in access.acts_for:
        if (listed.patient_id, listed.account_id) == tuple(row.values()):
            listed.levels = {**listed.levels, Service.DEMOGRAPHICS.value: Level.MANAGE.value}


def _days_before(today: date) -> date:
    return today - timedelta(days=ASKED_DAYS_AGO)
