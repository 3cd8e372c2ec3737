"""Nobody works with patients' details after a password alone: every page, form and file of the practice is tried."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from patient_online.access.models import ProgrammeMember
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, an_account, staff_of
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import an_app_of, code_of, types_password
from patient_online.web.audiences import audience_of
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
WHY = "Show your second step first"
MADE_UP: list[Any] = [UUID(int=7), 7, date(2026, 3, 3), "appointments"]


@pytest.fixture
def rita() -> Account:
    """Somebody with every role at a practice, who is of the national programme besides."""
    cache.clear()
    account = an_account("rita@example.com", name="Rita Placeholder")
    staff_of(a_practice(), *Role, account=account)
    ProgrammeMember.objects.create(account_id=account.id, from_day=date(2020, 1, 1))
    return account


def staff_pages() -> list[str]:
    """The address of every page that is for staff or for the programme, with made-up parts."""
    return list(_addresses(get_resolver().url_patterns))


def _addresses(patterns: Iterable[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif audience_of(pattern.callback) in {"practice", "programme"}:
            yield _address(f"{space}{pattern.name}", list(pattern.pattern.converters))


def _address(name: str, parts: list[str]) -> str:
    for values in product(MADE_UP, repeat=len(parts)):
        try:
            return reverse(name, kwargs=dict(zip(parts, values, strict=True)))
        except (NoReverseMatch, AttributeError):  # what does not fit there
            continue
    raise LookupError(name)


def heading(response: Any) -> list[str]:
    """The page's heading; none of a file."""
    return read(response).words("h1") if "html" in response.headers.get("Content-Type", "") else []


def test_every_page_form_and_file_of_the_practice_asks_staff_for_a_second_step(rita: Account) -> None:
    """Password alone, whatever the role: the page says why, and the trail that somebody was turned away."""
    client, pages = Client(), staff_pages()
    types_password(client, rita)
    assert len(pages) > 50
    for page in pages:
        for response in (client.get(page), client.post(page, {"anything": "at all"})):
            assert (page, response.status_code, heading(response)) == (page, 403, [WHY])
    refused = Entry.objects.filter(event="page.refused", refused_by="asking.second_step")
    assert refused.count() == 2 * len(pages)
    assert not Entry.objects.exclude(event__in=["page.refused", "access.staff_listed"]).exists()


def test_between_password_and_second_step_no_page_of_anybody_opens(rita: Account) -> None:
    """Half signed in is not signed in: patients' pages, staff's pages and the account's own."""
    client = Client()
    an_app_of(rita)
    types_password(client, rita)
    for page in [*staff_pages(), "/appointments/", "/account/second-step", "/account/second-step/app", "/password"]:
        for response in (client.get(page), client.post(page, {"anything": "at all"})):
            assert (page, response.status_code) == (page, 302)
            assert response.headers["Location"].startswith("/sign-in")


def test_the_control_after_the_second_step_the_same_pages_answer_otherwise(rita: Account) -> None:
    client, secret = Client(), an_app_of(rita)
    types_password(client, rita)
    client.post("/second-step", {"code": code_of(secret)})
    for page in staff_pages():
        response = client.get(page)
        assert response.status_code != 302 or not response.headers["Location"].startswith("/sign-in")
        assert heading(response) != [WHY]
