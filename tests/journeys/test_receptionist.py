"""A receptionist's day, clicked through: with scripts and without."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patient_online.appointments.models import Appointment
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_slot_of, an_appointment
from patient_online.nhs.dates import day_bounds, local_day
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.test_keyboard import Keyboard
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER


def line_of(rita: Visitor, name: str) -> str:
    """What stands in the patient's line of the day's list."""
    return rita.page.get_by_role("row").filter(has_text=name).inner_text()


@pytest.fixture
def just_now(world: World) -> Appointment:
    """Femi's appointment, which has just started."""
    now = timezone.now()
    starts_at = max(now - timedelta(minutes=5), day_bounds(local_day(now))[0])
    femi = a_patient_of(world.practice, given_name="Femi", family_name="Whatnot")
    return an_appointment(world.slots_at(starts_at)[0], femi)


def test_a_receptionists_day(world: World, just_now: Appointment, visit: Visit, javascript: bool) -> None:
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to("/")
    assert "Femi Whatnot" in rita.reads

    rita.presses("Arrived Femi Whatnot")
    assert rita.path.endswith(f"#a-{just_now.id}")
    assert "waiting 0 minutes" in line_of(rita, "Femi Whatnot")
    assert "Waiting longest" in rita.reads
    rita.presses("Sent in Femi Whatnot")
    rita.presses("Left Femi Whatnot")
    assert "Left" in line_of(rita, "Femi Whatnot")
    for press in ("Not left after all", "Not sent in after all", "Not arrived after all"):
        rita.presses(f"{press} Femi Whatnot")
    rita.presses("Did not attend Femi Whatnot")
    assert "Did not attend" in line_of(rita, "Femi Whatnot")
    rita.presses("Take that back Femi Whatnot")
    assert Appointment.objects.get(id=just_now.id).outcome == ""


def test_rita_marks_and_takes_a_wrong_press_back_without_a_mouse(
    world: World, just_now: Appointment, visit: Visit, javascript: bool
) -> None:
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to("/appointments/book-of-the-day")
    hands = Keyboard(rita)
    hands.opens("Arrived Femi Whatnot")
    assert "waiting 0 minutes" in line_of(rita, "Femi Whatnot")
    # The focus is where the press was: what can be noted next, and what takes it back, are a few steps away.
    steps = [("Sent in Femi Whatnot", "Sent in"), ("Left Femi Whatnot", "Left")]
    steps += [("Not left after all", "Sent in"), ("Not sent in after all", "Arrived"), ("Not arrived after all", "")]
    for button, said in steps:
        hands.tabs_to(button)
        with rita.page.expect_navigation():
            hands.keys.press("Enter")
        assert said in line_of(rita, "Femi Whatnot")
    assert Appointment.objects.get(id=just_now.id).arrived_at is None


def test_a_booking_by_telephone_is_moved_and_cancelled(world: World, visit: Visit, javascript: bool) -> None:
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to("/practice/patients")
    rita.types("Find a patient", "testp 1 1 1980")
    rita.presses("Find")
    rita.follows("Robin Testperson")
    assert "Nothing is booked." in rita.reads
    rita.presses("Book an appointment")
    rita.follows("Day after")
    rita.follows("Book this time 9am, Dr Ada Exampleby")
    rita.chooses("On the telephone")
    rita.types("What is the appointment about? (optional)", "A cough that stays")
    rita.presses("Book for the patient")
    assert rita.heading == "Appointment booked"
    made = Appointment.objects.get()
    assert (made.booked_through, made.reason) == ("telephone", "A cough that stays")
    on_a_slip(rita, made.reference)
    rita.follows("Robin Testperson")
    assert "by Rita Placeholder, on the telephone." in rita.reads
    moves_and_cancels(rita)
    assert not Appointment.objects.filter(status="booked").exists()


def on_a_slip(rita: Visitor, reference: str) -> None:
    """Look at what is printed for the patient."""
    rita.page.emulate_media(media="print")
    slip = rita.page.locator("body").inner_text()
    assert reference in slip
    assert "01632 960 001" in slip
    assert "Find another patient" not in slip
    rita.page.emulate_media(media="screen")


def moves_and_cancels(rita: Visitor) -> None:
    """From the patient's page, move the appointment to ten past nine, and then cancel it."""
    rita.follows("Move", exact=False)
    rita.follows("Move to this time 9:10am, Dr Ada Exampleby")
    rita.presses("Move to this time")
    assert rita.heading == "Appointment moved"
    rita.follows("Robin Testperson")
    rita.follows("Cancel", exact=False)
    rita.chooses("The patient feels better")
    rita.presses("Yes, cancel this appointment")
    assert rita.heading == "Appointment cancelled"


def test_one_more_is_added_on_purpose_with_a_reason(world: World, visit: Visit, javascript: bool) -> None:
    an_appointment(world.slots[0], a_patient_of(world.practice))
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to(f"/practice/patients/{world.robin.id}/book?on={world.slots[0].day.isoformat()}")
    rita.page.get_by_text("full time", exact=False).first.click()
    rita.follows("Add as an extra 9am, Dr Ada Exampleby")
    assert "This time is full" in rita.reads
    rita.presses("Add the extra appointment")
    assert rita.title.startswith("Error: ")
    how = "Say how the patient asked: at the desk or on the telephone"
    assert rita.problems == [how, "Say why an extra appointment is needed"]
    rita.chooses("At the desk")
    rita.types("Why is an extra appointment needed?", "A fever that worries his mother")
    rita.presses("Add the extra appointment")
    assert rita.heading == "Appointment booked"
    rita.follows("The day in the appointment book")
    assert "Extra A fever that worries his mother" in " ".join(line_of(rita, "Robin Testperson").split())
    assert Appointment.objects.get(patient_id=world.robin.id).seat == 2


def test_the_day_on_paper_has_a_page_for_each_clinician_and_no_buttons(world: World, visit: Visit) -> None:
    an_appointment(world.slots[0], world.robin)
    a_slot_of(world.practice, world.slots[0].starts_at)  # with somebody else
    rita = visit(world.worker(Role.RECEPTIONIST))
    rita.goes_to(f"/appointments/book-of-the-day/{world.slots[0].day.isoformat()}")
    rita.page.emulate_media(media="print")
    printed = rita.page.locator("body").inner_text()
    assert "Robin Testperson" in printed
    for hidden in ("Day before", "Another day, clinician or site", "Menu", "Find another patient"):
        assert hidden not in printed
    assert not rita.page.locator("button:visible").count()
    break_of = "sheet => getComputedStyle(sheet).breakBefore"
    assert [sheet.evaluate(break_of) for sheet in rita.page.locator(".app-sheet").all()] == ["auto", "page"]
