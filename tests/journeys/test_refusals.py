"""When the answer is no: the page says why, and what else can be done."""

from datetime import timedelta

from django.utils import timezone

from patient_online.access.actions import take_back
from patient_online.access.models import Session
from patient_online.appointments.models import Slot
from patient_online.demo.factories import an_account, an_appointment, the_maker
from patient_online.nhs.dates import date_text, time_text
from patient_online.nhs.services import Service
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.world import World, at_hour

pytestmark = BROWSER


def test_nothing_is_free_and_the_page_says_when_there_will_be_and_what_else_can_be_done(
    world: World, visit: Visit, javascript: bool
) -> None:
    """More times are released tomorrow at 8am; until then there are the telephone, the pharmacist and 111."""
    release = at_hour(1, 8)
    Slot.objects.update(release_at=release)
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    assert "There are no free appointments online on these days." in robin.reads
    assert f"More appointments are released on {date_text(release)} at {time_text(release)}." in robin.reads
    for way in ("Ask a pharmacist", "call 111", "call 999", "Telephone your practice"):
        assert way in robin.reads
    robin.follows("Your practice's number and opening times")
    assert "01632 960 001" in robin.reads


def test_a_wish_that_finds_nothing_can_be_taken_back(world: World, visit: Visit, javascript: bool) -> None:
    """Robin asks for a man; there is none, and one link shows all times again."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    robin.page.get_by_text("Choose what it is for, who, where or how").click()
    robin.page.get_by_label("A woman or a man?").select_option("A man")
    robin.presses("Show free appointments")
    assert "There are no free appointments online" in robin.reads
    robin.follows("Show all appointments")
    assert robin.page.get_by_role("link", name=f"{time_text(world.slots[0].starts_at)} on").count() == 1


def test_who_has_as_many_as_the_practice_allows_is_told_how_many_that_is(world: World, visit: Visit) -> None:
    """Two are booked; the third is refused before anything is asked, and the page says what would help."""
    for slot in (world.slots[3], world.slots[8]):
        an_appointment(slot, world.robin)
    robin = visit(world.account)
    robin.goes_to(f"/appointments/slots/{world.slots[0].id}")
    assert robin.heading == "You cannot book this appointment"
    no = "You have booked as many appointments ahead as your practice allows online: 2. Cancel or move one of them"
    assert no in robin.reads
    robin.follows("See, move or cancel the appointments that you have")
    assert robin.heading == "Your appointments"


def test_too_late_to_cancel_online_shows_the_number_to_ring(world: World, visit: Visit, javascript: bool) -> None:
    """Twenty minutes before, the practice wants to hear it by telephone; every page that says so has the number."""
    soon = world.slots_at(timezone.now() + timedelta(minutes=20))[0]
    appointment = an_appointment(soon, world.robin)
    robin = visit(world.account, javascript=javascript)
    for page in ("", "/cancel", "/move"):
        robin.goes_to(f"/appointments/{appointment.id}{page}")
        assert "It is too late to cancel or move this appointment online." in robin.reads
        assert robin.page.locator('main a[href="tel:+441632960001"]').inner_text() == "01632 960 001"
        assert not robin.page.get_by_role("button", name="Yes, cancel this appointment").count()


def test_a_grant_that_was_taken_back_holds_on_the_next_click(world: World, visit: Visit) -> None:
    """Robin has the page open; the practice takes appointments back; the next page says whom to ask."""
    robin = visit(world.account)
    robin.goes_to("/appointments/book")
    by = the_maker(world.practice)
    take_back(world.robin, account_id=world.account.id, service=Service.APPOINTMENTS, by=by, at=timezone.now())
    robin.follows(f"{time_text(world.slots[0].starts_at)} on", exact=False)
    assert robin.heading == "You cannot do this online"
    assert "Ask your practice to switch it on for you" in robin.reads


def test_who_was_away_too_long_signs_in_again_and_is_back_on_the_page(
    world: World, visit: Visit, javascript: bool
) -> None:
    """The session ends while Robin looks for a time; after signing in the chosen page opens."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    Session.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    robin.follows(date_text(world.slots[6].starts_at))
    assert robin.heading == "Sign in"
    robin.signs_in(world.account)
    assert robin.heading == "Book an appointment"
    assert f"day={world.slots[6].day.isoformat()}" in robin.path


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(world: World, visit: Visit, javascript: bool) -> None:
    """The same words as for an address that nobody has; the right password then opens the door."""
    robin = visit(javascript=javascript)
    robin.goes_to("/sign-in")
    robin.signs_in(world.account, "not-the-password")
    told = robin.problems
    assert robin.title.startswith("Error: ")
    assert len(told) == 1
    assert robin.page.get_by_label("Email address or sign-in name").input_value() == world.account.email
    robin.types("Email address or sign-in name", "nobody@example.com")
    robin.types("Password", "not-the-password")
    robin.presses("Sign in")
    assert robin.problems == told
    robin.signs_in(world.account)
    assert robin.heading == "What do you want to do?"


def test_who_signs_out_is_out(world: World, visit: Visit, javascript: bool) -> None:
    """The page says so, and going back asks for the password again."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/")
    robin.presses("Sign out")
    assert robin.heading == "You have signed out"
    robin.page.go_back()
    robin.page.reload()
    assert robin.heading == "Sign in"
    assert not Session.objects.filter(account_id=world.account.id).exists()


def test_an_account_without_a_patient_is_told_where_to_go(world: World, visit: Visit) -> None:
    """Signed in, but not linked: the reception desk can help."""
    nobody = visit(an_account())
    for path in ("/", "/appointments/book"):
        nobody.goes_to(path)
        assert nobody.heading == "Your account is not linked to a practice yet"
