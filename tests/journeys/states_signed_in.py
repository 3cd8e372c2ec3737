"""The pages about being signed in: how long yet, where else, and what was sent when it was over."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from patient_online.access.models import Session
from patient_online.access.sessions import hash_of
from tests.journeys.cast import Cast
from tests.journeys.state import State
from tests.journeys.visitors import Visitor


def is_idle(visitor: Visitor, seconds: int) -> None:
    """Let the visitor have done nothing for so long, as the server remembers it."""
    [key] = [one["value"] for one in visitor.page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    seen = timezone.now() - timedelta(seconds=seconds)
    assert Session.objects.filter(key_hash=hash_of(key)).update(last_seen_at=seen) == 1


def sends_too_late(visitor: Visitor, cast: Cast) -> None:
    """Send a form when the session is over, and sign in again."""
    is_idle(visitor, settings.SESSION_IDLE_SECONDS)
    visitor.types("Email address", "late@example.com")
    visitor.presses("Save")
    visitor.signs_in(cast.accounts["robin"])


SIGNED_IN = [
    State("access:stay", "/stay-signed-in"),
    State("access:devices", "/account/devices"),
    State("access:send_again", "/send-again", called="with nothing to send"),
    State("access:send_again", "/practice/details/contact/email", then=sends_too_late, called="with a form"),
    State("account_login", "/sign-in?next=/messages&ended=idle", who="", called="after ten minutes"),
    State("account_login", "/sign-in?next=/send-again&ended=limit", who="", called="with something kept"),
]
