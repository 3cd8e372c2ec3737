"""What a patient is told when an account is linked to them, or claims to be theirs: so that they can say it was not."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from patient_online.access.models import Link
from patient_online.access.queries.claiming import link_told
from patient_online.asking import Role, System
from patient_online.nhs.telephones import phone_text
from patient_online.notify.kinds import Kind, Told, Words, register
from patient_online.refusals import N_
from patient_online.tasks.kinds import Kind as TaskKind
from patient_online.tasks.kinds import register as register_tasks


def register_linking() -> None:
    """Make the kinds known; said once, when the program starts."""
    register(ONLINE_LINKED, ONLINE_CLAIMED)
    register_tasks(CLAIM, TWO_CLAIMS)


def _link(told: Told) -> Link | None:
    assert isinstance(told.about, UUID)  # a message of these kinds is always about a link
    return link_told(System("notices", told.practice_id), told.about)


def _linked(told: Told, at: datetime) -> Words | None:
    link = _link(told)
    if link is None:
        return None
    what = _("An account was linked to you for the online services of %(practice)s, with the key on a letter.")
    return _said(link, _("Your online services are ready"), what)


def _claimed(told: Told, at: datetime) -> Words | None:
    link = _link(told)
    if link is None:
        return None
    what = _("Somebody gave your name, date of birth and postcode to book an appointment online at %(practice)s.")
    return _said(link, _("Somebody gave your name online"), what)


def _said(link: Link, subject: str, what: str) -> Words:
    number = link.practice.telephone
    named = {"practice": link.practice.name, "number": phone_text(number) if number else ""}
    you = _("If it was you, you do not need to do anything.")
    stranger = _("If it was not you, telephone %(number)s.") if number else _("If it was not you, tell the practice.")
    return Words(subject, (what % named, you, stranger % named), f"{what % named} {stranger % named}")


ONLINE_LINKED = Kind("online-linked", _linked)
ONLINE_CLAIMED = Kind("online-claimed", _claimed)
CLAIM = TaskKind(
    "claim",
    N_("Somebody says online that they are this patient"),
    frozenset({Role.RECEPTIONIST, Role.MANAGER}),
    "access:end_claim",
)
TWO_CLAIMS = TaskKind(
    "two-claims",
    N_("Two accounts say online that they are this patient"),
    frozenset({Role.RECEPTIONIST, Role.MANAGER}),
    "access:end_claim",
)
