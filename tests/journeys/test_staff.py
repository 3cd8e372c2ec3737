"""Staff look at the day, word what patients are told, and decide what is online."""

import re

from patient_online.asking import Role
from patient_online.demo.factories import an_appointment
from patient_online.nhs.dates import date_text
from patient_online.practices.models import PolicySetting
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.test_booking import passes_the_signs_of_an_emergency
from tests.journeys.world import RAW_NAME, World

pytestmark = BROWSER

CHANGE = re.compile("^Change")

PRACTICE_PAGES = (
    "/appointments/book-of-the-day",
    "/appointments/words",
    "/practice/policies",
    "/practice/services",
)


def test_a_receptionist_finds_who_comes_tomorrow(world: World, visit: Visit, javascript: bool) -> None:
    """Today is empty; a press on "Day after" shows Robin's appointment with Ada."""
    an_appointment(world.slots[2], world.robin, reason="A cough that stays")
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to("/")
    assert rita.heading == "Appointment book"
    assert "There are no clinics on this day." in rita.reads
    rita.follows("Day after")
    assert date_text(world.slots[2].starts_at) in rita.reads
    row = rita.page.get_by_role("row").filter(has_text="Robin Testperson")
    assert "A cough that stays" in row.inner_text()
    assert RAW_NAME in row.inner_text()


def test_what_a_receptionist_words_is_what_patients_see(world: World, visit: Visit, javascript: bool) -> None:
    """The book's own name never reaches a patient; the new words do."""
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    rita.goes_to("/appointments/words")
    rita.follows(f"Change {RAW_NAME}", exact=False)
    rita.types("What patients see", "See a GP at the surgery")
    rita.types("What it is for, and what it is not for", "Not for a sick note.")
    rita.presses("Save")
    assert rita.heading == "Words for appointments"
    assert "See a GP at the surgery" in rita.reads

    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    assert "See a GP at the surgery" in robin.reads
    assert "Not for a sick note." in robin.reads
    assert RAW_NAME not in robin.page.content()


def test_a_kind_of_slot_without_words_cannot_be_booked_and_its_name_is_shown_to_nobody(
    world: World, visit: Visit
) -> None:
    """A receptionist empties the words; patients see no such times any more."""
    rita = visit(world.worker(Role.RECEPTIONIST))
    rita.goes_to(f"/appointments/words/{world.kind.id}")
    rita.types("What patients see", "")
    rita.presses("Save")
    assert "Nothing: it cannot be booked online" in rita.reads
    robin = visit(world.account)
    robin.goes_to("/appointments/book")
    assert "There are no free appointments online on these days." in robin.reads
    assert RAW_NAME not in robin.page.content()


def test_a_manager_changes_a_policy_and_it_holds_for_patients(world: World, visit: Visit, javascript: bool) -> None:
    """From two appointments ahead to three; a wrong number is pointed out first."""
    for slot in (world.slots[3], world.slots[8]):
        an_appointment(slot, world.robin)
    margery = visit(world.worker(Role.MANAGER), javascript=javascript)
    margery.goes_to("/practice/policies")
    margery.follows("Change Most appointments a patient may have booked ahead", exact=False)
    margery.types("Most appointments a patient may have booked ahead", "a few")
    margery.presses("Save")
    assert margery.title.startswith("Error: ")
    assert margery.problems == ["Enter a whole number from 1 to 20"]
    margery.types("Most appointments a patient may have booked ahead", "3")
    margery.presses("Save")
    assert margery.heading == "Policies"
    assert PolicySetting.objects.get().value == 3

    robin = visit(world.account, javascript=javascript)
    robin.goes_to(f"/appointments/slots/{world.slots[0].id}")
    passes_the_signs_of_an_emergency(robin)
    robin.presses("Confirm and book")
    assert robin.heading == "Appointment booked"
    robin.goes_to(f"/appointments/slots/{world.slots[5].id}")
    assert "allows online: 3." in robin.reads


def test_appointments_switched_off_are_off_and_the_patient_is_told_what_to_do(
    world: World, visit: Visit, javascript: bool
) -> None:
    """The manager switches them off; Robin's next page says to telephone or come to the desk."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    assert robin.heading == "Book an appointment"
    margery = visit(world.worker(Role.MANAGER), javascript=javascript)
    margery.goes_to("/practice/services")
    margery.follows("Change Appointments", exact=False)
    margery.chooses("Available, not switched on")
    margery.presses("Continue")
    assert "Patients of your practice who lose this service online: 1." in margery.reads
    margery.chooses("Yes, from that day patients cannot use it online")
    margery.presses("Save")
    assert margery.heading == "Online services"

    robin.page.reload()
    assert robin.heading == "You cannot do this online"
    assert "Your practice does not offer this service online at the moment." in robin.reads
    assert "Telephone your practice or go to the reception desk." in robin.reads
    robin.follows("Your practice's number and opening times")
    assert "01632 960 001" in robin.reads
    robin.goes_to("/")
    assert "Telephone them or go to the reception desk." in robin.reads


def test_a_patient_who_opens_a_staff_page_is_turned_away_kindly(world: World, visit: Visit) -> None:
    """Nothing of the page is shown, and there is a way back."""
    robin = visit(world.account)
    for page in PRACTICE_PAGES:
        assert robin.goes_to(page).status == 403
        assert robin.heading == "This page is for practice staff"
    robin.follows("Go to the start page")
    assert robin.heading == "What do you want to do?"


def test_a_gp_who_opens_the_manager_s_page_is_told_whom_to_ask(world: World, visit: Visit) -> None:
    """The policies may be read by all staff, and changed by a manager: nobody else is offered it."""
    ada = visit(world.worker(Role.GP))
    for page in ("/appointments/words", "/practice/policies", "/practice/services"):
        assert ada.goes_to(page).status == 200
        assert not ada.page.locator("main a").filter(has_text=CHANGE).count()
    assert ada.goes_to("/practice/policies/book_ahead_days").status == 403
    assert "ask your practice manager" in ada.reads
