"""A text to a number that does not exist ends, whatever the provider tells of the number; one message holds up none."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from patient_online.notify import jobs
from patient_online.notify.kinds import Kind, Words, register
from patient_online.notify.models import Message
from patient_online.notify.tests.kinds import MUST_REACH, SAID, breaks
from patient_online.notify.tests.notify_api import NotifyApi
from patient_online.notify.tests.people import BY_TEXT, a_reader, again, told, tried
from patient_online.patients.models import Patient

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=6)
NEED_NOT, ONCE = "test-need-not", "test-worded-once"
OTHER = "+447700900111"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The time, which is moved by hand."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def texted(kind: str = MUST_REACH, **given: Any) -> Message:
    """A message that went out by text."""
    register(Kind(NEED_NOT, lambda told, now: SAID))
    message = tried(told(a_reader(contact_by="text", **{**BY_TEXT, **given}), kind))
    assert (message.status, message.route) == ("sent", "text")
    return message


def fails(texts: NotifyApi, says: dict[str, str] | None = None) -> None:
    """Every text that was taken has failed for good; `says` is what the provider still tells of its number."""
    texts.delivers("permanent-failure")
    for each in texts.taken:
        each.pop("phone_number", None)
        each.update(says or {})


def rounds(message: Message, texts: NotifyApi, clock: Any, says: dict[str, str], count: int = 4) -> Message:
    """The message after so many rounds of sending it and asking after it, none of which arrives."""
    for _ in range(count):
        fails(texts, says)
        clock.shift(LATER)
        jobs.ask_receipts(0)
        message = tried(message)
    return message


def patient_of(message: Message) -> Patient:
    return Patient.objects.get(id=message.patient_id)


WHAT_IS_TOLD: list[dict[str, str]] = [
    {},
    {"phone_number": ""},
    {"phone_number": "x"},
    {"phone_number": "07700 900 111"},
]


@pytest.mark.parametrize("says", WHAT_IS_TOLD)
def test_a_number_that_does_not_exist_is_sent_one_text_whatever_the_receipt_says_of_it(
    texts: NotifyApi, clock: Any, says: dict[str, str]
) -> None:
    must = rounds(texted(), texts, clock, says)
    assert (must.status, must.route) == ("to-print", "letter")
    assert patient_of(must).telephone_verified_at is None
    need_not = rounds(texted(NEED_NOT), texts, clock, says)
    assert (need_not.status, need_not.trouble) == ("failed", "no-such-number")
    assert len(texts.taken) == 2


def test_a_number_that_was_checked_again_since_is_known_by_what_the_receipt_says(texts: NotifyApi, clock: Any) -> None:
    message = texted()
    clock.shift(timedelta(minutes=1))
    Patient.objects.update(telephone_verified_at=timezone.now())
    rounds(message, texts, clock, {"phone_number": "07700900982"})
    assert patient_of(message).telephone_verified_at is None
    assert len(texts.taken) == 1


def test_a_number_that_was_confirmed_since_is_told_once_and_then_no_more(texts: NotifyApi, clock: Any) -> None:
    message = texted()
    clock.shift(timedelta(minutes=1))
    Patient.objects.update(telephone=OTHER, telephone_verified_at=timezone.now())
    message = rounds(message, texts, clock, {})
    assert (len(texts.taken), message.status, message.route) == (2, "to-print", "letter")
    assert patient_of(message).telephone_verified_at is None


def test_a_message_that_has_been_tried_as_often_as_any_is_given_up(texts: NotifyApi, clock: Any) -> None:
    message = texted()
    Message.objects.update(attempts=49)
    Patient.objects.update(telephone=OTHER, telephone_verified_at=timezone.now() + timedelta(seconds=1))
    message = rounds(message, texts, clock, {}, 1)
    assert (message.status, message.trouble, len(texts.taken)) == ("to-print", "no-such-number", 1)


def test_what_the_patient_changed_while_others_were_asked_after_is_what_counts(texts: NotifyApi, clock: Any) -> None:
    def words(told: Any, now: Any) -> Words:
        if texts.asked:  # the first is being seen to, and the other was loaded together with it
            Patient.objects.filter(id=other.patient_id).update(telephone="", telephone_verified_at=None)
        return SAID

    register(Kind(ONCE, words))
    other = texted(NEED_NOT)
    first = texted(ONCE)
    Message.objects.filter(id=first.id).update(receipt_due_at=timezone.now())
    fails(texts)
    texts.taken[1]["status"] = "temporary-failure"
    clock.shift(LATER)
    Patient.objects.filter(id=other.patient_id).update(telephone=OTHER, telephone_verified_at=timezone.now())
    jobs.ask_receipts(0)
    assert (again(first).trouble, again(other).trouble) == ("not-delivered", "no-such-number")
    assert again(other).status == "failed"


def worded_once(times: list[int]) -> Any:
    """A kind's words, which can be found the first time only."""

    def words(told: Any, now: Any) -> Words:
        times.append(1)
        return SAID if len(times) == 1 else breaks(told, now)

    return words


@pytest.mark.parametrize(("must_reach", "trouble"), [(True, "not-worded"), (False, "not-delivered")])
def test_one_that_cannot_be_worded_any_more_has_failed_and_those_behind_it_are_asked_after(
    texts: NotifyApi, clock: Any, must_reach: bool, trouble: str
) -> None:
    register(Kind(ONCE, worded_once([]), must_reach=must_reach))
    broken, behind = texted(ONCE), texted()
    Message.objects.filter(id=behind.id).update(receipt_due_at=timezone.now() + LATER)
    texts.delivers("temporary-failure")
    clock.shift(LATER)
    jobs.ask_receipts(0)
    assert (again(broken).status, again(broken).trouble) == ("failed", trouble)
    assert again(behind).status == "to-print"


def test_a_number_that_cannot_be_read_holds_up_no_other_is_logged_without_it_and_ends(
    texts: NotifyApi, clock: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken, behind = texted(), texted()
    Patient.objects.filter(id=broken.patient_id).update(telephone="ask her mother")
    Message.objects.filter(id=behind.id).update(receipt_due_at=timezone.now() + LATER)
    texts.delivers("permanent-failure")
    clock.shift(LATER)
    jobs.ask_receipts(0)
    assert again(behind).trouble == "no-such-number"
    assert "What became of a message could not be seen to" in caplog.text
    assert "Testperson" not in caplog.text
    days = 0
    while again(broken).receipt_due_at:
        clock.shift(timedelta(days=1))
        jobs.ask_receipts(0)
        days += 1
    assert (again(broken).status, days) == ("sent", 4)
