"""How an account's own e-mail is sent: taken, handed to the mail provider with no transaction open, settled."""

import logging
import random
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from patient_online.asking import System
from patient_online.notify import actions
from patient_online.notify.delivering import may_send
from patient_online.notify.kinds import Words
from patient_online.notify.models import AccountMail
from patient_online.notify.providers import NotEver, Unsent, provider_for
from patient_online.notify.rules import EMAIL

logger = logging.getLogger(__name__)


def send_mail(system: System, mail_id: UUID) -> None:
    """Send one e-mail, or see to it that it is tried again; the log names it by its id alone."""
    now = timezone.now()
    if not may_send(system, now):
        actions.mail_later(mail_id, until=now + settings.NOTIFY_PATIENCE.while_held, by=system, at=now)
        return
    mail = actions.take_mail(mail_id, by=system, at=now)
    if mail is None:
        return
    try:
        _hand_over(mail)
    except NotEver as error:
        _give_up(mail, error.trouble, system, now)
    except Unsent as error:
        _again(mail, error.trouble, system, now)
    except Exception:
        logger.exception("An account's e-mail %s could not be sent.", mail.id)
        _again(mail, "error", system, now)
    else:
        actions.mail_sent(mail, by=system, at=timezone.now())


def _hand_over(mail: AccountMail) -> None:
    provider = provider_for(EMAIL)
    if provider is None:
        raise NotEver("no-provider")
    paragraphs = tuple(mail.body.strip().split("\n\n"))
    provider.send(mail.to, Words(mail.subject, paragraphs, text=mail.subject), reference=mail.id)


def _again(mail: AccountMail, trouble: str, system: System, now: datetime) -> None:
    wait = settings.NOTIFY_PATIENCE.wait_after(mail.tries, random.random())  # noqa: S311 - spreads, no secret
    if wait is None:
        _give_up(mail, trouble, system, now)
    else:
        actions.mail_later(mail.id, until=now + wait, by=system, at=now)


def _give_up(mail: AccountMail, trouble: str, system: System, now: datetime) -> None:
    logger.warning("An account's e-mail %s was given up: %s.", mail.id, trouble)
    actions.mail_failed(mail, by=system, at=now)
