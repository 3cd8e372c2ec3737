"""What goes to one address alone: a code, to see that the patient reads it, and that it is theirs no more."""

from datetime import datetime

from django.utils.translation import gettext as _

from patient_online.access.codes import code_of
from patient_online.access.notices_linking import register_linking
from patient_online.access.queries import check_sent, former_contact, request_told
from patient_online.asking import System
from patient_online.nhs.telephones import phone_text
from patient_online.notify.kinds import Kind, Told, Words, register
from patient_online.notify.models import ContactCheck, FormerContact
from patient_online.patients.rules import EMAIL


def register_all() -> None:
    """Make the kinds known; said once, when the program starts."""
    register_linking()
    register(ACCESS_DECIDED, CONTACT_CHECK, CONTACT_CHANGED)


def _check(told: Told, at: datetime) -> ContactCheck | None:
    """The check, while its code may still be typed in."""
    assert told.about is not None  # a message of this kind is always about a check
    check = check_sent(System("notices", told.practice_id), told.about)
    return check if check and check.confirmed_at is None and check.ends_at > at else None


def _words(told: Told, at: datetime) -> Words | None:
    check = _check(told, at)
    if check is None:
        return None
    named = {"code": code_of(check.id), "practice": check.practice.name}
    first = _("Your code is %(code)s. It works for 15 minutes.") % named
    why = _("Somebody gave us this address or number on the online pages of %(practice)s, to be told things there.")
    stranger = _("If that was not you, do nothing. Never tell anybody this code: nobody from the practice asks for it.")
    text = _("%(code)s is your code for %(practice)s. It works for 15 minutes. Tell it to nobody.") % named
    return Words(_("Your code is %(code)s") % named, (first, why % named, stranger), text)


def _address(told: Told, at: datetime) -> tuple[str, str] | None:
    check = _check(told, at)
    return (check.route, check.address) if check else None


def _former(told: Told) -> FormerContact | None:
    assert told.about is not None  # a message of this kind is always about an address
    return former_contact(System("notices", told.practice_id), told.about)


def _changed(told: Told, at: datetime) -> Words | None:
    former = _former(told)
    if former is None:
        return None
    practice = former.practice
    named = {"practice": practice.name}
    if former.route == EMAIL:
        what = _("The email address for messages from %(practice)s was changed.") % named
    else:
        what = _("The mobile number for messages from %(practice)s was changed.") % named
    number = phone_text(practice.telephone) if practice.telephone else ""
    stranger = (
        _("If this was not you, telephone %(number)s.") if number else _("If this was not you, tell the practice.")
    )
    stranger %= {"number": number}
    last = _("We send nothing more here.")
    return Words(what.rstrip("."), (what, stranger, last), f"{what} {stranger}")


def _where_it_was(told: Told, at: datetime) -> tuple[str, str] | None:
    former = _former(told)
    return (former.route, former.address) if former else None


def _decided(told: Told, at: datetime) -> Words | None:
    """That the practice has answered, not what: whoever reads the message learns nothing of the person."""
    assert told.about is not None  # a message of this kind is always about a request
    request = request_told(System("notices", told.practice_id), told.about)
    if request is None or request.decided_at is None or request.status == request.Status.WITHDRAWN:
        return None
    named = {"practice": request.practice.name}
    first = _("You asked %(practice)s about what you can use online. They have answered.") % named
    where = _("To read the answer, sign in and choose “What you can use”.")
    return Words(_("Your practice has answered you"), (first, where), f"{first} {where}")


ACCESS_DECIDED = Kind("access-decided", _decided)
CONTACT_CHECK = Kind("contact-check", _words, address=_address)
CONTACT_CHANGED = Kind("contact-changed", _changed, address=_where_it_was)
