"""The stand-in for NHS login, run once for the tests, and somebody who goes through its pages."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.test import Client

from patient_online.demo.nhs_login.standin import Person, StandIn, running, set_up
from patient_online.identity.nhs_login.provider import forget_providers
from patient_online.nhs.numbers import SYNTHETIC_COUNT, synthetic

OURS = "http://testserver"
PRACTICE = "X98765"


def number_of(n: int) -> str:
    """An NHS number that no other test comes to."""
    return synthetic(SYNTHETIC_COUNT - 1 - n)


def claims(n: int, family: str, born: str = "1984-02-29", **more: Any) -> dict[str, Any]:
    """What NHS login tells of somebody."""
    who = {"nhs_number": number_of(n), "family_name": family, "given_name": "Robin", "birthdate": born}
    return {**who, "gp_ods_code": PRACTICE, "email": f"person{n}@example.com", "email_verified": True, **more}


PEOPLE = [
    Person("robin", "Robin Proven", "P9", claims=claims(1, "Proven")),
    Person("known", "Robin Wellknown", "P5", can_prove=True, claims=claims(2, "Wellknown")),
    Person("claimed", "Robin Claimed", "P5", claims=claims(3, "Claimed")),
    Person("nobody", "Robin Nobody", "P0", claims=claims(4, "Nobody")),
    Person("elsewhere", "Robin Elsewhere", "P9", claims=claims(5, "Elsewhere", gp_ods_code="Z00000")),
    Person("stranger", "Robin Stranger", "P9", claims=claims(6, "Stranger")),
    Person("child", "Robin Child", "P9", claims=claims(7, "Child", "2020-01-01")),
    Person("double", "Robin Double", "P9", claims=claims(1, "Proven")),
    Person("riser", "Robin Riser", "P5", can_prove=True, claims=claims(9, "Riser")),
    Person("newborn", "Robin Beginner", "P0", can_prove=True, claims=claims(8, "Beginner")),
]
FORMS = re.compile(r'<form method="post" action="([^"]+)">(.*?)<button>(.*?)</button>', re.DOTALL)
FIELDS = re.compile(r'name="([^"]+)" value="([^"]*)"')


def a_free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def stand_in_running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """The stand-in, from the first test that needs it to the end of the session."""
    folder: Path = tmp_path_factory.mktemp("stand-in")
    with running(set_up(folder, a_free_port(), services=[OURS], people=PEOPLE)) as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(stand_in_running: StandIn, settings: Any) -> StandIn:
    """NHS login is switched on, by the stand-in."""
    forget_providers()
    settings.SERVICE_URL = OURS
    settings.NHS_LOGIN_ISSUER = stand_in_running.issuer
    settings.NHS_LOGIN_CLIENT_ID = stand_in_running.client_id
    settings.NHS_LOGIN_KEY_FILE = str(stand_in_running.key_file)
    return stand_in_running


class AtNhsLogin:
    """Somebody in front of the pages of the stand-in, who presses its buttons until it sends them back to us."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.theirs = requests.Session()
        self.theirs.trust_env = False
        self.page, self.at = "", ""

    def goes(self, path: str = "/nhs-login", **typed: str) -> "AtNhsLogin":
        """Press the button on our side, and see their first page."""
        answer = self.client.post(path, typed)
        assert answer.status_code == 302, answer.content.decode()
        return self._sees(answer.headers["Location"])

    def presses(self, words: str) -> "AtNhsLogin":
        """Press a button on their page."""
        forms = [form for form in FORMS.findall(self.page) if words in form[2]]
        assert forms, f"no button {words!r} on: {self.page}"
        action, inside, _ = forms[0]
        sent = self.theirs.post(urljoin(self.at, action), dict(FIELDS.findall(inside)), allow_redirects=False)
        return self._sees(sent.headers["Location"]) if sent.is_redirect else self._shown(sent)

    def comes_back(self) -> Any:
        """Our answer to what they sent the browser back with."""
        assert self.at.startswith(OURS), self.page
        return self.client.get(self.at.removeprefix(OURS))

    def signs_in(self, name: str, path: str = "/nhs-login", **typed: str) -> Any:
        """All of it, agreeing to share."""
        return self.goes(path, **typed).presses(f"Continue as {name}").agrees().comes_back()

    def agrees(self) -> "AtNhsLogin":
        """Agree to share, where that is asked."""
        return self.presses("I agree") if "Agree to share" in self.page else self

    def _sees(self, address: str) -> "AtNhsLogin":
        while not address.startswith(OURS):
            answer = self.theirs.get(address, allow_redirects=False)
            if not answer.is_redirect:
                return self._shown(answer)
            address = urljoin(address, answer.headers["Location"])
        self.at, self.page = address, ""
        return self

    def _shown(self, answer: requests.Response) -> "AtNhsLogin":
        self.at, self.page = answer.url, answer.text
        assert urlsplit(self.at).hostname == "localhost"
        return self
