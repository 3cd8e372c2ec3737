"""Who carries messages: a mail server, GOV.UK Notify, or in the demonstration a folder. None unless it is set up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.conf import settings

from patient_online.notify.kinds import Words
from patient_online.notify.rules import EMAIL, TEXT


class Unsent(Exception):
    """Raised by a provider that cannot say the message was taken; `trouble` is one of `rules.TROUBLES`."""

    def __init__(self, trouble: str) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class NotNow(Unsent):
    """It was not taken, and may be later."""


class NotEver(Unsent):
    """It was not taken and never will be; `bad_address` when that is the address's fault."""

    def __init__(self, trouble: str, *, bad_address: bool = False) -> None:
        super().__init__(trouble)
        self.bad_address = bad_address


class NotKnown(Unsent):
    """The connection broke or nobody answered in time: it may have been taken."""


class Became(StrEnum):
    """What a provider says became of a message that it took."""

    DELIVERED = "delivered"
    NO_SUCH_ADDRESS = "no-such-address"
    UNDELIVERED = "undelivered"
    NEVER_KNOWN = "never-known"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message, and the address it went to, as the provider writes it."""

    became: Became
    address: str = ""


class Provider(Protocol):
    """Somebody who carries messages of one route; `tells` says whether it can be asked if they arrived."""

    tells: bool

    def send(self, address: str, words: Words, *, reference: UUID) -> str:
        """Hand over a message under our reference; the provider's id of it. Raises Unsent."""

    def found(self, reference: UUID) -> str | None:
        """The provider's id of what it took under this reference; None when it took nothing, or cannot tell."""

    def receipt(self, reference: UUID) -> Receipt | None:
        """What became of what it took under this reference; None while that is not known. Raises Unsent."""


def provider_for(route: str) -> Provider | None:
    """Who carries messages of this route here, or None where nobody is set up."""
    from patient_online.notify.providers.folder import Folder
    from patient_online.notify.providers.govuk import GovukNotify
    from patient_online.notify.providers.smtp import MailServer

    seconds = settings.NOTIFY_PATIENCE.answer_seconds
    if settings.NOTIFY_FOLDER and route in (EMAIL, TEXT):
        return Folder(settings.NOTIFY_FOLDER)
    if route == EMAIL and settings.NOTIFY_SMTP_URL:
        return MailServer(settings.NOTIFY_SMTP_URL, settings.NOTIFY_MAIL_FROM, timeout=seconds)
    if route == TEXT and settings.NOTIFY_GOVUK_KEY:
        key, template, url = settings.NOTIFY_GOVUK_KEY, settings.NOTIFY_GOVUK_TEMPLATE, settings.NOTIFY_GOVUK_URL
        return GovukNotify(key, template, url, timeout=seconds)
    return None


def routes_here() -> frozenset[str]:
    """The routes that somebody carries here."""
    return frozenset(route for route in (EMAIL, TEXT) if provider_for(route))
