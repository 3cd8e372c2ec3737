"""A practice may limit how many appointments of one kind a patient has booked ahead, besides how many in all."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from patient_online.appointments.actions import book, cancel, rearrange, word_slot_type
from patient_online.appointments.models import Slot, SlotType
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.asked import done, refused
from patient_online.asking import Acting, Role
from patient_online.demo.factories import a_patient_of, a_slot_of, a_slot_type, an_appointment, staff_of
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read


@pytest.fixture
def kind(slots: list[Slot]) -> SlotType:
    """The kind of the slots of tomorrow morning: of it, one at a time."""
    SlotType.objects.filter(id=slots[0].type_id).update(most_future=1)
    return SlotType.objects.get(id=slots[0].type_id)


def test_one_of_a_kind_is_enough_and_another_kind_can_still_be_booked(
    practice: Practice, ann: Acting, slots: list[Slot], kind: SlotType, now: datetime
) -> None:
    done(book, slots[0], by=ann, at=now, length=2)
    assert refused(book, slots[3], by=ann, at=now) is NotBooked.LIMIT_OF_KIND_REACHED
    another = a_slot_of(practice, now + timedelta(days=2))
    assert done(book, another, by=ann, at=now).slot_id == another.id


def test_the_refusal_names_the_kind_in_its_words_and_the_number_and_does_so_again(
    ann: Acting, slots: list[Slot], kind: SlotType, now: datetime
) -> None:
    done(book, slots[0], by=ann, at=now)
    key, told = uuid7(), []
    for _ in range(2):
        with pytest.raises(Refused) as no:
            book(slots[1], by=ann, key=key, at=now)
        told.append(no.value.facts)
    assert told == [{"limit": 1, "kind": kind.label}] * 2
    assert kind.name not in str(told)


def test_the_limit_of_a_kind_counts_only_what_is_booked_and_still_to_come(
    practice: Practice, ann: Acting, slots: list[Slot], kind: SlotType, now: datetime
) -> None:
    patient = Patient.objects.get(id=ann.patient_id)
    an_appointment(a_slot_of(practice, now - timedelta(days=1), kind=kind), patient)
    an_appointment(slots[5], a_patient_of(practice))
    cancel(done(book, slots[0], by=ann, at=now), by=ann, key=uuid7(), at=now)
    assert done(book, slots[1], by=ann, at=now).slot_id == slots[1].id


def test_a_move_within_the_kind_is_always_possible_and_a_move_into_it_is_a_booking(
    practice: Practice, ann: Acting, slots: list[Slot], kind: SlotType, now: datetime
) -> None:
    """Also when the practice had booked two of the kind itself."""
    of_another_kind = done(book, a_slot_of(practice, now + timedelta(days=2)), by=ann, at=now)
    assert done(rearrange, of_another_kind, to=slots[0], by=ann, at=now).slot_id == slots[0].id
    second = an_appointment(slots[2], Patient.objects.get(id=ann.patient_id))
    moved = done(rearrange, second, to=slots[3], by=ann, at=now)
    away = done(rearrange, moved, to=a_slot_of(practice, now + timedelta(days=3)), by=ann, at=now)
    assert refused(rearrange, away, to=slots[4], by=ann, at=now) is NotBooked.LIMIT_OF_KIND_REACHED


@pytest.mark.parametrize("most", [0, 21])
def test_the_database_keeps_the_limit_of_a_kind_between_one_and_twenty(practice: Practice, most: int) -> None:
    a_slot_type(practice, most_future=None)
    a_slot_type(practice, most_future=20)
    with pytest.raises(IntegrityError, match="slottype_most_future_one_to_twenty"), transaction.atomic():
        a_slot_type(practice, most_future=most)


def in_the_browser_of(practice: Practice) -> Client:
    """A receptionist's browser."""
    browser = Client()
    staff = staff_of(practice, Role.RECEPTIONIST)
    browser.force_login(Account.objects.get(id=staff.account_id))
    return browser


def sent(browser: Client, kind: SlotType, most: str) -> Any:
    """The answer to the form of the words."""
    words = {"label": kind.label, "guidance": kind.guidance, "national_category": kind.national_category}
    return browser.post(f"/appointments/words/{kind.id}", {**words, "most_future": most})


def test_staff_set_the_limit_of_a_kind_with_its_words_and_take_it_back(practice: Practice) -> None:
    kind, browser = a_slot_type(practice), in_the_browser_of(practice)
    assert "No limit of its own" in browser.get("/appointments/words").content.decode()
    for most, kept in (("3", 3), ("", None)):
        assert sent(browser, kind, most).status_code == 302
        kind.refresh_from_db()
        assert kind.most_future == kept
        page = browser.get("/appointments/words").content.decode()
        assert ("No limit of its own" in page) is (kept is None)
        shown = read(browser.get(f"/appointments/words/{kind.id}")).all("input", name="most_future")
        assert shown[0].attributes.get("value", "") == most


@pytest.mark.parametrize("most", ["0", "21", "-1", "many", "1.5"])
def test_a_limit_that_is_none_is_pointed_out(practice: Practice, most: str) -> None:
    kind = a_slot_type(practice, most_future=2)
    answer = sent(in_the_browser_of(practice), kind, most)
    words = "The most that a patient may have booked ahead must be a number from 1 to 20"
    assert words in read(answer).all("main")[0].text
    kind.refresh_from_db()
    assert kind.most_future == 2


def test_wording_a_kind_says_what_limit_it_has(practice: Practice, now: datetime) -> None:
    kind = a_slot_type(practice)
    words = {"label": "See a GP", "guidance": "", "national_category": kind.national_category}
    word_slot_type(kind, **words, most_future=4, by=staff_of(practice, Role.MANAGER), at=now)
    kind.refresh_from_db()
    assert (kind.label, kind.most_future) == ("See a GP", 4)
