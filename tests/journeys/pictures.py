"""Takes the pictures of docs/pictures from a demonstration that runs: `python -m tests.journeys.pictures [address]`.

The demonstration's own people are shown. Start it afresh (`make demo`) first: the pictures are of a patient who books.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from patient_online.demo.logins import PASSWORD
from patient_online.nhs.dates import local_day
from tests.journeys.chromium import ARGUMENTS, NO_BROWSER, chromium

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WINDOW: ViewportSize = {"width": 900, "height": 700}
BEYOND_REACH = timedelta(days=60)
TELEPHONE: ViewportSize = {"width": 320, "height": 640}


def main(address: str) -> int:
    """Take every picture; say in a sentence when there is no browser."""
    program = chromium()
    if program is None:
        sys.stderr.write(f"{NO_BROWSER}\n")
        return 1
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        of_a_patient(signed_in(browser, address, "patient@example.com"), address)
        of_the_practice(signed_in(browser, address, "manager@example.com"), address)
        browser.close()
    return 0


def signed_in(browser: Browser, address: str, email: str) -> Page:
    """The start page of somebody of the demonstration."""
    page = browser.new_context(viewport=WINDOW, reduced_motion="reduce").new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address or sign-in name", exact=True).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def of_a_patient(page: Page, address: str) -> None:
    """From the search to the booked appointment and the list of all."""
    page.goto(f"{address}/appointments/book")
    keep(page, "search", whole=False)
    keep_small(page)
    page.goto(f"{address}/appointments/book?from={local_day(datetime.now(tz=UTC)) + BEYOND_REACH}")
    keep(page, "nothing-free")
    page.goto(f"{address}/appointments/book")
    page.locator(".app-offer").filter(has_text="GP appointment").locator(".app-times__time").first.click()
    keep(page, "red-flags")
    page.get_by_role("button", name="None of these apply: go on").click()
    page.get_by_label("What is the appointment about? (optional)", exact=True).fill("A cough that stays")
    keep(page, "confirm")
    page.get_by_role("button", name="Confirm and book").click()
    keep(page, "booked")
    page.goto(f"{address}/appointments/")
    keep(page, "my-appointments", whole=False)


def of_the_practice(page: Page, address: str) -> None:
    """The day's appointments, and what the practice decides: templates, what is withdrawn, unmet demand."""
    page.goto(f"{address}/appointments/book-of-the-day")
    keep_from(page, "section.app-sheet", "day-list")
    page.goto(f"{address}/practice/templates")
    keep(page, "templates", whole=False)
    page.goto(f"{address}/practice/unmet")
    keep_from(page, "caption", "unmet")
    of_a_withdrawal(page, address)


def of_a_withdrawal(page: Page, address: str) -> None:
    """Whom it touches when a clinician cannot work tomorrow; nothing is withdrawn."""
    page.goto(f"{address}/practice/withdraw")
    page.get_by_label("Whose sessions?").select_option(index=1)
    day = local_day(datetime.now(tz=UTC)) + timedelta(days=1)
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.locator(f'[name="first_{part}"]').fill(str(value))
    page.get_by_role("button", name="See whom it touches").click()
    keep_from(page, "h2", "withdraw")


def keep_small(page: Page) -> None:
    """The search on a small telephone."""
    page.set_viewport_size(TELEPHONE)
    keep(page, "small-screen", whole=False)
    page.set_viewport_size(WINDOW)


def keep_from(page: Page, place: str, name: str) -> None:
    """Keep a picture of the window, scrolled to the first such place."""
    page.locator(place).first.evaluate("place => place.scrollIntoView()")
    keep(page, name, whole=False)


def keep(page: Page, name: str, *, whole: bool = True) -> None:
    """Keep a picture of what the window shows, or of the whole page."""
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


if __name__ == "__main__":
    sys.exit(main((sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000").rstrip("/")))
