"""Sets `request.user` from the statement that the session store has already run."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from patient_online.access.queries import ActsForOne, Asking, WorksAtOne
from patient_online.access.rules.sessions import Left, left
from patient_online.identity.models import Account
from patient_online.web.audiences import View
from patient_online.web.browsers import browser_of
from patient_online.web.shares import hand_out

LEFT_BEHIND = '"cache", "storage"'  # what the browser forgets with the session; the cookies are ended by their names
LOOKS_AHEAD = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")


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
        session.end()  # type: ignore[attr-defined]
        return None
    session.trusted = asking, known  # type: ignore[attr-defined]
    return asking


def by_a_script(view: View) -> View:
    """Mark a view as one that a script asks for by itself: to ask for it is nothing that a person does."""
    view.by_a_script = True  # type: ignore[attr-defined]
    return view


def time_left(asking: Asking | None, *, now_seen: bool = False) -> Left:
    """How long somebody is signed in yet, counted from now where they are seen now; no time at all for nobody."""
    now, idle = timezone.now(), timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    if asking is None or asking.account is None:
        return Left(0, can_stay=False)
    return left(now if now_seen else asking.last_seen_at, asking.ends_at, idle=idle, at=now)


class WhoIsAskingMiddleware:
    """Gives each request its `user`, lazily, and notes that the person was here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request."""
        request.session.by_a_person = _opens_or_sends(request)  # type: ignore[attr-defined]
        request.session.device = browser_of(request.headers.get("User-Agent", ""))  # type: ignore[attr-defined]
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]
        request.asking = SimpleLazyObject(lambda: asking_of(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.session.over and request.session.session_key is None:  # type: ignore[attr-defined]
            response["Clear-Site-Data"] = LEFT_BEHIND
        if request.session.accessed:
            request.session.turn_after_a_step()  # type: ignore[attr-defined]
            hand_out(request, response, _practice(request))
            if not request.session.modified:
                request.session.seen()  # type: ignore[attr-defined]
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Note, before the page is made, that it is one which a script asks for by itself."""
        if getattr(view, "by_a_script", False):
            request.session.by_a_person = False  # type: ignore[attr-defined]


def _opens_or_sends(request: HttpRequest) -> bool:
    """Whether a person asks: for a page that they will see, or by sending a form; not a script, not a look ahead."""
    if request.method == "POST":
        return True
    ahead = any("prefetch" in request.headers.get(name, "").lower() for name in LOOKS_AHEAD)
    return request.method == "GET" and not ahead and request.headers.get("Sec-Fetch-Dest", "document") == "document"


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
