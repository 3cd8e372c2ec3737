"""What was refused is corrected on the page that comes back, and sent from there: then it is done."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from patient_online.appointments.models import Absence, BookingRule, Cohort, Schedule, SessionTemplate
from patient_online.appointments.tests.planner import Planner, typed
from patient_online.identity.models import Account
from patient_online.practices.models import Closure, Notice
from patient_online.refusals import KeyUsedForAnother
from patient_online.web.fields import IdempotencyKeyField, add_refusal
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
Case = tuple[str, dict[str, Any], dict[str, Any], type[Any]]


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def on(name: str, day: int, month: int = 3, year: int = 2026) -> dict[str, str]:
    """A date as it is typed."""
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


def an_absence(planner: Planner) -> Case:
    """The days have been."""
    typed = {"clinician": str(planner.ada.id), "note": "Leave", **on("from_day", 1), **on("to_day", 2)}
    return "/practice/absences/new", typed, on("to_day", 6), Absence


def a_group(planner: Planner) -> Case:
    """There is a group of this name."""
    Cohort.objects.create(practice=planner.practice, name="Flu")
    return "/practice/groups/add", {"name": "Flu"}, {"name": "Flu 2026"}, Cohort


def a_template(planner: Planner) -> Case:
    """Another session is in the way."""
    planner.adds()
    return "/practice/templates/new", typed(planner, do="save"), {"starts": "2pm", "do": "save"}, SessionTemplate


def a_session(planner: Planner) -> Case:
    """Another session is in the way."""
    planner.adds_one(date(2026, 3, 7), time(8, 30))
    given = typed(planner, do="save") | on("day", 7)
    return "/practice/sessions/new", given, {"starts": "2pm", "do": "save"}, Schedule


def a_closure(planner: Planner) -> Case:
    """The days have been."""
    typed = {"words": "Training", **on("from_day", 1), **on("to_day", 6)}
    return "/practice/closures/new", typed, on("from_day", 5), Closure


CASES = [an_absence, a_group, a_template, a_session, a_closure]


def shown(page: Any) -> dict[str, str]:
    """The key that the page carries now."""
    return {each.attributes["name"]: each.attributes.get("value", "") for each in page.all("input", name="key")}


@pytest.mark.parametrize("case", CASES)
def test_mara_corrects_what_was_refused_and_sends_it_from_the_page_that_came_back(
    client: Client, planner: Planner, case: Callable[[Planner], Case]
) -> None:
    path, given, corrected, kind = case(planner)
    before = kind.objects.count()
    given = {**given, "key": str(uuid4())}
    refused = client.post(path, given)
    assert read(refused).words("title")[0].startswith("Error: ")
    assert kind.objects.count() == before
    sent = client.post(path, {**given, **corrected, **shown(read(refused))})
    assert sent.status_code == 302, read(sent).words("main")
    assert kind.objects.count() == before + 1


def test_a_page_used_for_one_rule_keeps_another_when_it_is_sent_once_more(client: Client, planner: Planner) -> None:
    path = f"/practice/slot-types/{planner.kind.id}/rules/add"
    used = {"key": str(uuid4()), "sex": "female", "sure": "on"}
    assert client.post(path, used).status_code == 302
    refused = client.post(path, {**used, "sex": "male"})
    assert "This page was already used to send something else." in read(refused).words("main")[0]
    assert client.post(path, {"sex": "male", **shown(read(refused))}).status_code == 302
    assert sorted(BookingRule.objects.values_list("sex", flat=True)) == ["female", "male"]


def with_a_key(kind: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of the product that carries an idempotency key."""
    for each in kind.__subclasses__():
        fields: dict[str, forms.Field] = getattr(each, "base_fields", {})
        keyed = any(isinstance(field, IdempotencyKeyField) for field in fields.values())
        if keyed and ".tests." not in each.__module__:
            yield each
        yield from with_a_key(each)


def test_every_form_with_a_key_has_another_one_after_a_refusal_and_keeps_what_was_typed() -> None:
    assert get_resolver().url_patterns
    kinds = set(with_a_key())
    assert len(kinds) > 12
    for kind in kinds:
        form = kind.__new__(kind)
        sent = QueryDict("key=01890000-0000-7000-8000-000000000001&weekdays=2&weekdays=4&reason=x")
        forms.BaseForm.__init__(form, sent)
        form.cleaned_data, form._errors = {}, forms.utils.ErrorDict()  # type: ignore[attr-defined]
        add_refusal(form, KeyUsedForAnother())
        assert form["key"].data not in ("", sent["key"]), kind
        assert form.data.getlist("weekdays") == ["2", "4"], kind  # type: ignore[attr-defined]
        assert form.data["reason"] == "x", kind


def test_a_new_version_of_the_notice_is_written_after_a_refusal(client: Client, planner: Planner) -> None:
    path, key = "/practice/notices/welcome", {"key": str(uuid4())}
    assert client.post(path, {**key, "seen": "0", "text": "Welcome"}).status_code == 302
    refused = client.post(path, {"key": str(uuid4()), "seen": "0", "text": "Welcome all"})
    assert refused.status_code == 409
    seen = read(refused).all("input", name="seen")[0].attributes["value"]
    assert client.post(path, {**shown(read(refused)), "seen": seen, "text": "Welcome all"}).status_code == 302
    assert Notice.objects.count() == 2
