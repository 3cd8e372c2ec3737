"""What the practice of the accessibility tests tells its patients, and what they could not get."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from patient_online.appointments.models import UnmetDemand
from patient_online.appointments.queries.unmet import SEARCH_EMPTY
from patient_online.appointments.rules.booking import NotBooked
from patient_online.asking import Role
from patient_online.demo.factories import staff_of
from patient_online.nhs.dates import local_day
from patient_online.practices.actions import close, write_notice
from patient_online.practices.models import Notice
from tests.journeys.world import World

ROUTES = [
    {"for": "Appointments", "how": "01632 960 001", "when": "Monday to Friday, 8am to 6:30pm"},
    {"for": "Test results", "how": "01632 960 002", "when": ""},
]


def notices_told(world: World) -> dict[str, Any]:
    """A welcome in two versions, ways to reach the practice, a closure, and some counts."""
    now = timezone.now()
    given: dict[str, Any] = {"by": staff_of(world.practice, Role.MANAGER), "at": now, "key": None}
    for seen, text in enumerate(["Flu vaccinations have begun.\nAsk at the desk.", "Welcome.\nAsk at the desk."]):
        write_notice(Notice.Kind.WELCOME, text=text, following=seen, **given)
    write_notice(Notice.Kind.ROUTES, routes=ROUTES, following=0, **given)
    today = local_day(now)
    closed = close(today + timedelta(days=5), today + timedelta(days=6), words="Training. Call 111.", **given)
    for what, count in ((SEARCH_EMPTY, 14), (NotBooked.JUST_TAKEN.rule, 5)):
        UnmetDemand.objects.create(practice=world.practice, day=today, what=what, count=count)
    return {"closure": closed.id}
