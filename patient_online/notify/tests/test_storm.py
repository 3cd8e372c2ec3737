"""Ten thousand messages through fifty killed workers: none lost, none stale, none twice."""

import os

import pytest

from patient_online.notify.models import Message
from patient_online.notify.tests.notify_api import a_notify_api
from patient_online.notify.tests.storm import BOOKED, CANCELLED, MOVED, REMINDER, Storm

# PATIENT_ONLINE_STORM=10000,50 is the whole of it, which takes several minutes.
EVENTS, KILLS = (int(number) for number in os.environ.get("PATIENT_ONLINE_STORM", "400,6").split(","))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_through_killed_workers_and_a_bad_provider_no_message_is_lost_stale_or_sent_twice() -> None:
    with a_notify_api() as api:
        storm = Storm(EVENTS, KILLS, api)
        storm.rages()
    messages = {(each.kind, each.about): each for each in Message.objects.all() if each.about}
    taken = storm.times_taken()
    sent = {each.id for each in messages.values() if each.status == "sent"}
    dropped = {each.about for each in messages.values() if each.status == "dropped"}
    asked_after = len(api.asked)
    print(storm.told(sent=len(sent), dropped=len(dropped)))  # noqa: T201 - the numbers, for who runs the whole of it
    assert storm.killed == KILLS
    made = {(kind, about) for about, (kind, _) in storm.about.items()} | {(CANCELLED, each) for each in storm.cancelled}
    assert set(messages) == made  # every one that was committed, and none that was rolled back
    assert {kind for kind, _ in messages} == {BOOKED, MOVED, REMINDER, CANCELLED}
    assert len(sent) + len(dropped) == len(made)
    assert set(taken) == sent
    assert set(taken.values()) == {1}
    assert dropped <= set(storm.cancelled)
    assert dropped
    assert {messages[CANCELLED, each].status for each in storm.cancelled} == {"sent"}
    assert asked_after
    for about, cancelled_at in storm.cancelled.items():
        told = messages[storm.about[about][0], about]
        assert told.status == "dropped" or (told.handed_over_at and told.handed_over_at <= cancelled_at)
