"""How may a patient be told, and does a code typed back show that they read what is sent there? Plain Python."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from patient_online.nhs.telephones import is_mobile
from patient_online.refusals import N_, Owner, Refusal

CODE_LASTS = timedelta(minutes=15)
CODE_DIGITS = 6
MOST_TRIES = 5
MOST_CODES = 5
CODES_WITHIN = timedelta(hours=1)
EMAIL, TEXT = "email", "text"


class NotTold(Refusal):
    """Why a patient cannot be told in this way."""

    NO_EMAIL = (
        N_("There is no email address to write to."),
        N_("Give one first, or choose another way."),
        Owner.PATIENT,
    )
    NO_MOBILE = (
        N_("There is no mobile number that a text message can be sent to."),
        N_("Give one first, or choose another way."),
        Owner.PATIENT,
    )


class NotConfirmed(Refusal):
    """Why an e-mail address or a mobile number is not confirmed, or no code is sent."""

    NO_CODE = (
        N_("There is no code to type in at the moment."),
        N_("Send a new code."),
        Owner.SYSTEM,
    )
    ENDED = (
        N_("This code has ended: a code lasts 15 minutes."),
        N_("Send a new code."),
        Owner.SYSTEM,
    )
    TRIED_TOO_OFTEN = (
        N_("A wrong code was typed in 5 times, so this code no longer works."),
        N_("Send a new code."),
        Owner.SYSTEM,
    )
    WRONG = (
        N_("This is not the code that we sent."),
        N_("Look at the newest message from us and type in its 6 digits."),
        Owner.SYSTEM,
    )
    TOO_MANY_CODES = (
        N_("We have sent you 5 codes in an hour."),
        N_("Wait an hour before you send another, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    NOWHERE_TO_SEND = (
        N_("There is nowhere to send a code: a code goes to an email address or a mobile number."),
        N_("Give us one first. The reception desk can check a landline number with you."),
        Owner.PATIENT,
    )


@dataclass(frozen=True, slots=True)
class CodeFacts:
    """What is judged when a code is typed in: of the newest one, sent to the address that is known now."""

    ends_at: datetime
    tries: int
    right: bool


def why_not_confirmed(facts: CodeFacts | None, *, at: datetime) -> NotConfirmed | None:
    """Why the code confirms nothing, or None; no facts when none was sent. `tries` counts those before this one."""
    if facts is None:
        return NotConfirmed.NO_CODE
    if facts.ends_at <= at:
        return NotConfirmed.ENDED
    if facts.tries >= MOST_TRIES:
        return NotConfirmed.TRIED_TOO_OFTEN
    return None if facts.right else NotConfirmed.WRONG


def why_not_sent(route: str, *, email: str, telephone: str, sent: int) -> NotConfirmed | None:
    """Why no code is sent that way, or None; `sent` is how many were within the hour."""
    if why_not_told(route, email=email, telephone=telephone):
        return NotConfirmed.NOWHERE_TO_SEND
    return NotConfirmed.TOO_MANY_CODES if sent >= MOST_CODES else None


def why_not_told(route: str, *, email: str, telephone: str) -> NotTold | None:
    """Why nobody can be told that way, or None: a text goes to a mobile only."""
    if route == EMAIL and not email:
        return NotTold.NO_EMAIL
    if route == TEXT and not (telephone and is_mobile(telephone)):
        return NotTold.NO_MOBILE
    return None
