"""Ten thousand messages through fifty killed workers: none lost, none stale, none twice."""

import os

import pytest

from patient_online.notify.models import Message
from patient_online.notify.tests.notify_api import a_notify_api
from patient_online.notify.tests.storm import Storm

# PATIENT_ONLINE_STORM=10000,50 is the whole of it, which takes several minutes.
EVENTS, KILLS = (int(number) for number in os.environ.get("PATIENT_ONLINE_STORM", "400,6").split(","))


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_through_killed_workers_and_a_bad_provider_no_message_is_lost_stale_or_sent_twice() -> None:
    with a_notify_api() as api:
        storm = Storm(EVENTS, KILLS, api)
        storm.rages()
    messages = {message.about: message for message in Message.objects.all() if message.about}
    taken = storm.times_taken()
    sent = {about for about, message in messages.items() if message.status == "sent"}
    dropped = {about for about, message in messages.items() if message.status == "dropped"}
    asked_after = len(api.asked)
    print(storm.told(sent=len(sent), dropped=len(dropped)))  # noqa: T201 - the numbers, for who runs the whole of it
    assert storm.killed == KILLS
    assert set(messages) == set(storm.about)  # every one that was committed, and none that was rolled back
    assert sent | dropped == set(storm.about)
    assert set(taken) == sent
    assert set(taken.values()) == {1}
    assert dropped <= set(storm.cancelled)
    assert asked_after
    for about in sent & set(storm.cancelled):
        handed_over_at = messages[about].handed_over_at
        assert handed_over_at is not None
        assert handed_over_at <= storm.cancelled[about]
