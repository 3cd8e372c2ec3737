"""Somebody at a browser: what they do, in the words of the page, and the trouble that the browser meets."""

from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import ConsoleMessage, Download, Locator, Page, Request, Response

from patient_online.demo.factories import PASSWORD
from patient_online.identity.models import Account

# What the browser says of a page whose status is not 200: the page itself is there to be read.
STATUS_OF_A_PAGE = "Failed to load resource: the server responded with a status of 4"
QUICK = 10_000  # milliseconds; on a busy machine a page still comes long before


class Visitor:
    """A browser with one page open, and everything in it that went wrong."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.trouble: list[str] = []
        self.answer: Response
        page.set_default_timeout(QUICK)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.trouble.append(f"script: {error}"))
        page.on("request", self._see_request)
        page.on("response", self._see_response)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_OF_A_PAGE):
            self.trouble.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.trouble.append(f"asked another host: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.request.resource_type == "document":
            self.answer = response
        elif response.status >= 400:
            self.trouble.append(f"{response.status} for {response.url}")

    def is_signed_in_as(self, account: Account) -> None:
        """Bring the cookie of somebody who has signed in."""
        client = Client()
        client.force_login(account)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie: Any = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}
        self.page.context.add_cookies([cookie])

    def signs_in(self, account: Account, password: str = PASSWORD) -> None:
        """Type address or sign-in name and password, and send them."""
        self.types("Email address or sign-in name", account.email or account.sign_in_name)
        self.types("Password", password)
        self.presses("Sign in")

    def goes_to(self, path: str) -> Response:
        """Open a page by its address."""
        response = self.page.goto(self.address + path)
        assert response is not None
        return response

    def follows(self, words: str, *, exact: bool = True) -> None:
        """Press the first link below the header that says this, and wait for its page: a click alone may not."""
        with self.page.expect_navigation():
            self._link(words, exact=exact).click()

    def fetches(self, words: str) -> Download:
        """Press the link to a file, and wait for the file."""
        with self.page.expect_download() as download:
            self._link(words, exact=True).click()
        return download.value

    def _link(self, words: str, *, exact: bool) -> Locator:
        return self.page.locator("body > .nhsuk-width-container").get_by_role("link", name=words, exact=exact).first

    def presses(self, words: str, *, exact: bool = True) -> None:
        """Press the button that says this, and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=exact).first.click()

    def types(self, label: str, text: str) -> None:
        """Fill in the box with this label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def chooses(self, words: str) -> None:
        """Choose the radio button with this label."""
        self.page.get_by_label(words, exact=True).check()

    @property
    def heading(self) -> str:
        """The page's heading."""
        return self.page.locator("h1").inner_text()

    @property
    def title(self) -> str:
        """The page's title."""
        return self.page.title()

    @property
    def reads(self) -> str:
        """What stands in the page's main part."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        """Where the browser is, without the host."""
        return self.page.url.removeprefix(self.address)

    @property
    def problems(self) -> list[str]:
        """What the summary of errors at the top says."""
        return self.page.locator(".nhsuk-error-summary__list li").all_inner_texts()
