"""The one message of this app: a code that goes to an e-mail address or a mobile, to see that the patient reads it."""

from datetime import datetime

from django.utils.translation import gettext as _

from patient_online.access.queries import check_sent
from patient_online.asking import System
from patient_online.notify.kinds import Kind, Told, Words, register
from patient_online.notify.models import ContactCheck


def register_all() -> None:
    """Make the kind known; said once, when the program starts."""
    register(CONTACT_CHECK)


def _check(told: Told, at: datetime) -> ContactCheck | None:
    """The check, while its code may still be typed in."""
    assert told.about is not None  # a message of this kind is always about a check
    check = check_sent(System("notices", told.practice_id), told.about)
    return check if check and check.confirmed_at is None and check.ends_at > at else None


def _words(told: Told, at: datetime) -> Words | None:
    check = _check(told, at)
    if check is None:
        return None
    named = {"code": check.code, "practice": check.practice.name}
    first = _("Your code is %(code)s. It works for 15 minutes.") % named
    why = _("Somebody gave us this address or number on the online pages of %(practice)s, to be told things there.")
    stranger = _("If that was not you, do nothing. Never tell anybody this code: nobody from the practice asks for it.")
    text = _("%(code)s is your code for %(practice)s. It works for 15 minutes. Tell it to nobody.") % named
    return Words(_("Your code is %(code)s") % named, (first, why % named, stranger), text)


def _address(told: Told, at: datetime) -> tuple[str, str] | None:
    check = _check(told, at)
    return (check.route, check.address) if check else None


CONTACT_CHECK = Kind("contact-check", _words, address=_address)
