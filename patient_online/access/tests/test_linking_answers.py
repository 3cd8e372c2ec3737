"""Whoever types a letter wrong reads the same page, byte for byte (T18); who types a right one ends other claims."""

import re
from datetime import date, datetime

import pytest

from patient_online.access.actions import link
from patient_online.access.actions.linking import Typed
from patient_online.access.linkage import new_key
from patient_online.access.models import Link
from patient_online.access.tests.lettering import a_letter, holder
from patient_online.access.tests.test_claiming import a_patient, claims
from patient_online.access.tests.wrong_letters import WRONG
from patient_online.demo.factories import a_patient_of, a_practice, an_account
from patient_online.tasks.models import Task
from patient_online.web.tests.pages import signed_in

# What was typed and the form's own tokens stand in the page's fields alone; the request's id is another each time.
THEIRS = re.compile(rb'value="[^"]*"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}')


def answer_to(typed: Typed) -> tuple[int, bytes]:
    """What somebody with a new account is answered: the status, and the page without what is theirs alone."""
    born = typed.birth_date
    fields = {"account_ref": typed.account_ref, "ods_code": typed.ods_code, "key": typed.key}
    fields |= {"family_name": typed.family_name, "birth_date_day": str(born.day)}
    fields |= {"birth_date_month": str(born.month), "birth_date_year": str(born.year)}
    answer = signed_in(an_account()).post("/link", fields)
    return answer.status_code, THEIRS.sub(b"", answer.content)


@pytest.mark.django_db
def test_whatever_is_wrong_the_page_is_the_same_byte_for_byte(now: datetime) -> None:
    status, page = answer_to(Typed("1111111111", "ZZ999", new_key(), "Nobody", date(1990, 1, 1)))
    assert (status, b"does not fit a letter" in page) == (200, True)
    assert len(WRONG) == 14
    for what, wrong in WRONG.items():
        patient = a_patient_of(a_practice(), family_name="O'Made-Up", birth_date=date(1980, 3, 31))
        typed = wrong(a_letter(patient, now), now)
        linked = Link.objects.count()
        assert answer_to(typed) == (status, page), what
        assert Link.objects.count() == linked


@pytest.mark.django_db
def test_a_letter_settles_who_of_two_is_the_patient(now: datetime) -> None:
    patient, first = a_patient(a_practice()), an_account()
    claims(first, patient, now)
    claims(an_account(), patient, now)
    link(a_letter(patient, now).typed(), network="n", by=holder(first), at=now)
    assert set(Task.objects.values_list("status", flat=True)) == {Task.Status.DONE}
