"""Whose share of the server a request uses, known before anything is asked of the database.

Whoever is signed in carries a tag in a cookie: a name for their practice that says nothing to anybody else, sealed
together with the key of their session. A tag that was copied, made up or changed does not fit the key and counts for
nothing: such requests share one share with those of everybody who is not signed in.
"""

import hashlib
from functools import cache
from hmac import compare_digest
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, parse_cookie

from patient_online.web.turns import UNKNOWN

SIZE = 9


def share_of(environ: dict[str, Any]) -> str:
    """The share that a request counts towards: a practice's name in the tag, or that of the unknown."""
    cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
    name, _, seal = cookies.get(cookie_name(), "").partition(".")
    key = cookies.get(settings.SESSION_COOKIE_NAME, "")
    return name if key and _fits(name, key, seal) else UNKNOWN


def hand_out(request: HttpRequest, response: HttpResponse, practice: str | None) -> None:
    """Give the browser the tag of its practice, where it has not got it; take it away from who is nobody's."""
    key = request.session.session_key
    tag = tag_of(practice, key) if practice and key else None
    known = request.COOKIES.get(cookie_name())
    if tag and known != tag:
        kept = {"secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
        response.set_cookie(cookie_name(), tag, **kept)  # type: ignore[arg-type]
    elif known and not tag:
        response.delete_cookie(cookie_name(), samesite="Lax")


def tag_of(practice: str, key: str) -> str:
    """The tag of somebody of the practice whose session has this key."""
    name = _digest("practice", practice)
    return f"{name}.{_seal(name, key)}"


def cookie_name() -> str:
    """What the tag's cookie is called."""
    return "__Host-share" if settings.SESSION_COOKIE_SECURE else "share"


def _fits(name: str, key: str, seal: str) -> bool:
    return compare_digest(_seal(name, key).encode(), seal.encode())


def _seal(name: str, key: str) -> str:
    return _digest("seal", f"{name}.{key}")


def _digest(purpose: str, text: str) -> str:
    made = hashlib.blake2b(text.encode(), key=_secret(), person=purpose.encode(), digest_size=SIZE)
    return made.hexdigest()


@cache
def _secret() -> bytes:
    return hashlib.sha256(f"patient_online.web.shares{settings.SECRET_KEY}".encode()).digest()
