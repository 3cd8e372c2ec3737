"""Every way of being wrong with a letter, as people come to it; and typing a letter, whatever comes of it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, cast

from patient_online.access.actions import end_access, link, take_back_letter
from patient_online.access.actions.linking import Typed
from patient_online.access.linkage import new_key
from patient_online.access.models import Link, LinkageKey
from patient_online.access.rules.linking import NotLinked
from patient_online.access.tests.lettering import Letter, a_desk, a_letter, holder
from patient_online.demo.factories import a_practice, an_account
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.refusals import Refused

NETWORK = "192.0.2.0/24"


def links(account: Account, typed: Typed, at: datetime, network: str = NETWORK) -> NotLinked | None:
    """Why the account was not linked, or None when it was."""
    try:
        link(typed, network=network, by=holder(account), at=at)
    except Refused as refused:
        return cast(NotLinked, refused.reason)
    return None


WRONG: dict[str, Callable[[Letter, datetime], Typed]] = {
    "no such practice": lambda letter, at: letter.typed(ods_code="X99999"),
    "another practice": lambda letter, at: letter.typed(ods_code=a_practice().ods_code),
    "no such account ID": lambda letter, at: letter.typed(account_ref="0000000000"),
    "another key": lambda letter, at: letter.typed(key=new_key()),
    "another name": lambda letter, at: letter.typed(family_name="Somebody"),
    "another birth date": lambda letter, at: letter.typed(birth_date=date(1980, 3, 30)),
    "used": lambda letter, at: used(letter, at),
    "run out": lambda letter, at: changed(letter, made_at=at - timedelta(days=15), ends_at=at),
    "another letter was made": lambda letter, at: reissued(letter, at),
    "taken back": lambda letter, at: taken_back(letter, at),
    "five wrong tries": lambda letter, at: changed(letter, wrong=5),
    "the patient has left": lambda letter, at: gone(letter, left_on=at.date()),
    "the patient has died": lambda letter, at: gone(letter, died_on=at.date()),
    "access was ended": lambda letter, at: ended(letter, at),
}


def used(letter: Letter, at: datetime) -> Typed:
    """Somebody has used it."""
    assert links(an_account(), letter.typed(), at) is None
    return letter.typed()


def changed(letter: Letter, **row: Any) -> Typed:
    """Its row says otherwise."""
    LinkageKey.objects.filter(id=letter.row.id).update(**row)
    return letter.typed()


def reissued(letter: Letter, at: datetime) -> Typed:
    """Another one was made since."""
    a_letter(letter.patient, at)
    assert letter.now().ended_why == "reissued"
    return letter.typed()


def taken_back(letter: Letter, at: datetime) -> Typed:
    """The desk has taken it back."""
    take_back_letter(letter.row, by=a_desk(letter.patient), at=at)
    return letter.typed()


def gone(letter: Letter, **row: Any) -> Typed:
    """Its patient is gone."""
    Patient.objects.filter(id=letter.patient.id).update(**row)
    return letter.typed()


def ended(letter: Letter, at: datetime) -> Typed:
    """All access to the patient was ended."""
    end_access(letter.patient, why=Link.Why.PRACTICE, by=a_desk(letter.patient), at=at)
    return letter.typed()
