"""The content security policy: nothing from another host, and no script of a page's own but the template's one line.

The line marks the body when scripts run. It is allowed by its hash, not by a nonce, so a page is the same for everyone.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from csp.constants import HEADER, NONE, SELF
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

INLINE_SCRIPT = (
    "document.body.className += ' js-enabled' + "
    "('noModule' in HTMLScriptElement.prototype ? ' nhsuk-frontend-supported' : '');"
)


def hash_of(script: str) -> str:
    """The script's hash as the policy writes it."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, hash_of(INLINE_SCRIPT)],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [NONE],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}


class ContentSecurityPolicy:
    """Puts the policy on every answer. It is the same for all, so it is written once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the policy."""
        response = self.get_response(request)
        response.headers.setdefault(HEADER, policy_with(settings.NHS_LOGIN_ISSUER))
        return response


@cache
def policy_with(issuer: str) -> str:
    """The policy, in which a form may lead on to NHS login where that is switched on: to its host, no other."""
    parts = urlsplit(issuer)
    on_to = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    return str(build_policy(update={"form-action": on_to} if on_to else None))
