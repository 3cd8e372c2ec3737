"""The link in a reminder gives the appointment back, without signing in and without scripts."""

from datetime import timedelta

from django.utils import timezone

from patient_online.appointments import jobs
from patient_online.appointments.models import Appointment
from patient_online.appointments.notices.links import token_of
from patient_online.demo.factories import an_appointment
from patient_online.nhs.dates import date_text
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import Message
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.world import World

pytestmark = BROWSER


def the_link_in(message: Message) -> str:
    """Where the link in the message leads, without the host."""
    words = kind_named(message.kind).words(message, timezone.now())
    assert words is not None
    return next(part for part in words.text.split() if "/cancel/" in part).partition("/cancel/")[2]


def test_robin_is_reminded_and_gives_the_appointment_back_without_signing_in(
    world: World, visit: Visit, javascript: bool
) -> None:
    """On somebody else's telephone: no name, one button, and afterwards the time is free for another patient."""
    booked = an_appointment(world.slots[1], world.robin)
    jobs.remind_late(0)
    message = Message.objects.get(about=booked.id, kind="appointment-reminder")
    anybody = visit(javascript=javascript, viewport={"width": 320, "height": 700})
    anybody.goes_to(f"/cancel/{the_link_in(message)}")
    assert anybody.heading == "Do you want to cancel this appointment?"
    assert date_text(world.slots[1].starts_at) in anybody.reads
    assert "Testperson" not in anybody.page.content()
    anybody.presses("Yes, cancel this appointment")
    assert anybody.heading == "This appointment is cancelled"
    assert "01632 960 001" in anybody.reads
    assert list(Appointment.objects.values_list("status", "cancelled_through")) == [("cancelled", "link")]
    robin = visit(world.account, javascript=javascript)
    robin.goes_to(f"/appointments/slots/{world.slots[1].id}")
    assert robin.answer.status == 200


def test_whoever_comes_too_late_is_told_the_number_to_ring(world: World, visit: Visit) -> None:
    """Twenty minutes before, there is no button, only the telephone."""
    soon = an_appointment(world.slots_at(timezone.now() + timedelta(minutes=40))[0], world.robin)
    anybody = visit(javascript=False)
    anybody.goes_to(f"/cancel/{token_of(world.practice.ods_code, soon.id)}")
    soon.slot.schedule.slots.filter(id=soon.slot_id).update(starts_at=timezone.now() + timedelta(minutes=20))
    anybody.presses("Yes, cancel this appointment")
    assert anybody.heading == "You cannot cancel this appointment here"
    assert anybody.answer.status == 409
    assert "01632 960 001" in anybody.reads
    assert anybody.page.get_by_role("button", name="Yes, cancel this appointment").count() == 0
