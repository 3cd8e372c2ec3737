"""Every page can be used by everybody: looked at in a real browser, as it opens and when something is wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django import DjangoDbBlocker

from patient_online.nhs.dates import date_text
from tests.journeys.cast import Cast, a_cast
from tests.journeys.routes import routes
from tests.journeys.served import served
from tests.journeys.states import NO_PAGES, STATES, State
from tests.journeys.states_nhs_login import nhs_login_on
from tests.journeys.visitors import Visitor
from tests.journeys.world import at_hour

WINDOW: ViewportSize = {"width": 1280, "height": 900}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What runs out of the window or is cut off by what it stands in, but for what is meant for listening only.
LOST = """() => {
  const listened = '.nhsuk-u-visually-hidden, .nhsuk-skip-link, script'
  const cuts = element => getComputedStyle(element).overflow === 'hidden'
  const around = element =>
    !element || element === document.body ? null : cuts(element) ? element : around(element.parentElement)
  const texts = element => [...element.childNodes].filter(node => node.nodeType === 3 && node.textContent.trim())
  const isLost = text => {
    const range = document.createRange(), frame = around(text.parentElement)
    range.selectNodeContents(text)
    const box = range.getBoundingClientRect(), edge = frame && frame.getBoundingClientRect()
    if (edge && edge.width <= 1) return false
    const cut = edge && (box.right > edge.right + 1 || box.bottom > edge.bottom + 1)
    return cut || box.left < -1 || box.right > innerWidth + 1
  }
  return [...document.querySelectorAll('body *')]
    .filter(element => element.checkVisibility() && !element.closest(listened) && texts(element).some(isLost))
    .map(element => element.tagName + ' ' + element.textContent.trim().slice(0, 60))
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_address_is_in_the_list_of_pages() -> None:
    """A page that is added is looked at too, or this fails."""
    listed = {state.route for state in STATES} | NO_PAGES
    assert set(routes()) == listed - {"404"}


Come = Callable[..., Visitor]


@pytest.fixture(scope="module")
def stage(
    browser: Browser,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Cast]]:
    """One server and one world for all pages: they are only looked at."""
    with django_db_blocker.unblock(), served() as address:
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # as each test has
            cast = a_cast()
        folder = tmp_path_factory.mktemp("mail")
        with override_settings(NOTIFY_FOLDER=folder, **nhs_login_on(folder / "nhs-login")):
            yield address, cast


@pytest.fixture
def come(browser: Browser, stage: tuple[str, Cast]) -> Iterator[Come]:
    """Brings a visitor with a browser of their own into the state of a page."""
    visitors: list[Visitor] = []
    cache.clear()

    def bring(state: State, *, javascript: bool = True) -> Visitor:
        context = browser.new_context(java_script_enabled=javascript, viewport=WINDOW)
        visitors.append(Visitor(context.new_page(), stage[0]))
        return come_to(state, visitors[-1], stage[1])

    yield bring
    for visitor in visitors:
        visitor.page.context.close()
    assert not [trouble for visitor in visitors for trouble in visitor.trouble]


@pytest.mark.browser
@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_can_be_used_by_everybody(state: State, come: Come) -> None:
    """Nothing that axe finds serious, nothing lost on a small screen or in large letters, the same without scripts."""
    visitor = come(state)
    heading, title = one_heading(visitor.page), visitor.title
    assert title.startswith("Error: ") is state.error
    assert heading in title
    assert state.error == bool(visitor.problems)
    assert visitor.page.locator("html").get_attribute("lang") == "en-gb"
    if state.who:
        assert visitor.answer.headers["cache-control"] == "no-store"
    assert serious(visitor.page) == []
    nothing_is_lost(visitor.page)

    plain = come(state, javascript=False)
    assert (one_heading(plain.page), plain.title) == (heading, title)


def come_to(state: State, visitor: Visitor, cast: Cast) -> Visitor:
    """Bring the visitor into the state."""
    if state.who:
        visitor.is_signed_in_as(cast.accounts[state.who])
    visitor.goes_to(state.path.format(**cast.ids))
    state.then(visitor, cast)
    return visitor


def one_heading(page: Page) -> str:
    """The text of the page's one h1."""
    [heading] = page.locator("h1").all_inner_texts()
    return heading


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical, in a line each."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in grave]


def nothing_is_lost(page: Page) -> None:
    """On a screen of 320 pixels (400 % in a window of 1280), and with letters four times as large."""
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate(SIDEWAYS) == 0, f"320 pixels are too few for {page.evaluate(LOST)}"
    assert page.evaluate(LOST) == []
    page.set_viewport_size(WINDOW)
    page.evaluate("() => { document.documentElement.style.fontSize = '400%' }")
    assert page.evaluate(SIDEWAYS) == 0, f"large letters push out {page.evaluate(LOST)}"
    assert page.evaluate(LOST) == []


@pytest.mark.browser
def test_a_booking_on_paper_shows_what_one_needs_and_no_menu(come: Come) -> None:
    """Reference, date and place; no header, links or buttons that paper cannot follow."""
    visitor = come(State("appointments:booked", "/appointments/{booked}/booked"))
    reference = visitor.page.locator(".app-reference").inner_text()
    the_day = date_text(at_hour(2, 9))
    visitor.page.emulate_media(media="print")
    printed = visitor.page.locator("body").inner_text()
    for words in (reference, "Main building", "1 Example Street", "Dr Ada Exampleby", the_day, visitor.heading):
        assert words in printed
    for hidden in (".nhsuk-header__navigation", ".nhsuk-header__account", ".nhsuk-footer", ".nhsuk-skip-link"):
        assert not visitor.page.locator(hidden).is_visible()
    assert "Move or cancel this appointment" not in printed
    assert visitor.page.pdf().startswith(b"%PDF")


@pytest.mark.browser
def test_what_is_planted_is_found(browser: Browser) -> None:
    """A picture without words and a line too long: the checks above are not blind."""
    page = browser.new_page(viewport=WINDOW)
    page.set_content("<html lang=en><title>A</title><main><h1>A</h1><img src='data:,'><pre>" + "wide " * 99)
    assert [one.split(":")[0] for one in serious(page)] == ["image-alt"]
    assert page.evaluate(LOST)
    with pytest.raises(AssertionError, match="320 pixels are too few"):
        nothing_is_lost(page)
    page.close()
