"""How a message is delivered: claimed, asked whether it is still true, sent with no transaction open, and settled."""

import logging
import random
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from patient_online.asking import System
from patient_online.nhs.telephones import is_mobile
from patient_online.notify import actions, queries
from patient_online.notify.kinds import Kind, Words, kind_named, known_kind, worded
from patient_online.notify.models import Message
from patient_online.notify.providers import NotEver, NotKnown, Unsent, provider_for, routes_here
from patient_online.notify.rules import EMAIL, INBOX, LETTER, TEXT, Reach, way_to
from patient_online.patients.actions import unconfirm
from patient_online.patients.models import Patient

logger = logging.getLogger(__name__)
Status = Message.Status


def deliver(system: System, message_id: UUID) -> None:
    """Bring one message a step further: to the patient, to the printer, to the inbox, or to its next try."""
    now = timezone.now()
    if not may_send(system, now):
        actions.look_again(message_id, by=system, at=now, held=True)
        return
    message = actions.claim(message_id, by=system, at=now)
    if message is None:
        actions.look_again(message_id, by=system, at=now)
        return
    try:
        _deliver(message, system)
    except NotEver as error:
        _never(message, error, system)
    except Unsent as error:
        _later(message, error.trouble, system, unknown=isinstance(error, NotKnown))
    except Exception:
        logger.exception("A message could not be delivered.")
        _later(message, "error", system, unknown=True)


def may_send(system: System, now: datetime) -> bool:
    """Whether messages go out: nothing holds them, and the database is the one they were last sent from."""
    sending = queries.sending(system)
    return not sending.fences and actions.recognise(mark=sending.mark, known=sending.known, by=system, at=now)


def _deliver(message: Message, system: System) -> None:
    if message.handed_over_at and (provider_id := _taken_before(message)):
        _settle(message, system, to=Status.SENT, provider_id=provider_id)
        return
    now, patient = timezone.now(), message.patient  # it is true at this instant, or not sent
    kind = known_kind(message.kind)
    if kind is None:
        _later(message, "no-such-kind", system, unknown=bool(message.handed_over_at))
    elif patient.left_on or patient.died_on:
        _settle(message, system, to=Status.DROPPED, trouble="gone")
    elif (words := worded(message, now)) is None:
        _settle(message, system, to=Status.DROPPED, trouble="maybe-sent" if message.handed_over_at else "not-true")
    elif kind.address:
        _to_the_address(message, kind, words, system, now)
    else:
        _to_the_patient(message, kind, words, system, now)


def _taken_before(message: Message) -> str | None:
    """The provider's id of a message that an earlier try handed over, where the provider can tell."""
    provider = provider_for(message.route)
    try:
        return provider.found(message.id) if provider else None
    except Unsent as error:
        raise NotKnown(error.trouble) from error


def _to_the_patient(message: Message, kind: Kind, words: Words, system: System, now: datetime) -> None:
    addresses = addresses_of(message.patient)
    route = way_of(message.patient, must_reach=kind.must_reach)
    trouble = "" if message.patient.contact_by in (LETTER, INBOX) else _why_not(addresses)
    if route == LETTER:
        _settle(message, system, to=Status.TO_PRINT, route=route, words=words, trouble=trouble)
    elif route == INBOX:
        _settle(message, system, to=Status.INBOX, route=route, words=words, trouble=trouble)
    else:
        _send(message, route, addresses[route], words, system, now)


def way_of(patient: Patient, *, must_reach: bool) -> str:
    """The route by which the patient would be told now."""
    return way_to(Reach(patient.contact_by, frozenset(addresses_of(patient)) & routes_here(), must_reach))


def addresses_of(patient: Patient) -> dict[str, str]:
    """Where the patient has confirmed that they read what is sent, by route; a text goes to a mobile number alone."""
    known = {}
    if patient.email and patient.email_verified_at:
        known[EMAIL] = patient.email
    if patient.telephone and patient.telephone_verified_at and is_mobile(patient.telephone):
        known[TEXT] = patient.telephone
    return known


def has_another_way(message: Message) -> bool:
    """Whether a message whose address failed can still reach the patient: another address, or a letter if it must."""
    kind = known_kind(message.kind)
    if kind is None or kind.address:
        return False
    return kind.must_reach or way_of(message.patient, must_reach=False) in (EMAIL, TEXT)


def _why_not(addresses: dict[str, str]) -> str:
    return "no-provider" if addresses else "not-confirmed"


def _to_the_address(message: Message, kind: Kind, words: Words, system: System, now: datetime) -> None:
    where = kind.address(message, now) if kind.address else None
    if where is None:
        _settle(message, system, to=Status.DROPPED, trouble="not-true")
    elif where[0] not in routes_here():
        _settle(message, system, to=Status.FAILED, trouble="no-provider")
    else:
        _send(message, where[0], where[1], words, system, now, secret=True)


def _send(
    message: Message, route: str, address: str, words: Words, system: System, now: datetime, *, secret: bool = False
) -> None:
    provider = provider_for(route)
    if provider and actions.hand_over(message, route=route, words=words, secret=secret, by=system, at=now):
        message.route = route
        provider_id = provider.send(address, words, reference=message.id)
        _settle(message, system, to=Status.SENT, provider_id=provider_id, words=None if secret else words)


def _settle(
    message: Message,
    system: System,
    *,
    to: str,
    route: str | None = None,
    words: Words | None = None,
    trouble: str = "",
    provider_id: str = "",
) -> None:
    now, provider = timezone.now(), provider_for(message.route) if to == Status.SENT else None
    due = now + settings.NOTIFY_PATIENCE.first_receipt if provider and provider.tells else None
    given = {"to": to, "route": route, "words": words, "trouble": trouble, "provider_id": provider_id}
    actions.settle(message, by=system, at=now, receipt_due_at=due, **given)  # type: ignore[arg-type]


def _never(message: Message, error: NotEver, system: System) -> None:
    """The message cannot go this way: who must be reached is reached another way, all others find it in the inbox."""
    kind, now = kind_named(message.kind), timezone.now()
    address = addresses_of(message.patient).get(message.route, "") if not kind.address else ""
    if error.bad_address and address:
        unconfirm(message.patient, route=message.route, address=address, by=system, at=now)
        message.patient.refresh_from_db()
        if has_another_way(message):
            actions.put_off(message, trouble=error.trouble, unknown=False, until=now, by=system, at=now)
            return
    _give_up(message, error.trouble, system)


def _later(message: Message, trouble: str, system: System, *, unknown: bool) -> None:
    wait = settings.NOTIFY_PATIENCE.wait_after(message.attempts, random.random())  # noqa: S311 - spreads, no secret
    if wait is None:
        _give_up(message, trouble, system)
        return
    now = timezone.now()
    actions.put_off(message, trouble=trouble, unknown=unknown, until=now + wait, by=system, at=now)


def _give_up(message: Message, trouble: str, system: System) -> None:
    """After four hours, or for good: a letter where the patient must be told, else staff see that it failed."""
    kind = known_kind(message.kind)
    try:
        words = worded(message, timezone.now()) if kind and kind.must_reach and not kind.address else None
    except Exception:
        logger.exception("A message that must reach its patient could not be worded.")
        words, trouble = None, "not-worded"
    if words:
        _settle(message, system, to=Status.TO_PRINT, route=LETTER, words=words, trouble=trouble)
    else:
        _settle(message, system, to=Status.FAILED, trouble=trouble)
