"""A real browser, a server on the test database, and made-up people who use both."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, sync_playwright

from patient_online.identity.models import Account
from tests.journeys.chromium import ARGUMENTS, NO_BROWSER, chromium
from tests.journeys.visitors import Visitor
from tests.journeys.world import World, a_world

# The server sees only what is committed, and only the owner may empty the tables again.
BROWSER = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "owner"])]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys; without one they are skipped, or fail where a browser is required."""
    program = chromium()
    if program is None:
        end = pytest.fail if os.environ.get("PATIENT_ONLINE_BROWSER") == "required" else pytest.skip
        end(NO_BROWSER)
    # Playwright keeps an event loop running in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield chrome
        chrome.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def world(browser: Browser, live_server: Any, settings: Any, tmp_path: Any) -> World:
    """A practice with people and free appointments, served at an address of this machine; its mail goes to a folder."""
    settings.NOTIFY_FOLDER = tmp_path / "mail"
    cache.clear()  # nobody has guessed at a password yet
    return a_world()


@pytest.fixture(params=[True, False], ids=["with_javascript", "without_javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the browser runs scripts: what takes this is done both ways."""
    return bool(request.param)


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:
    """Opens a browser of its own for each visitor; at the end no page may have met trouble."""
    visitors: list[Visitor] = []

    def open_browser(account: Account | None = None, *, javascript: bool = True, **given: Any) -> Visitor:
        context = browser.new_context(java_script_enabled=javascript, **given)
        visitors.append(Visitor(context.new_page(), live_server.url))
        if account:
            visitors[-1].is_signed_in_as(account)
        return visitors[-1]

    yield open_browser
    for one in visitors:
        one.page.context.close()
    assert not [trouble for one in visitors for trouble in one.trouble]
