"""A patient books, keeps, moves and cancels an appointment."""

from pathlib import Path

from icalendar import Calendar, Event

from patient_online.appointments.models import Appointment, Slot
from patient_online.nhs.dates import date_text, time_text
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import RAW_NAME, World

pytestmark = BROWSER


def test_robin_books_an_appointment_keeps_it_moves_it_and_lets_it_go(
    world: World, visit: Visit, javascript: bool
) -> None:
    """Robin signs in, finds a time, reads the signs of an emergency, books, moves to another day and cancels."""
    robin, first, second = visit(javascript=javascript), world.slots[1], world.slots[7]
    robin.goes_to("/appointments/book")
    assert robin.heading == "Sign in"
    robin.signs_in(world.account)
    assert robin.heading == "Book an appointment"
    books(robin, first)

    reference = Appointment.objects.get().reference
    for words in (reference, date_text(first.starts_at), "Dr Ada Exampleby", "Main building", "01632 960 001"):
        assert words in robin.reads
    assert RAW_NAME not in robin.page.content()
    assert event_kept_by(robin).start == first.starts_at

    moves(robin, second)
    lets_go(robin)
    robin.follows("Your appointments")
    assert "You have no appointments booked." in robin.reads
    assert not Appointment.objects.filter(status=Appointment.Status.BOOKED).exists()
    assert Appointment.objects.get(status="cancelled", cancel_reason="better").slot_id == second.id


def test_the_second_of_two_is_told_keeps_what_they_typed_and_books_the_next_time(
    world: World, visit: Visit, javascript: bool
) -> None:
    """Femi is quicker by a moment; Robin is offered the nearest times and need not type anything again."""
    slot = world.slots[1]
    robin = visit(world.account, javascript=javascript)
    femi = visit(world.another_patient(), javascript=javascript)
    for one in (robin, femi):
        one.goes_to(f"/appointments/slots/{slot.id}")
        passes_the_signs_of_an_emergency(one)
    robin.types("What is the appointment about? (optional)", "A cough that stays")
    robin.types("Anything else we should know? (optional)", "I come with my mother")
    femi.presses("Confirm and book")
    assert femi.heading == "Appointment booked"

    robin.presses("Confirm and book")
    assert robin.title.startswith("Error: ")
    assert robin.problems == ["Somebody else has just taken this appointment. Choose one of the other times."]
    assert robin.page.get_by_label("What is the appointment about? (optional)").input_value() == "A cough that stays"
    other = robin.page.locator('button[name="instead"]').first
    address = other.get_attribute("formaction") or ""
    other.click()

    assert robin.heading == "Confirm your appointment"
    assert robin.path == address != f"/appointments/slots/{slot.id}"
    robin.presses("Confirm and book")
    assert robin.heading == "Appointment booked"
    mine = Appointment.objects.get(patient_id=world.robin.id)
    assert address.endswith(f"/{mine.slot_id}")
    assert (mine.reason, mine.comment) == ("A cough that stays", "I come with my mother")


def test_a_number_that_is_none_is_pointed_out_kept_and_put_right(world: World, visit: Visit, javascript: bool) -> None:
    """An appointment on the telephone asks which number to ring; the one we know stands there already."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to(f"/appointments/slots/{world.telephone_slots()[0].id}")
    passes_the_signs_of_an_emergency(robin)
    number = robin.page.get_by_label("Telephone number", exact=True)
    assert number.input_value() == "07700 900 982"
    number.fill("0770 mobile")
    robin.types("What is the appointment about? (optional)", "Results")
    robin.presses("Confirm and book")

    assert robin.title.startswith("Error: ")
    robin.page.locator(".nhsuk-error-summary").get_by_role("link").click()
    assert number.evaluate("field => field === document.activeElement")
    assert number.input_value() == "0770 mobile"
    assert "Enter a telephone number" in ((number.get_attribute("aria-describedby") and robin.reads) or "")
    number.fill("01632 960 002")
    robin.presses("Confirm and book")
    assert robin.heading == "Appointment booked"
    assert "Stay near the telephone with the number 01632 960 002" in robin.reads
    assert Appointment.objects.get().contact_telephone == "+441632960002"
    world.robin.refresh_from_db()
    assert world.robin.telephone == "+447700900982"


def test_two_times_together_are_booked_as_one_longer_appointment(world: World, visit: Visit) -> None:
    """Robin needs twenty minutes, where the next ten are free too."""
    robin = visit(world.account)
    robin.goes_to(f"/appointments/slots/{world.slots[0].id}")
    passes_the_signs_of_an_emergency(robin)
    robin.chooses("20 minutes (a double appointment)")
    robin.presses("Confirm and book")
    assert f"{time_text(world.slots[0].starts_at)} to {time_text(world.slots[1].ends_at)}" in robin.reads
    assert Appointment.objects.count() == 2


def books(visitor: Visitor, slot: Slot) -> None:
    """From the search to the booked appointment."""
    chooses_a_time(visitor, slot)
    passes_the_signs_of_an_emergency(visitor)
    visitor.types("What is the appointment about? (optional)", "A cough that stays")
    visitor.presses("Confirm and book")
    assert visitor.heading == "Appointment booked"


def moves(visitor: Visitor, slot: Slot) -> None:
    """From the booked appointment to another time."""
    visitor.follows("Move or cancel this appointment")
    visitor.presses("Move to another time")
    assert visitor.heading == "Choose a new time"
    chooses_a_time(visitor, slot)
    assert visitor.heading == "Move your appointment"
    visitor.presses("Confirm and move")
    assert visitor.heading == "Appointment moved"
    assert date_text(slot.starts_at) in visitor.reads


def lets_go(visitor: Visitor) -> None:
    """From the booked appointment to none, because all is well."""
    visitor.follows("Move or cancel this appointment")
    visitor.presses("Cancel this appointment")
    visitor.chooses("I feel better")
    visitor.presses("Yes, cancel this appointment")
    assert "This appointment was cancelled on" in visitor.reads


def chooses_a_time(visitor: Visitor, slot: Slot) -> None:
    """Choose the day, then the time."""
    visitor.follows(date_text(slot.starts_at))
    visitor.follows(f"{time_text(slot.starts_at)} on", exact=False)


def passes_the_signs_of_an_emergency(visitor: Visitor) -> None:
    """Read what to do when it cannot wait, and go on."""
    assert visitor.heading == "Before you book"
    assert "Call 999 now" in visitor.reads
    visitor.presses("None of these apply: go on")
    assert visitor.heading == "Confirm your appointment"


def event_kept_by(visitor: Visitor) -> Event:
    """The event in the calendar file that the page offers."""
    file = visitor.fetches("Add it to your calendar")
    assert file.suggested_filename == "appointment.ics"
    [event] = Calendar.from_ical(Path(file.path()).read_bytes()).walk("VEVENT")
    assert isinstance(event, Event)
    return event
