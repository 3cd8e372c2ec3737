"""What happens later: who owns an account is told that somebody tries passwords at it."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from patient_online.asking import System
from patient_online.identity import actions


@app.task(name=actions.TELL, queue="messages")
def tell_of_guesses(account_id: str) -> None:
    """Tell the owner, if there is an account of this id."""
    by = System("tell_of_guesses", why="accounts belong to no practice")
    actions.tell_of_guesses(UUID(account_id), by=by, at=timezone.now())
