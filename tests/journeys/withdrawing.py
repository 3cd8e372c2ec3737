"""A session that the practice has withdrawn, for those who look at the pages."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from patient_online.appointments.actions import withdraw
from patient_online.appointments.queries import sessions_seen
from patient_online.appointments.rules.withdraw import Choice
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_appointment, staff_of
from patient_online.nhs.dates import local_day
from tests.journeys.visitors import Visitor
from tests.journeys.world import World, at_hour


def a_withdrawn_session(world: World) -> UUID:
    """Ada's afternoon in five days, in which somebody who can only be rung had an appointment; its id."""
    now = timezone.now()
    slots = world.slots_at(at_hour(5, 14))
    rung = a_patient_of(world.practice, given_name="Olu", family_name="Placeholder", telephone="+441632960777")
    an_appointment(slots[0], rung, booked_at=now - timedelta(days=1))
    rita = staff_of(world.practice, Role.RECEPTIONIST)
    choice = Choice(local_day(now), local_day(now), schedule=slots[0].schedule_id)
    shown = sessions_seen(rita, choice, at=now).shown
    withdraw(choice, shown=shown, reason="Heating failed", words="The heating failed.", by=rita, key=None, at=now)
    return slots[0].schedule_id


def books_what_was_moved(visitor: Visitor, cast: object) -> None:
    """Go past the signs of an emergency, and confirm a time that was another one when the page was opened."""
    visitor.presses("None of these apply: go on")
    visitor.page.locator('[name="starts"]').evaluate("field => { field.value = '2026-01-05T09:00:00+00:00' }")
    visitor.presses("Confirm and book")
