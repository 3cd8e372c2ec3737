"""Somebody of the practice who is its patient too: about themselves a colleague decides."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from patient_online.access import actions
from patient_online.access.actions.amending import correct_details
from patient_online.access.actions.opening import protect
from patient_online.access.models import AccessRequest, Block, Link
from patient_online.access.rules.codes import NO_REVIEW
from patient_online.access.rules.oneself import NotByOneself
from patient_online.access.rules.requests import Asked, Decision
from patient_online.access.tests.amended import asked as asked_to_amend
from patient_online.access.tests.amended import decided
from patient_online.access.tests.behind_glass import REASON
from patient_online.access.tests.lettering import a_letter
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_patient_of, acting_as, an_account, an_account_for, staff_of, switch_on
from patient_online.identity.models import Account
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.amending import details_of
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import said, signed_in

pytestmark = pytest.mark.django_db
WORDS = "She must not see what her son says of her."
ROLES = (Role.MANAGER, Role.GP, Role.GOVERNANCE, Role.RECEPTIONIST)


@dataclass(frozen=True)
class Both:
    """Somebody with every role who is a patient of the practice, and what waits to be decided about a patient."""

    patient: Patient
    account: Account
    by: Staff
    at: datetime
    block: Block
    request: AccessRequest

    @property
    def to(self) -> dict[str, Any]:
        """Whose access it is, and who decides when."""
        return {"account_id": self.account.id, "by": self.by, "at": self.at}


def both(practice: Practice, at: datetime, *, own: bool) -> Both:
    """Somebody of the practice, and a patient: themselves, or another."""
    switch_on(practice, Service.DEMOGRAPHICS)
    patient, account = a_patient_of(practice), an_account("both@example.com")
    an_account_for(patient, account=account, services={Service.DEMOGRAPHICS: Level.MANAGE})
    gp = staff_of(practice, Role.GP)
    block = actions.hold_back(
        patient, service=Service.PRESCRIPTIONS, why=Block.Why.SAFEGUARDING, words=WORDS, by=gp, at=at
    )
    wish = Asked("demographics", "view")
    request = actions.ask_for(wish, words="", by=acting_as(patient, account), at=at)
    staff = staff_of(practice, *ROLES, account=account if own else an_account())
    return Both(patient, account, staff, at, block, request)


def show_all(one: Both) -> None:
    """Give sight of the record."""
    day = one.at.date()
    actions.give_record(one.patient, current=RecordLevel.SUMMARY, historic=RecordLevel.NONE, from_day=day, **one.to)


def hold(one: Both) -> None:
    """Hold a service back."""
    why: dict[str, Any] = {"why": Block.Why.OTHER, "words": "Made-up.", "by": one.by, "at": one.at}
    actions.hold_back(one.patient, service=Service.APPOINTMENTS, **why)


def decide(one: Both) -> None:
    """Answer the request."""
    actions.decide(one.request, decision=Decision(False), answer="Not now.", by=one.by, at=one.at)


def decide_details(one: Both) -> None:
    """Answer a request to change a name."""
    made = asked_to_amend(acting_as(one.patient, one.account), one.patient, one.at)
    decided(made, one.by, one.at)


def correct(one: Both) -> None:
    """Correct a name at the desk."""
    known = Patient.objects.get(id=one.patient.id)
    correct_details(known, details_of(known), seen=details_of(known).mark, by=one.by, at=one.at)


def take_letter_back(one: Both) -> None:
    """Take a letter back that a colleague has made."""
    letter = a_letter(one.patient, one.at, by=staff_of(one.patient.practice, Role.RECEPTIONIST))
    actions.take_back_letter(letter.row, by=one.by, at=one.at)


DEEDS: dict[str, Callable[[Both], Any]] = {
    "give": lambda one: actions.give(one.patient, service=Service.MESSAGES, level=Level.VIEW, **one.to),
    "take back": lambda one: actions.take_back(one.patient, service=Service.DEMOGRAPHICS, **one.to),
    "show the record": show_all,
    "take the record back": lambda one: actions.take_back_record(one.patient, **one.to),
    "hold back": hold,
    "lift": lambda one: actions.lift(one.block, by=one.by, at=one.at),
    "decide": decide,
    "enter a code": lambda one: actions.enter_code(
        one.patient, code=NO_REVIEW, dated=one.at.date(), by=one.by, at=one.at
    ),
    "decide about a name": decide_details,
    "correct a name": correct,
    "note that they are gone": lambda one: actions.note_patient_gone(
        one.patient, why=Link.Why.LEFT, day=one.at.date(), by=one.by, at=one.at
    ),
    "protect": lambda one: protect(one.patient, sensitive=True, by=one.by, at=one.at),
    "make a letter": lambda one: a_letter(one.patient, one.at, by=one.by),
    "take a letter back": take_letter_back,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_nobody_of_the_practice_decides_about_themselves(practice: Practice, now: datetime, deed: str) -> None:
    """Whatever their roles: they are told to ask a colleague."""
    with pytest.raises(Refused) as no:
        DEEDS[deed](both(practice, now, own=True))
    assert no.value.reason is NotByOneself.ONESELF


@pytest.mark.parametrize("deed", DEEDS)
def test_the_same_is_done_for_another_patient(practice: Practice, now: datetime, deed: str) -> None:
    """By somebody with the same roles."""
    DEEDS[deed](both(practice, now, own=False))


@pytest.mark.parametrize("own", [True, False])
def test_what_is_held_back_from_oneself_is_read_by_colleagues_alone(
    practice: Practice, now: datetime, own: bool
) -> None:
    """Neither on the page of one's own access, nor in what was done there, nor where it is lifted."""
    one = both(practice, now, own=own)
    client = signed_in(Account.objects.get(id=one.by.account_id))
    if own:
        client.post(reverse("access:open_record", args=[one.patient.id]), {"key": str(uuid7()), "reason": REASON})
    page = said(client.get(reverse("access:patient_access", args=[one.patient.id])))
    assert "What they can use online" in page
    for words in (WORDS, "A service was held back"):
        assert (words in page) is not own
    lift = client.get(reverse("access:lift", args=[one.patient.id, one.block.id]))
    assert lift.status_code == (404 if own else 200)
