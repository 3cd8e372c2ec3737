"""The desk registers a patient and prints the letter; the patient links their account, without JavaScript too."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from patient_online.access.models import Link
from patient_online.asking import Role
from patient_online.demo.factories import PASSWORD, a_patient_of, an_account, an_account_for, switch_on
from patient_online.identity.models import Account
from patient_online.nhs.identity import Identity
from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER
KEY = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
REF = re.compile(r"\b[0-9]{3} [0-9]{3} [0-9]{4}\b")
SHEET = b"/Type /Page\n"


def edith_of(world: World, **given: Any) -> Patient:
    home = {"address": ["12 Imaginary Gardens", "Exampleton"], "postcode": "ZZ99 3VZ"}
    return a_patient_of(world.practice, given_name="Edith", family_name="Onceuponatime", **{**home, **given})


def registers(rita: Visitor, patient: Patient) -> None:
    """Rita goes from the patient's page to the letter, one thing a page."""
    rita.goes_to(f"/practice/patients/{patient.id}")
    rita.follows("Online services")
    rita.page.get_by_role("button", name="Register for online services").click()
    rita.chooses("Documents that the patient brought")
    rita.presses("Continue")
    rita.page.get_by_label("I spoke with the patient alone, and they want this for themselves").check()
    rita.page.get_by_label("Passport").check()
    rita.presses("Continue")
    assert "Two different documents are needed" in rita.problems[0]
    assert rita.page.get_by_label("Passport").is_checked()
    rita.page.get_by_label("Council tax bill").check()
    rita.presses("Continue")
    assert rita.heading == "What they get online"
    rita.presses("Make the letter")
    assert rita.heading == "Print the letter"


def keeps(visitor: Visitor, name: str) -> bytes:
    """The page as it comes out of the printer; kept where somebody wants to look at it."""
    paper = visitor.page.pdf(format="A4")
    if folder := os.environ.get("PATIENT_ONLINE_PICTURES"):
        Path(folder, f"{name}.pdf").write_bytes(paper)
        visitor.page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)
    return paper


def types_the_letter(edith: Visitor, letter: str, practice: str, patient: Patient) -> None:
    edith.types("Account ID", REF.findall(letter)[0])
    edith.types("ODS code of your practice", practice.lower())
    edith.types("Linkage key", KEY.findall(letter)[0].lower())
    edith.types("Your last name", "onceuponatime")
    for part, text in zip(("Day", "Month", "Year"), ("1", "1", "1980"), strict=True):
        edith.types(part, text)


def links(edith: Visitor, letter: str, patient: Patient) -> None:
    """Edith types the letter: nothing, then a wrong name, then all of it right."""
    edith.goes_to("/link")
    edith.presses("Link my account")
    assert len(edith.problems) == 5
    types_the_letter(edith, letter, patient.practice_id, patient)
    edith.types("Your last name", "Otherperson")
    edith.presses("Link my account")
    assert edith.problems == [
        "What you typed does not fit a letter that can be used. "
        "Check it against your letter. If it still does not work, ask your practice for a new one."
    ]
    keeps(edith, "link_wrong")
    edith.types("Your last name", "Onceuponatime")
    edith.presses("Link my account")
    assert edith.heading == "Your account is linked"
    assert "Appointments" in edith.reads
    keeps(edith, "linked")


def test_the_desk_registers_a_patient_who_links_their_account_with_the_letter(
    world: World, visit: Visit, javascript: bool
) -> None:
    switch_on(world.practice, Service.SUMMARY_RECORD)
    patient, rita = edith_of(world), visit(world.worker(Role.RECEPTIONIST), javascript=javascript)
    registers(rita, patient)
    letter = rita.reads
    assert len(KEY.findall(letter)) == 1
    assert keeps(rita, "letter").count(SHEET) == 1

    edith = visit(an_account(name="Edith Onceuponatime"), javascript=javascript)
    links(edith, letter, patient)
    assert Link.objects.get(patient_id=patient.id).identity == Identity.P9

    rita.goes_to(f"/practice/patients/{patient.id}/online")
    assert "Used on" in rita.reads
    assert "Typed wrong once." in rita.reads
    keeps(rita, "online")


def test_a_letter_in_large_print_is_one_sheet_too(world: World, visit: Visit) -> None:
    patient, rita = edith_of(world, format=Patient.Format.LARGE_PRINT), visit(world.worker(Role.RECEPTIONIST))
    registers(rita, patient)
    size = rita.page.locator(".app-letter p").first.evaluate("p => getComputedStyle(p).fontSize")
    assert float(size.removesuffix("px")) >= 21  # 16 point
    assert keeps(rita, "letter_large").count(SHEET) == 1


@pytest.mark.parametrize("large", [True, False])
def test_a_letter_with_a_way_back_in_is_one_sheet_in_either_print(world: World, visit: Visit, large: bool) -> None:
    given: dict[str, Any] = {"format": Patient.Format.LARGE_PRINT} if large else {}
    patient, rita = edith_of(world, **given), visit(world.worker(Role.RECEPTIONIST))
    an_account_for(patient, account=an_account(name="Edith Onceuponatime"))
    registers(rita, patient)
    rita.goes_to(f"/practice/patients/{patient.id}/online")
    rita.follows("They have forgotten their password")
    rita.presses("Make the letter")
    size = rita.page.locator(".app-letter p").first.evaluate("p => getComputedStyle(p).fontSize")
    assert (float(size.removesuffix("px")) >= 21) is large  # 16 point
    assert len(KEY.findall(rita.reads)) == 1
    assert keeps(rita, f"way_back{'_large' * large}").count(SHEET) == 1


def test_somebody_without_a_letter_books_one_first_appointment(world: World, visit: Visit, javascript: bool) -> None:
    edith_of(world)
    edith = visit(an_account(name="Edith Onceuponatime"), javascript=javascript)
    edith.goes_to("/claim")
    edith.types("Name, postcode or ODS code of your practice", world.practice.name)
    edith.presses("Find my practice")
    edith.follows(world.practice.name)
    edith.types("First name", "Edith")
    edith.types("Last name", "Onceuponatime")
    edith.types("Postcode", "zz993vz")
    for part, text in zip(("Day", "Month", "Year"), ("1", "1", "1980"), strict=True):
        edith.types(part, text)
    edith.presses("Send")
    keeps(edith, "claimed")
    edith.page.get_by_role("button", name="Book a first appointment").click()
    edith.page.locator(".app-times__time").first.click()
    edith.presses("None of these apply: go on")
    edith.presses("Confirm and book")
    assert edith.heading == "Appointment booked"
    keeps(edith, "first_booked")
    edith.goes_to("/appointments/")
    assert "We do not know well enough yet that it is you." in edith.reads
    edith.goes_to("/appointments/book")
    assert "you can book one first appointment online" in edith.reads


@pytest.fixture
def nobody() -> Account:
    """Somebody who has an account and no patient."""
    return an_account()


def test_who_signs_in_without_a_patient_finds_the_ways_on(world: World, visit: Visit, nobody: Account) -> None:
    edith = visit()
    edith.goes_to("/link")
    assert edith.heading == "Sign in"
    edith.page.locator('[name="login"]').fill(nobody.email or "")
    edith.page.locator('[name="password"]').fill(PASSWORD)
    edith.presses("Sign in")
    assert edith.heading == "Link your account with your letter"
