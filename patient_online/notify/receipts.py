"""Whether what was sent has arrived: the provider is asked by our reference, and what did not arrive goes another way.

We ask, and are not called: a practice needs no address that the world can reach, and a forged call can end nothing.
"""

import logging

from django.conf import settings
from django.utils import timezone

from patient_online.asking import System
from patient_online.nhs.telephones import normalise_phone
from patient_online.notify import actions, queries
from patient_online.notify.delivering import addresses_of, has_another_way
from patient_online.notify.kinds import known_kind, worded
from patient_online.notify.models import Message
from patient_online.notify.providers import Became, Receipt, Unsent, provider_for
from patient_online.notify.rules import EMAIL, TEXT
from patient_online.patients.actions import unconfirm

logger = logging.getLogger(__name__)


def ask_all(system: System) -> int:
    """Ask after every message that is due to be asked after, until the provider does not answer; how many were."""
    asked = 0
    for message in queries.receipts_due(system, at=timezone.now()):
        try:
            if not ask(message):
                break
        except Exception:
            logger.exception("What became of a message could not be seen to: it is asked after again later.")
            actions.ask_later(message, by=System("ask_receipts", message.practice_id), at=timezone.now())
        asked += 1
    return asked


def ask(message: Message) -> bool:
    """Ask what became of one message and act on it; False when the provider gave no answer."""
    system = System("ask_receipts", message.practice_id)
    if not actions.claim_receipt(message, by=system, at=timezone.now()):
        return True
    provider = provider_for(message.route)
    try:
        receipt = provider.receipt(message.id) if provider else None
    except Unsent:
        actions.ask_later(message, by=system, at=timezone.now())
        return False
    _act(message, receipt, system)
    return True


def _act(message: Message, receipt: Receipt | None, system: System) -> None:
    now = timezone.now()
    if receipt is None:
        actions.ask_later(message, by=system, at=now)
    elif receipt.became == Became.DELIVERED:
        actions.mark_delivered(message, by=system, at=now)
    elif receipt.became == Became.NEVER_KNOWN:
        actions.ask_no_more(message, by=system, at=now)
    elif receipt.became == Became.NO_SUCH_ADDRESS:
        _no_such_number(message, receipt, system)
    else:
        _give_up(message, "not-delivered", system)


def _no_such_number(message: Message, receipt: Receipt, system: System) -> None:
    """The number is not confirmed any more; the message goes the next way, where there is one.

    It goes to a telephone again only where another number was confirmed since it was handed over.
    """
    message.refresh_from_db()  # it was loaded with many others, and the provider has been asked since
    message.patient.refresh_from_db()
    now, number = timezone.now(), addresses_of(message.patient).get(message.route, "")
    if number and _went_to(number, message, receipt):
        unconfirm(message.patient, route=message.route, address=number, by=system, at=now)
        message.patient.refresh_from_db()
    if message.attempts < settings.NOTIFY_PATIENCE.most_attempts and has_another_way(message):
        actions.go_another_way(message, trouble="no-such-number", by=system, at=now)
    else:
        _give_up(message, "no-such-number", system)


def _went_to(number: str, message: Message, receipt: Receipt) -> bool:
    """Whether the message was handed over to this number, which may be all that the provider leaves out."""
    patient = message.patient
    confirmed_at = {EMAIL: patient.email_verified_at, TEXT: patient.telephone_verified_at}[message.route]
    if confirmed_at and message.handed_over_at and confirmed_at <= message.handed_over_at:
        return True
    return _number(receipt.address) == number


def _number(text: str) -> str:
    """The number as it is kept; nothing where it is none."""
    try:
        return normalise_phone(text)
    except ValueError:
        return ""


def _give_up(message: Message, trouble: str, system: System) -> None:
    """A letter where the patient must be told, else staff see that it failed; what is over by now troubles nobody."""
    now, kind = timezone.now(), known_kind(message.kind)
    must_reach = bool(kind and kind.must_reach and not kind.address)
    try:
        words = worded(message, now)
    except Exception:
        logger.exception("A message that did not arrive could not be worded.")
        actions.give_up(message, trouble="not-worded" if must_reach else trouble, letter=None, by=system, at=now)
        return
    if kind and words is None:
        actions.ask_no_more(message, trouble=trouble, by=system, at=now)
        return
    actions.give_up(message, trouble=trouble, letter=words if must_reach else None, by=system, at=now)
