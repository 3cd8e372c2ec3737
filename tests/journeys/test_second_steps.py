"""Second steps in a real browser: a passkey, an app, printed codes, and staff who are never without."""

from django.utils import timezone

from patient_online.asking import Role, System
from patient_online.demo.factories import PASSWORD
from patient_online.identity.actions import give_way_in
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import code_of, steps_of
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.passkeys import Authenticator
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER


def confirms(visitor: Visitor) -> None:
    """Confirm with the password that it is them."""
    assert visitor.heading == "Confirm that it is you"
    visitor.types("Your password", PASSWORD)
    visitor.presses("Confirm")


def adds_a_passkey(visitor: Visitor) -> None:
    """From the page of second steps to the passkey that is kept."""
    visitor.goes_to("/account/second-step")
    visitor.follows("Add a passkey")
    confirms(visitor)
    visitor.types("Name of the passkey", "My telephone")
    visitor.presses("Make the passkey")


def chooses_a_password(visitor: Visitor, account: Account) -> None:
    """With a code that the practice gave."""
    code = give_way_in(account, why="invited", by=System("test", why="a code on paper"), at=timezone.now()).code
    visitor.goes_to("/way-in")
    visitor.types("Email address or sign-in name", account.sign_in_name)
    visitor.types("Code from your letter", code)
    visitor.presses("Continue")
    visitor.types("New password", PASSWORD)
    visitor.presses("Save password")
    assert visitor.heading == "Your new password is set"


def sets_up_an_app(visitor: Visitor) -> str:
    """Read the key that the page shows, and type the first code; the key."""
    secret = visitor.page.locator(".app-code").inner_text().replace(" ", "")
    visitor.types("Code", code_of(secret))
    visitor.presses("Save")
    return secret


def signs_out(visitor: Visitor) -> None:
    """Press the button in the header."""
    visitor.presses("Sign out")


def test_a_patient_adds_a_passkey_and_signs_in_with_it_alone(world: World, visit: Visit) -> None:
    """No password is typed, and one comes to where one was going."""
    robin = visit()
    telephone = Authenticator(robin)
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    adds_a_passkey(robin)
    assert robin.heading == "Your printed codes"
    assert len(telephone.passkeys) == 1
    assert steps_of(world.account) == ["recovery_codes", "webauthn"]
    signs_out(robin)
    robin.goes_to("/appointments/")
    robin.follows("Sign in with a passkey")
    robin.presses("Use your passkey")
    assert robin.heading == "Your appointments"


def test_after_the_password_the_passkey_is_the_second_step(world: World, visit: Visit) -> None:
    robin = visit()
    Authenticator(robin)
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    adds_a_passkey(robin)
    signs_out(robin)
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    assert robin.heading == "Show that it is you"
    robin.presses("Use your passkey")
    assert robin.heading == "What do you want to do?"


def test_a_telephone_in_another_hand_signs_nobody_in(world: World, visit: Visit) -> None:
    """It does not know the finger; the page says what else there is."""
    robin = visit()
    telephone = Authenticator(robin)
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    adds_a_passkey(robin)
    signs_out(robin)
    telephone.is_lent()
    robin.goes_to("/sign-in/passkey")
    robin.page.get_by_role("button", name="Use your passkey").click()
    robin.page.get_by_role("alert").get_by_text("Your browser did not show us a passkey").wait_for()
    robin.goes_to("/appointments/")
    assert robin.heading == "Sign in"


def test_without_javascript_the_pages_of_passkeys_say_what_works(world: World, visit: Visit) -> None:
    robin = visit(world.account, javascript=False)
    robin.goes_to("/account/second-step/passkeys/add")
    confirms(robin)
    assert "A passkey needs JavaScript" in robin.page.locator("noscript").first.inner_text()
    robin.presses("Make the passkey")
    assert "Your browser did not show us a passkey. Try again, or use another way." in robin.problems
    robin.follows("Make printed codes instead")
    assert robin.heading == "Make printed codes"


def test_staff_set_up_an_app_print_codes_and_sign_in_with_one_of_them_once(
    world: World, visit: Visit, javascript: bool
) -> None:
    """At the first sign-in, with a code of her manager; the paper gets Rita in when the telephone is at home."""
    account = world.worker(Role.RECEPTIONIST)
    rita = visit(javascript=javascript)
    chooses_a_password(rita, account)
    rita.goes_to("/practice/patients")
    rita.signs_in(account)
    assert rita.heading == "Show your second step first"
    rita.presses("Go to your second step")
    rita.follows("Set up an app")
    confirms(rita)
    sets_up_an_app(rita)
    assert rita.heading == "Your printed codes"
    codes = [each.replace(" ", "") for each in rita.page.locator(".app-codes li").all_inner_texts()]
    assert len(codes) == 10
    rita.presses("Done")
    rita.presses("Go on")
    assert rita.path == "/practice/patients"
    signs_out(rita)
    for tried, heading in ((codes[0], "Appointment book"), (codes[0], "Show that it is you")):
        rita.goes_to("/sign-in")
        rita.signs_in(account)
        rita.types("Code", tried)
        rita.presses("Continue")
        assert rita.heading == heading
        if heading == "Appointment book":
            signs_out(rita)
    assert rita.problems == ["This code is not right, or was used already. Check it, or wait for the next one."]


def test_staff_cannot_remove_their_last_passkey(world: World, visit: Visit) -> None:
    """Nor is there a button that would; with an app beside it, there is."""
    account = world.worker(Role.RECEPTIONIST)
    rita = visit()
    Authenticator(rita)
    chooses_a_password(rita, account)
    rita.goes_to("/sign-in")
    rita.signs_in(account)
    adds_a_passkey(rita)
    rita.presses("Done")
    rita.follows("Remove My telephone")
    assert "This is your last one." in rita.reads
    assert rita.page.get_by_role("button", name="Yes, remove the passkey").count() == 0
    rita.follows("Go back")
    rita.follows("Set up an app")
    sets_up_an_app(rita)
    rita.goes_to("/account/second-step")
    rita.follows("Rename My telephone")
    rita.types("Name of the passkey", "Old telephone")
    rita.presses("Save")
    rita.follows("Remove Old telephone")
    rita.presses("Yes, remove the passkey")
    assert steps_of(account) == ["recovery_codes", "totp"]
