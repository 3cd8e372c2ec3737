"""Where somebody was going who must first open an account, or find the way back into theirs: kept until they are in."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

GOING_TO = "going_to"  # in the session


def keep_going_to(request: HttpRequest) -> None:
    """Keep the address that the request names as `next`, if it is one of ours."""
    wanted = request.GET.get("next", "").strip()
    if wanted.startswith("/") and get_adapter().is_safe_url(wanted):
        request.session[GOING_TO] = wanted


def going_to(request: HttpRequest) -> str:
    """Where they were going, or nothing."""
    return str(request.session.get(GOING_TO, ""))


def gone_on(request: HttpRequest) -> str:
    """Where they were going, or nothing; it is led to once."""
    return str(request.session.pop(GOING_TO, ""))
