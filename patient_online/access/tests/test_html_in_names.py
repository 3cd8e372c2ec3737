"""Whatever people are called and write, every page shows it as words: nothing of it is read as HTML."""

from itertools import cycle

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import CharField, Model, TextField
from django.test import Client

from patient_online.access.tests.pages_known import PRACTICE_PAGES, address, known_at
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.practices.models import Practice, StaffMember
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
SIGNS = [
    "<b>z9</b>",
    "</h1><h1>z9",
    "<img src=z9>",
    "<svg onload=z9>",
    "'><b id=z9>",
    '"><i id=z9>',
    "</title><p>z9",
    "<a href=//z9>",
    "<script>z9()",
    "</script><p>z9",
    "<!--z9-->",
    "</textarea>z9<p>",
    "<form action=z9>",
    "<button>z9",
    "<input name=z9>",
    "<style>z9{}",
    "<meta z9>",
    "<iframe src=z9>",
    "<u z9=%s>",
    "<q z9={{7*7}}>",
]
TYPED = {"name", "job", "given_name", "family_name", "words", "answer", "reason", "extra_reason", "comment", "label"}
TYPED |= {"guidance", "text", "note", "what", "subject", "why"}


def write_html_everywhere(first: int) -> int:
    """Put HTML into every column that holds what somebody typed; how many columns there are."""
    signs, columns = cycle(SIGNS[first:] + SIGNS[:first]), 0
    for model in apps.get_models():
        if not model.__module__.startswith("patient_online."):
            continue
        typed = [each for each in model._meta.fields if isinstance(each, CharField | TextField) and not each.choices]
        for field in [each for each in typed if each.name in TYPED]:
            columns += _written(model, field.name, next(signs))
    return columns


def _written(model: type[Model], column: str, sign: str) -> int:
    """Whether it could be written: some rows are never changed, or are one of a name."""
    try:
        with transaction.atomic():
            model._default_manager.update(**{column: sign})
    except DatabaseError:
        return 0
    return 1


def read_as_html(html: str) -> list[str]:
    """The names that stand on the page as they were typed."""
    return [sign for sign in SIGNS if sign in html]


@pytest.mark.parametrize("name", PRACTICE_PAGES)
def test_no_name_and_no_words_are_read_as_html_on_a_page_of_the_practice(name: str) -> None:
    practice = a_practice()
    page = address(name, known_at(practice, name))
    staff_of(practice, *Role, account=(account := an_account()))
    assert write_html_everywhere(len(name) % len(SIGNS)) > 20
    answer = signed_in(account).get(page, follow=True)
    assert read_as_html(answer.content.decode()) == []
    if name in {"appointments:patient", "access:staff", "access:work", "appointments:groups"}:
        assert "z9" in said(answer)


def test_no_name_is_read_as_html_on_a_patient_s_pages() -> None:
    practice = a_practice()
    patient = a_patient_of(practice)
    client = signed_in(an_account_for(patient))
    known_at(practice, "appointments:patient")
    write_html_everywhere(0)
    shown = [client.get(path, follow=True).content.decode() for path in ("/", "/appointments/", "/your-details")]
    assert [read_as_html(html) for html in shown] == [[], [], []]
    assert all("z9" in html for html in shown)


@pytest.mark.parametrize("sign", SIGNS)
def test_a_name_with_the_signs_of_html_is_refused_for_staff(practice: Practice, sign: str) -> None:
    staff_of(practice, Role.MANAGER, account=(account := an_account()))
    given = {"key": str(uuid7()), "name": sign, "job": sign, "how": "not", "roles": []}
    answer = signed_in(account).post("/practice/staff/add", given)
    assert said(answer).count("Leave out the signs < and >") == 4
    assert read_as_html(answer.content.decode()) == []
    assert not StaffMember.objects.filter(name=sign).exists()
    assert read(answer).words("title")[0].startswith("Error: ")


def test_what_is_looked_for_is_shown_as_words(practice: Practice) -> None:
    client: Client = signed_in(account := an_account())
    staff_of(practice, Role.RECEPTIONIST, account=account)
    for sign in SIGNS:
        answer = client.post("/practice/patients", {"q": sign + " robin"}, follow=True)
        assert read_as_html(answer.content.decode()) == []
