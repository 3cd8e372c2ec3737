"""An account is opened, lost and found again: by people with an e-mail address, and by people with paper alone."""

from django.core import mail
from django.utils import timezone

from patient_online.asking import Role
from patient_online.demo.factories import PASSWORD, staff_of
from patient_online.identity.actions import give_way_in
from patient_online.identity.models import Account, WayIn
from patient_online.storage.codes import grouped
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.world import World

pytestmark = BROWSER
GOOD = "three-plain-words"
NEWER = "four-other-plain-words"


def code_in_the_newest_mail() -> str:
    """The code in the e-mail that was sent last."""
    words = str(mail.outbox[-1].body)
    return words.split("Your code is ")[1].split(".")[0]


def test_somebody_with_email_opens_an_account_forgets_the_password_and_gets_in_again(
    world: World, visit: Visit, javascript: bool
) -> None:
    """With and without scripts: opened, confirmed, signed out, forgotten, and signed in with another password."""
    robin = visit(javascript=javascript)
    robin.goes_to("/sign-in")
    robin.follows("I have no account: open one")
    robin.types("Your name", "Robin Newcomer")
    robin.types("Email address (optional)", "robin.new@example.com")
    robin.types("Choose a password", GOOD)
    robin.presses("Open my account")
    assert robin.heading == "Check your email"
    robin.types("Code", code_in_the_newest_mail())
    robin.presses("Continue")
    assert robin.heading == "Your account"
    assert "robin.new@example.com" in robin.reads
    robin.presses("Sign out")
    robin.goes_to("/sign-in")
    robin.follows("I have forgotten my password")
    robin.types("Email address", "robin.new@example.com")
    robin.presses("Send a code")
    robin.types("Code", code_in_the_newest_mail())
    robin.presses("Continue")
    robin.types("New password", NEWER)
    robin.presses("Save password")
    assert robin.heading == "Your new password is set"
    robin.presses("Sign in")
    robin.signs_in(Account.objects.get(email="robin.new@example.com"), NEWER)
    assert robin.path == "/"


def test_somebody_without_email_writes_a_name_down_and_comes_back_with_a_letter(world: World, visit: Visit) -> None:
    """No e-mail, no telephone, no scripts: a sign-in name on paper, and later a code on paper."""
    edith = visit(javascript=False)
    edith.goes_to("/open-account")
    edith.types("Your name", "Edith Onpaper")
    edith.types("Choose a password", GOOD)
    edith.presses("Open my account")
    assert edith.heading == "Your sign-in name", edith.problems
    account = Account.objects.get(name="Edith Onpaper")
    assert grouped(account.sign_in_name) in edith.reads
    edith.presses("Continue")
    assert edith.problems == ["Tick the box when you have your sign-in name on paper"]
    edith.page.get_by_label("I have written it down or printed this page").check()
    edith.presses("Continue")
    assert edith.path == "/"
    edith.presses("Sign out")
    desk = staff_of(world.practice, Role.RECEPTIONIST)
    letter = give_way_in(account, why=WayIn.Why.FORGOTTEN, by=desk, at=timezone.now())
    edith.goes_to("/sign-in")
    edith.follows("I have a letter with a code to get into my account")
    edith.types("Email address or sign-in name", grouped(account.sign_in_name).lower())
    edith.types("Code from your letter", grouped(letter.code).lower())
    edith.presses("Continue")
    edith.types("New password", NEWER)
    edith.presses("Save password")
    edith.presses("Sign in")
    edith.signs_in(account, NEWER)
    assert edith.path == "/"


def test_while_strangers_guess_robin_gets_in_by_the_browser_that_is_known(world: World, visit: Visit) -> None:
    """A new browser is told to wait, how long, and what works; the known one never notices."""
    robin, stranger = visit(), visit()
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    robin.presses("Sign out")
    for n in range(6):
        stranger.goes_to("/sign-in")
        stranger.signs_in(world.account, f"guess{n}")
    assert "There were too many tries. Wait 1 minute" in stranger.problems[0]
    robin.goes_to("/sign-in")
    robin.signs_in(world.account)
    assert robin.path == "/"


def test_an_account_is_closed_after_it_was_said_what_that_means(world: World, visit: Visit) -> None:
    """The password again, a tick, and it is gone."""
    robin = visit(world.account)
    robin.goes_to("/account")
    robin.follows("Close your account")
    assert robin.heading == "Confirm that it is you"
    robin.page.locator("[name=password]").fill(PASSWORD)
    robin.presses("Confirm")
    assert "your GP practice keeps your record" in robin.reads
    robin.page.get_by_label("Yes, close my account for good").check()
    robin.presses("Close my account")
    assert robin.heading == "Your account is closed"
    robin.goes_to("/account")
    assert robin.heading == "Sign in"
    assert not Account.objects.get(id=world.account.id).is_active
