"""What guesses are counted under: names, devices and networks as hashes, and where a request comes from."""

import hashlib
from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from patient_online.web.browsers import browser_of

YEAR = 365 * 24 * 60 * 60
SALT = "patient_online.identity.device"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: its network, the browser's mark, and which browser it is."""

    network: str
    device: str = ""
    browser: str = ""


def bucket(kind: str, what: object) -> str:
    """The key under which something is counted: a hash with our secret, so that the table names nobody."""
    return salted_hmac(f"patient_online.identity.{kind}", str(what), algorithm="sha256").hexdigest()


def device_hash(token: str, account_id: UUID) -> str:
    """What is kept of a browser's mark, for one account: the mark has 190 random bits, so it needs no salt."""
    return hashlib.sha256(f"{token}:{account_id}".encode()).hexdigest()


def place_of(request: HttpRequest) -> Place:
    """Where a request comes from."""
    browser = browser_of(request.headers.get("User-Agent", ""))
    return Place(network_of(request), device_of(request), browser)


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from: /24 or /64. X-Forwarded-For counts behind a proxy that we trust alone."""
    try:
        address = ip_address((get_client_ip(request) or "").partition("%")[0])
    except (ValueError, ImproperlyConfigured):
        return "unknown"
    if not isinstance(address, IPv4Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    size = 24 if isinstance(address, IPv4Address) else 64
    return str(ip_network(f"{address}/{size}", strict=False))


def cookie_name() -> str:
    """The name of the cookie by which a browser is known again."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def device_of(request: HttpRequest) -> str:
    """The browser's mark, or nothing where it has none of ours."""
    try:
        return str(request.get_signed_cookie(cookie_name(), default="", salt=SALT, max_age=YEAR))
    except BadSignature:
        return ""


def mark(response: HttpResponse, token: str) -> None:
    """Let the browser keep its mark for a year."""
    given = {"max_age": YEAR, "httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
    response.set_signed_cookie(cookie_name(), token, salt=SALT, **given)


def new_mark() -> str:
    """A mark for a browser that has none."""
    return get_random_string(32)
