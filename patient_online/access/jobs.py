"""What happens later to who may do what, without anybody pressing a button."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from patient_online.access.actions import end_access_of_gone, first_access
from patient_online.access.actions.staffing import let_out
from patient_online.access.models import CodesWeighed, Link
from patient_online.access.queries.codes import turned_sixteen
from patient_online.access.queries.going import gone_but_linked
from patient_online.access.queries.staffing import leavers_listed
from patient_online.asking import System
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import StaffMember
from patient_online.practices.queries import practices_active

logger = logging.getLogger(__name__)
Row = TypeVar("Row", StaffMember, Patient, Link)


class NotAllDone(Exception):
    """What was due could not be done for some: the log says why, and it is done for all others."""

    def __init__(self, practice_id: str, what: str, broken: Sequence[UUID]) -> None:
        super().__init__(f"{practice_id}: {what}: not done for {', '.join(map(str, broken))}")


@app.periodic(cron="1 * * * *")
@app.task(queueing_lock="access.let_leavers_out")
def let_leavers_out(timestamp: int) -> None:
    """Have what those may do whose day has come ended at each practice, each hour: a missed night is made up for."""
    everywhere = System("let_leavers_out", why="each practice has people who leave it")
    for practice_id in practices_active(everywhere):
        let_leavers_out_of_practice.defer(practice_id=practice_id)


@app.task
def let_leavers_out_of_practice(practice_id: str) -> None:
    """End what leavers of one practice may do."""
    let_out_of_practice(practice_id)


def let_out_of_practice(practice_id: str) -> int:
    """End it at one practice; how many they were."""
    system, now = System("let_leavers_out", practice_id), timezone.now()
    leavers = leavers_listed(system, at=now)
    return _each(system, leavers, lambda member: let_out(member, by=system, at=now))


@app.periodic(cron="11 * * * *")
@app.task(queueing_lock="access.see_to_patients")
def see_to_patients(timestamp: int) -> None:
    """Have the access of those ended whom a file said to be gone, and codes weighed of who turned 16, each hour."""
    everywhere = System("see_to_patients", why="each practice has patients who leave, die or turn 16")
    for practice_id in practices_active(everywhere):
        end_access_of_practice.defer(practice_id=practice_id)
        weigh_codes_of_practice.defer(practice_id=practice_id)


@app.task
def end_access_of_practice(practice_id: str) -> None:
    """End the access of patients of one practice who are gone."""
    end_access_at(practice_id)


@app.task
def weigh_codes_of_practice(practice_id: str) -> None:
    """Weigh the codes of patients of one practice who turned 16."""
    weigh_at_sixteen(practice_id)


def end_access_at(practice_id: str) -> int:
    """End what still lets somebody act for patients of one practice who have left or died; how many patients."""
    system, now = System("end_access", practice_id), timezone.now()
    patients = list(gone_but_linked(system))
    return _each(system, patients, lambda patient: end_access_of_gone(patient, by=system, at=now))


def weigh_at_sixteen(practice_id: str) -> int:
    """Weigh the codes of the patients of one practice who have just turned 16; how many accounts."""
    system, now = System("weigh_at_sixteen", practice_id), timezone.now()
    links = turned_sixteen(system, on=local_day(now))
    sixteen = CodesWeighed.Occasion.SIXTEEN
    return _each(
        system, links, lambda link: first_access(link.patient, link.account_id, by=system, at=now, occasion=sixteen)
    )


def _each(system: System, rows: Sequence[Row], deed: Callable[[Row], object]) -> int:
    """Do it for each; how many. One that breaks stops none of the others; NotAllDone is raised when these are done."""
    broken = []
    for row in rows:
        try:
            deed(row)
        except Exception:
            logger.exception("%s could not be done for %s.", system.name, row.id)
            broken.append(row.id)
    if broken:
        raise NotAllDone(system.practice_id, system.name, broken)
    return len(rows)
