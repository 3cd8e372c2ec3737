"""Who may do what, by role: docs/roles.md is made from the code, and every page keeps to it."""

from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from patient_online.access.role_matrix import Page, deeds, matrix, practice_pages
from patient_online.access.tests.pages_known import PRACTICE_PAGES, address, known_at
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "roles.md"
# Whoever they are, people do these about themselves or as the system; the page they stand on says who may come.
NOT_BY_ROLE = {"account.sessions_ended", "account.way_in_given", "patient.told_of_change"}
NO_PATIENT = {Role.ADMINISTRATOR, Role.DISPENSER}
SHOWS_PATIENTS = ("/practice/patients", "/appointments/book-of-the-day", "/practice/messages", "/practice/letters")


def test_the_document_is_the_matrix_that_the_code_makes() -> None:
    """After a change: `manage.py role_matrix`."""
    assert DOCUMENT.read_text(encoding="utf-8") == matrix()


def test_the_matrix_says_of_every_page_what_the_table_of_the_tests_says() -> None:
    """The table is written by hand, beside the pages: a role that slips in is seen."""
    assert {page.name: set(page.roles) for page in practice_pages()} == PRACTICE_PAGES


def test_every_action_that_staff_do_names_its_roles() -> None:
    """But those that are not of a role."""
    assert len(deeds()) > 60
    assert {deed.event for deed in deeds() if not deed.roles} <= NOT_BY_ROLE


def test_an_administrator_and_a_dispenser_come_to_no_page_that_shows_patients() -> None:
    """Nor may they do anything that is about one."""
    shown = [page for page in practice_pages() if page.address.startswith(SHOWS_PATIENTS)]
    assert len(shown) > 20
    assert [page.name for page in shown if NO_PATIENT & page.roles] == []
    about = [deed for deed in deeds() if deed.event.startswith(("patient.", "appointment.", "message.", "letters."))]
    assert [deed.event for deed in about if NO_PATIENT & deed.roles] == []


def page_named(name: str) -> Page:
    """The page as the code says whom it is for."""
    return next(page for page in practice_pages() if page.name == name)


def browser_of(practice: Practice, *roles: Role) -> Client:
    """The browser of somebody with these roles at the practice."""
    staff_of(practice, *roles, account=(account := an_account()))
    return signed_in(account)


@pytest.mark.parametrize("name", PRACTICE_PAGES)
def test_a_page_takes_what_is_sent_from_the_roles_it_is_for_and_from_nobody_else(name: str) -> None:
    """An empty form of the others never comes to the form: the trail says page and rule."""
    page = page_named(name)
    practice = a_practice()
    path = address(page.name, known_at(practice, page.name))
    for role in Role:
        answer = browser_of(practice, role).post(path, {"key": str(uuid7())})
        turned_away = "Your role does not include this" in answer.content.decode()
        assert turned_away is (role not in page.roles), (page.name, role)
    told = Entry.objects.filter(event="page.refused", refused_by="asking.role_needed", details__route=page.name)
    assert told.count() == len(set(Role) - page.roles)


@pytest.mark.parametrize("name", PRACTICE_PAGES)
def test_what_belongs_to_another_practice_answers_as_what_there_is_not(name: str) -> None:
    """With every role there is, to look and to send."""
    theirs = known_at(a_practice(), name)
    ids = {name: value for name, value in theirs.items() if isinstance(value, UUID)}
    path = address(name, theirs)
    if not any(str(value) in path for value in ids.values()):
        return
    nowhere = address(name, {**theirs, **{name: uuid7() for name in ids}})
    client = browser_of(a_practice(), *Role)
    for ask in (client.get, client.post):
        there, not_there = ask(path, {"key": "1"}), ask(nowhere, {"key": "1"})
        assert (there.status_code, read(there).words("h1")) == (not_there.status_code, read(not_there).words("h1"))
        assert there.status_code == 404
