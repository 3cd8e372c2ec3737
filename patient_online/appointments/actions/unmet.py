"""What can happen to the counts of what people could not get: they grow. No person is in them, so no trail is left."""

import random
from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection

from patient_online.appointments import queries
from patient_online.appointments.models import Slot
from patient_online.appointments.queries.unmet import SEARCH_EMPTY
from patient_online.appointments.rules.booking import NotBooked
from patient_online.asking import Acting, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.storage.ids import uuid7

STRIPES = 8
ADD = """
    INSERT INTO appointments_unmetdemand (practice_id, id, day, what, stripe, count) VALUES (%s, %s, %s, %s, %s, 1)
    ON CONFLICT (practice_id, day, what, stripe) DO UPDATE SET count = appointments_unmetdemand.count + 1
"""
SET = """
    INSERT INTO appointments_unmetdemand (practice_id, id, day, what, stripe, count) VALUES (%s, %s, %s, %s, 0, %s)
    ON CONFLICT (practice_id, day, what, stripe)
    DO UPDATE SET count = GREATEST(appointments_unmetdemand.count, EXCLUDED.count)
"""


def count_empty_search(*, by: Acting, at: datetime) -> None:
    """Count a search that found nothing: one statement of its own, on one of several rows so that nobody waits."""
    stripe = random.randrange(STRIPES)  # noqa: S311 - spreads writers, no secret
    with connection.cursor() as cursor:
        cursor.execute(ADD, [by.practice_id, uuid7(), local_day(at), SEARCH_EMPTY, stripe])


def tell_why_not(slot: Slot, no: NotBooked, *, by: Acting, at: datetime) -> None:
    """Remember that somebody who opened the page of a slot was told why they cannot have it: about once a day.

    Nothing is locked for a count: two tabs at the same instant count twice.
    """
    if not queries.told_no_today(by, slot, no, at=at):
        record("appointment.told_why_not", by=by, at=at, subject=slot.id, refused_by=no.rule)


@action("appointment.unmet_counted")
def count_unmet(day: date, *, by: System, at: datetime) -> Mapping[str, int]:
    """Count from the trail of a day what one practice's patients were refused or gave up; again changes nothing."""
    counts = queries.unmet_in_the_trail(by, day)
    with connection.cursor() as cursor:
        for what, count in counts.items():
            cursor.execute(SET, [by.practice_id, uuid7(), day, what, count])
    record("appointment.unmet_counted", by=by, at=at, day=day.isoformat(), total=sum(counts.values()))
    return counts
