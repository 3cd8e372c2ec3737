"""What came of what a patient asked for."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import Wish, slots_free
from patient_online.asking import Acting
from patient_online.audit.models import Entry
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7


def any_time(now: datetime) -> Wish:
    """Anything in the next fortnight."""
    return Wish(local_day(now), local_day(now) + timedelta(days=13))


def refused(ask: Callable[..., Any], *things: Any, **details: Any) -> Refusal:
    """Why the action says no; it must leave every appointment as it is."""
    before = list(Appointment.objects.order_by("id").values())
    with pytest.raises(Refused) as no:
        ask(*things, key=uuid7(), **details)
    assert list(Appointment.objects.order_by("id").values()) == before
    return no.value.reason


def done(ask: Callable[..., Appointment], *things: Any, **details: Any) -> Appointment:
    """The appointment that the action gives, as the database has it."""
    return Appointment.objects.get(id=ask(*things, key=uuid7(), **details).id)


def free(acting: Acting, now: datetime) -> list[Slot]:
    """What the patient could book."""
    return list(slots_free(acting, any_time(now), at=now))


def the_trail() -> list[tuple[str, str]]:
    """What was done or refused, after the people were made."""
    entries = Entry.objects.exclude(event__startswith="access.").order_by("id")
    return list(entries.values_list("event", "refused_by"))
