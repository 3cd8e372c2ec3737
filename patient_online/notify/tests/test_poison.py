"""A message that cannot be worded ends where staff see it: it does not wait for ever, nor hold up another."""

from typing import Any

import pytest

from patient_online.notify.rules import TROUBLES
from patient_online.notify.tests.kinds import BROKEN, MUST_REACH_BROKEN
from patient_online.notify.tests.people import BY_EMAIL, a_reader, told, tried

pytestmark = pytest.mark.django_db
MOST_TRIES = 49


@pytest.mark.parametrize(("kind", "trouble"), [(MUST_REACH_BROKEN, "not-worded"), (BROKEN, "error")])
def test_a_message_that_cannot_be_worded_has_failed_in_the_end_and_staff_read_why(
    kind: str, trouble: str, mail_folder: Any, impatient: None
) -> None:
    message = told(a_reader(**BY_EMAIL), kind)
    for _ in range(MOST_TRIES):
        assert message.status == "waiting"
        message = tried(message)
    assert (message.status, message.trouble, message.attempts) == ("failed", trouble, MOST_TRIES)
    assert message.settled_at
    assert TROUBLES[message.trouble]
    assert tried(message).attempts == MOST_TRIES
