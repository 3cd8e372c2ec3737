"""Signing in with NHS login in a real browser, by a real OpenID provider on this machine."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from patient_online.demo.factories import a_patient_of
from patient_online.demo.nhs_login.standin import StandIn, running, set_up
from patient_online.identity.nhs_login.provider import forget_providers
from patient_online.identity.tests.nhs_login_people import PEOPLE, a_free_port, number_of
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER


@pytest.fixture
def stand_in(live_server: Any, settings: Any, tmp_path: Path, world: World) -> Iterator[StandIn]:
    """NHS login as the demonstration has it, with people of the world's practice."""
    there = {"gp_ods_code": world.practice.ods_code}
    people = [type(each)(**{**vars(each), "claims": {**each.claims, **there}}) for each in PEOPLE]
    made = set_up(tmp_path / "stand-in", a_free_port(), services=[live_server.url], people=people)
    forget_providers()
    settings.SERVICE_URL = live_server.url
    settings.NHS_LOGIN_ISSUER = made.issuer
    settings.NHS_LOGIN_CLIENT_ID = made.client_id
    settings.NHS_LOGIN_KEY_FILE = str(made.key_file)
    with running(made):
        yield made


@pytest.fixture
def goes_there(visit: Visit, stand_in: StandIn) -> Iterator[Visit]:
    """Visitors who may go to the stand-in, and to no other host."""
    there: list[Visitor] = []

    def come(**given: Any) -> Visitor:
        there.append(visit(**given))
        return there[-1]

    yield come
    for visitor in there:
        visitor.trouble[:] = [each for each in visitor.trouble if stand_in.issuer not in each]


def a_person(world: World, n: int, family: str) -> None:
    """Somebody of the practice whom the stand-in knows too."""
    who = {"nhs_number": number_of(n), "family_name": family, "given_name": "Robin"}
    a_patient_of(world.practice, birth_date=date(1984, 2, 29), **who)


def test_a_patient_comes_by_nhs_login_and_sees_their_appointments(
    world: World, goes_there: Visit, javascript: bool
) -> None:
    """From the sign-in page, to the people, to what is shared, and to where they were going."""
    a_person(world, 1, "Proven")
    robin = goes_there(javascript=javascript)
    robin.goes_to("/appointments/")
    robin.presses("Continue with NHS login")
    assert robin.heading == "Who are you today?"
    assert "A stand-in for NHS login: nobody real." in robin.page.locator("body").inner_text()
    robin.presses("Continue as Robin Proven")
    assert "NHS number" in robin.page.locator("body").inner_text()
    robin.presses("I agree to share my NHS login information")
    assert robin.path == "/appointments/"


def test_who_does_not_agree_comes_back_and_can_sign_in_another_way(world: World, goes_there: Visit) -> None:
    a_person(world, 1, "Proven")
    robin = goes_there()
    robin.goes_to("/sign-in")
    robin.presses("Continue with NHS login")
    robin.presses("Continue as Robin Proven")
    robin.presses("I do not agree")
    assert robin.heading == "You did not agree to share your NHS login information"
    robin.follows("Sign in another way")
    assert robin.heading == "Sign in"


def test_a_patient_at_p5_proves_who_they_are_and_comes_to_the_page_they_wanted(
    world: World, goes_there: Visit, javascript: bool
) -> None:
    a_person(world, 2, "Wellknown")
    robin = goes_there(javascript=javascript)
    robin.goes_to("/sign-in")
    robin.presses("Continue with NHS login")
    robin.presses("Continue as Robin Wellknown")
    robin.presses("I agree to share my NHS login information")
    robin.goes_to("/appointments/book")
    assert robin.heading == "You cannot do this online"
    robin.follows("Prove who you are with NHS login")
    robin.presses("Continue to NHS login")
    assert robin.heading == "Prove that you are Robin Wellknown"
    robin.presses("Show my passport and my face")
    assert robin.path == "/appointments/book"
    assert robin.heading != "You cannot do this online"
