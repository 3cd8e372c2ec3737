"""Sets `request.user` from the statement that the session store has already run."""

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from patient_online.access.queries import ActsForOne, Asking, WorksAtOne
from patient_online.identity.models import Account
from patient_online.web.shares import hand_out


def asking_of(request: HttpRequest) -> Asking | None:
    """Who is asking, or None for somebody not signed in. The session's hash of the password must still hold."""
    session = request.session
    session.get(HASH_SESSION_KEY)
    asking: Asking | None = getattr(session, "asking", None)
    if asking is None or asking.account is None:
        return None
    known = session.get(HASH_SESSION_KEY, "")
    if getattr(session, "trusted", None) == (asking, known):
        return asking
    if not constant_time_compare(known, asking.account.get_session_auth_hash()):
        session.flush()
        return None
    session.trusted = asking, known  # type: ignore[attr-defined]
    return asking


class WhoIsAskingMiddleware:
    """Gives each request its `user`, lazily, and notes that the person was here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]
        request.asking = SimpleLazyObject(lambda: asking_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session.accessed:
            hand_out(request, response, _practice(request))
            if not request.session.modified:
                request.session.seen()  # type: ignore[attr-defined]
        return response


def _practice(request: HttpRequest) -> str | None:
    """The practice of who asked, the first of several, as far as this request has found it out."""
    asking: Asking | None = getattr(request.session, "asking", None)
    if asking is None or asking.account is None:
        return None
    places: tuple[ActsForOne | WorksAtOne, ...] = (*asking.acts_for, *asking.works_at)
    return places[0].practice_id if places else None


def _user(request: HttpRequest) -> Account | AnonymousUser:
    asking = asking_of(request)
    return (asking.account if asking else None) or AnonymousUser()
