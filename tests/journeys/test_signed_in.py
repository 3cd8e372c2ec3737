"""Being signed in comes to an end: one is warned, can stay at a press, and loses nothing that was sent."""

from django.conf import settings

from patient_online.access.models import Session
from patient_online.patients.models import Patient
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.states_signed_in import is_idle
from tests.journeys.test_every_page import nothing_is_lost, serious
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER
NINE_MINUTES = 9 * 60
CONTACT = "/practice/details/contact/email"


def comes_with_a_clock(visit: Visit, world: World, path: str = "/appointments/book") -> Visitor:
    """Robin, in a browser whose clock can be moved, on a page."""
    robin = visit(world.account)
    robin.page.context.clock.install()
    robin.goes_to(path)
    return robin


def lets_nine_minutes_pass(robin: Visitor) -> None:
    """In the browser and on the server."""
    is_idle(robin, NINE_MINUTES + 5)
    robin.page.context.clock.fast_forward(NINE_MINUTES * 1000)
    robin.page.get_by_role("alertdialog").wait_for()


def test_a_minute_before_the_end_one_is_warned_and_stays_at_one_press(world: World, visit: Visit) -> None:
    """With the keyboard alone; the warning reads out the time, keeps the focus and gives it back."""
    robin = comes_with_a_clock(visit, world)
    robin.page.locator("main a").first.focus()
    before = robin.page.evaluate("document.activeElement.href")
    lets_nine_minutes_pass(robin)
    warning = robin.page.get_by_role("alertdialog")
    assert warning.get_by_role("heading").inner_text() == "You will be signed out soon"
    assert "You will be signed out in 5" in warning.inner_text()
    live = warning.locator("[aria-live=polite]")
    assert "You will be signed out in 5" in live.inner_text()
    said = live.inner_text()
    robin.page.context.clock.run_for(3000)
    assert live.inner_text() == said  # not every second
    assert robin.page.evaluate("document.activeElement.textContent") == "Stay signed in"
    for _ in range(5):
        robin.page.keyboard.press("Tab")
        assert robin.page.evaluate("!document.activeElement.closest('main')")
    assert serious(robin.page) == []
    nothing_is_lost(robin.page)
    warning.get_by_role("button", name="Stay signed in").focus()
    robin.page.keyboard.press("Enter")
    warning.wait_for(state="detached")
    assert robin.page.evaluate("document.activeElement.href") == before
    robin.goes_to("/appointments/")
    assert robin.heading == "Your appointments"


def test_escape_means_to_stay_and_sign_out_signs_out(world: World, visit: Visit) -> None:
    robin = comes_with_a_clock(visit, world)
    lets_nine_minutes_pass(robin)
    robin.page.keyboard.press("Escape")
    robin.page.get_by_role("alertdialog").wait_for(state="detached")
    lets_nine_minutes_pass(robin)
    with robin.page.expect_navigation():
        robin.page.get_by_role("alertdialog").get_by_role("button", name="Sign out").click()
    assert robin.heading == "You have signed out"
    assert not Session.objects.filter(account_id=world.account.id).exists()


def test_at_the_end_nothing_of_the_page_is_left_and_the_way_leads_back_to_it(world: World, visit: Visit) -> None:
    """Neither name nor practice nor what was shown, in the page or behind it; after signing in it is there again."""
    robin = comes_with_a_clock(visit, world)
    lets_nine_minutes_pass(robin)
    is_idle(robin, settings.SESSION_IDLE_SECONDS)
    robin.page.context.clock.run_for(70_000)
    robin.page.get_by_role("heading", name="You were signed out").wait_for()
    content = robin.page.locator("html").inner_html() + robin.title
    assert not [word for word in ("Made-up Lane", world.account.name, "Ada Exampleby") if word in content]
    assert serious(robin.page) == []
    nothing_is_lost(robin.page)
    robin.page.get_by_role("link", name="Sign in and go back to the page").click()
    robin.page.get_by_text("because nothing was done for 10 minutes").wait_for()
    robin.signs_in(world.account)
    assert robin.path == "/appointments/book"


def test_two_tabs_agree(world: World, visit: Visit) -> None:
    """Whoever stays in one stays in the other; whoever signs out in one finds the other empty."""
    robin = comes_with_a_clock(visit, world)
    other = robin.page.context.new_page()
    other.goto(f"{robin.address}/appointments/")
    is_idle(robin, NINE_MINUTES + 5)
    robin.page.context.clock.fast_forward(NINE_MINUTES * 1000)
    for page in (robin.page, other):
        page.get_by_role("alertdialog").wait_for()
    robin.page.get_by_role("button", name="Stay signed in").click()
    for page in (robin.page, other):
        page.get_by_role("alertdialog").wait_for(state="detached")
    robin.presses("Sign out")
    assert robin.heading == "You have signed out"
    other.get_by_role("heading", name="You were signed out").wait_for()
    assert "Made-up Lane" not in other.content()


def test_what_was_sent_too_late_is_sent_after_signing_in(world: World, visit: Visit, javascript: bool) -> None:
    """The form of a page that stood open too long: with one more press it is saved."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to(CONTACT)
    robin.types("Email address", "late@example.com")
    is_idle(robin, settings.SESSION_IDLE_SECONDS)
    robin.presses("Save")
    assert robin.heading == "Sign in"
    assert "because nothing was done for 10 minutes" in robin.reads
    assert "What you sent has not been lost" in robin.reads
    robin.signs_in(world.account)
    assert robin.heading == "You were signed out before this was saved"
    assert not Patient.objects.filter(email="late@example.com").exists()
    robin.presses("Send it now", exact=False)
    assert Patient.objects.filter(email="late@example.com").exists()


def test_who_goes_back_after_signing_out_sees_nothing(world: World, visit: Visit, javascript: bool) -> None:
    """The page is not kept: the browser asks again, and is sent to sign in."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/book")
    assert "Dr Ada Exampleby" in robin.page.content()
    robin.presses("Sign out")
    robin.page.go_back()
    robin.page.get_by_role("heading", name="Sign in").wait_for()
    assert "Ada Exampleby" not in robin.page.content()


def test_robin_signs_out_a_telephone_left_on_the_bus(world: World, visit: Visit, javascript: bool) -> None:
    """From the list of places where one is signed in; the next press on the telephone is refused, and says why."""
    robin, telephone = visit(world.account, javascript=javascript), visit(world.account, javascript=javascript)
    telephone.goes_to("/appointments/")
    robin.goes_to("/account/devices")
    assert "This device" in robin.reads
    robin.presses("Sign out there", exact=False)
    assert "You are signed out on that device." in robin.reads
    telephone.goes_to("/appointments/")
    assert telephone.heading == "Sign in"
    assert "on another device" in telephone.reads
