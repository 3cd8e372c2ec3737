"""What patients are told about their name and address: that there is an answer, and that something was changed."""

from datetime import datetime

from django.utils.translation import gettext as _

from patient_online.access.queries.amending import details_told
from patient_online.asking import System
from patient_online.nhs.telephones import phone_text
from patient_online.notify.kinds import Kind, Told, Words, register
from patient_online.practices.queries import practice_of


def register_details() -> None:
    """Make the kinds known; said once, when the program starts."""
    register(DETAILS_DECIDED, DETAILS_CHANGED)


def _details_decided(told: Told, at: datetime) -> Words | None:
    """That the practice has answered about a name or address: what it was is not said."""
    assert told.about is not None  # a message of this kind is always about a request
    request = details_told(System("notices", told.practice_id), told.about)
    if request is None or request.decided_at is None:
        return None
    first = _("You asked %(practice)s to change your name or address. They have answered.")
    first %= {"practice": request.practice.name}
    where = _("To read the answer, sign in and choose “Your details”.")
    return Words(_("Your practice has answered you"), (first, where), f"{first} {where}")


def _details_changed(told: Told, at: datetime) -> Words | None:
    practice = practice_of(System("notices", told.practice_id))
    first = _("%(practice)s has changed the name or address that it keeps for you.") % {"practice": practice.name}
    number = phone_text(practice.telephone) if practice.telephone else ""
    wrong = (
        _("If this is not right, telephone %(number)s.") if number else _("If this is not right, tell the practice.")
    )
    wrong %= {"number": number}
    return Words(_("Your name or address was changed"), (first, wrong), f"{first} {wrong}")


DETAILS_DECIDED = Kind("details-decided", _details_decided)
DETAILS_CHANGED = Kind("details-changed", _details_changed)
