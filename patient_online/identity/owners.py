"""What the owner of an account is told of a change to it: by e-mail, else once on the account's page."""

from uuid import UUID

from django.core.cache import cache
from django.core.mail import send_mail

from patient_online.identity.models import Account
from patient_online.identity.notices import Mail

KEPT = 90 * 24 * 60 * 60  # seconds
MOST = 10


def tell_owner(account: Account, mail: Mail) -> None:
    """Write to the owner, or keep it for them where there is no address: each change could be a thief's."""
    if account.email:
        send_mail(mail.subject, mail.body, None, [account.email])
        return
    cache.set(_mark(account.pk), [*cache.get(_mark(account.pk), []), mail.body][-MOST:], KEPT)


def told_once(account_id: UUID) -> list[str]:
    """What was kept for the owner; the next time nothing."""
    kept: list[str] = cache.get(_mark(account_id), [])
    if kept:
        cache.set(_mark(account_id), [], 1)
    return kept


def _mark(account_id: UUID) -> str:
    return f"tell-owner:{account_id}"
