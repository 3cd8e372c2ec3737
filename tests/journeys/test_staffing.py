"""A manager adds a receptionist, and somebody opens a protected record: in a real browser, without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of
from patient_online.patients.models import Opening
from patient_online.practices.models import StaffMember
from tests.journeys.served import served
from tests.journeys.visitors import Visitor
from tests.journeys.world import World, a_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture
def stage() -> Iterator[tuple[str, World]]:
    """A server and a practice."""
    with served() as address:
        yield address, a_world()


@pytest.fixture
def plain(browser: Browser, stage: tuple[str, World]) -> Iterator[Visitor]:
    """Somebody whose browser runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield Visitor(context.new_page(), stage[0])
    context.close()


def test_a_manager_adds_a_receptionist_prints_the_code_and_lets_them_go(
    plain: Visitor, stage: tuple[str, World]
) -> None:
    """From an empty form to the end of their work here."""
    plain.is_signed_in_as(stage[1].worker(Role.MANAGER))
    plain.goes_to("/practice/staff")
    plain.page.get_by_role("button", name="Add somebody").click()
    plain.presses("Add")
    assert plain.title.startswith("Error: ")
    plain.page.get_by_label("Full name").fill("Nia Newperson")
    plain.page.get_by_label("Job title").fill("Receptionist")
    plain.page.get_by_label("Receptionist: books").check()
    plain.chooses("Yes, you print a code and hand it to them")
    plain.presses("Add")
    plain.presses("Go on")
    assert "The code is shown this once" in plain.page.inner_text("main")
    plain.page.get_by_role("link", name="Nia Newperson").click()
    assert "Invited, has not signed in yet" in plain.page.inner_text("main")
    plain.page.get_by_role("link", name="They leave the practice").click()
    plain.chooses("From now on")
    plain.presses("End their work here")
    assert "They work here again" in plain.page.inner_text("main")
    assert StaffMember.objects.get(name="Nia Newperson").to_day


def test_a_receptionist_opens_a_protected_record_with_a_reason_and_governance_looks_into_it(
    browser: Browser, plain: Visitor, stage: tuple[str, World]
) -> None:
    """Found by name, nothing of it shown until then."""
    hidden = {"family_name": "Protectedly", "address": ["13 Canary Lane"], "sensitive": True}
    a_patient_of(stage[1].practice, given_name="Sorcha", **hidden)
    plain.is_signed_in_as(stage[1].worker(Role.RECEPTIONIST))
    plain.goes_to("/practice/patients")
    plain.types("Find a patient", "protectedly")
    plain.presses("Find")
    assert "Canary" not in plain.page.content()
    plain.page.get_by_role("link", name="Sorcha Protectedly").click()
    plain.page.get_by_label("Why do you need to open this record now?").fill("She is at the desk with a question")
    plain.presses("Open the record")
    assert "13 Canary Lane" in plain.page.inner_text("main")
    assert Opening.objects.count() == 1
    context = browser.new_context(java_script_enabled=False)
    lead = Visitor(context.new_page(), stage[0])
    lead.is_signed_in_as(stage[1].worker(Role.GOVERNANCE))
    lead.goes_to("/practice/openings")
    lead.page.get_by_role("main").get_by_role("table").get_by_role("link").click()
    assert "She is at the desk with a question" in lead.page.inner_text("main")
    lead.presses("I have looked into it")
    assert "It is noted" in lead.page.inner_text("main")
    context.close()
