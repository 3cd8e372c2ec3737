"""How may a patient be told, and does a code typed back show that they read what is sent there? Plain Python."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from patient_online.nhs.telephones import is_mobile
from patient_online.refusals import N_, Owner, Refusal

CODE_LASTS = timedelta(minutes=15)
CODE_DIGITS = 6
MOST_TRIES = 5
MOST_CODES = 5
CODES_WITHIN = timedelta(hours=1)
MOST_CODES_A_DAY = 10  # to one patient
MOST_CODES_TO_ONE = 5  # address or number, in a day, whichever patients gave it
MOST_CODES_OF_ALL = 200  # from one practice, in a day: each text costs it money
MOST_WRONG = 15  # in a day, over all codes of a patient
DAY = timedelta(days=1)
FORMER_KEPT = timedelta(days=7)  # an address that is none any more: longer than its last message waits
BRITISH_MOBILE = "+447"
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


class NotKept(Refusal):
    """Why what was taken down about a patient is not kept."""

    CHANGED = (
        N_("These details were changed while you had this page open. Nothing was saved."),
        N_("Look at what is kept now and at what you typed, put it right, and save again."),
        Owner.SYSTEM,
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
        Owner.PATIENT,
    )
    TOO_MANY_CODES = (
        N_("We have sent you 5 codes in an hour."),
        N_("Wait an hour before you send another, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    TOO_MANY_TODAY = (
        N_("We have sent you 10 codes within a day."),
        N_("Try again tomorrow, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    TOO_MANY_THERE = (
        N_("We have sent 5 codes to this address or number within a day."),
        N_("Try again tomorrow, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    TOO_MANY_HERE = (
        N_("Your practice has sent as many codes today as it can."),
        N_("Try again tomorrow, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    GUESSED_TOO_OFTEN = (
        N_("A wrong code was typed in 15 times within a day."),
        N_("Try again tomorrow, or ask the reception desk to check it with you."),
        Owner.SYSTEM,
    )
    NOT_BRITISH = (
        N_("A code can be sent to a British mobile number only: one that begins with 07 or +44 7."),
        N_("Give us one, or ask the reception desk to check this number with you."),
        Owner.PATIENT,
    )
    NO_PROVIDER = (
        N_("Your practice cannot send codes there from this website."),
        N_("Ask the reception desk to check it with you."),
        Owner.PRACTICE,
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
    wrong_today: int = 0


@dataclass(frozen=True, slots=True)
class SentFacts:
    """How many codes went out: to this patient within the hour and the day, to this address, and of the practice."""

    in_hour: int
    in_day: int
    there: int
    of_all: int
    wrong: int


def why_not_confirmed(facts: CodeFacts | None, *, at: datetime) -> NotConfirmed | None:
    """Why the code confirms nothing, or None; no facts when none was sent. `tries` counts those before this one."""
    if facts is None:
        return NotConfirmed.NO_CODE
    if facts.ends_at <= at:
        return NotConfirmed.ENDED
    if facts.wrong_today >= MOST_WRONG:
        return NotConfirmed.GUESSED_TOO_OFTEN
    if facts.tries >= MOST_TRIES:
        return NotConfirmed.TRIED_TOO_OFTEN
    return None if facts.right else NotConfirmed.WRONG


def why_no_code(route: str, address: str, *, open_here: Collection[str]) -> NotConfirmed | None:
    """Why a code cannot be sent there at all, or None; `open_here` are the routes that somebody carries here.

    A text abroad costs many times what one costs here.
    """
    if not address or (route == TEXT and not is_mobile(address)):
        return NotConfirmed.NOWHERE_TO_SEND
    if route == TEXT and not address.startswith(BRITISH_MOBILE):
        return NotConfirmed.NOT_BRITISH
    return None if route in open_here else NotConfirmed.NO_PROVIDER


def why_not_sent(route: str, *, email: str, telephone: str, sent: SentFacts) -> NotConfirmed | None:
    """Why no code is sent that way now, or None."""
    if refusal := why_no_code(route, email if route == EMAIL else telephone, open_here=(route,)):
        return refusal
    limits = [
        (sent.wrong, MOST_WRONG, NotConfirmed.GUESSED_TOO_OFTEN),
        (sent.in_day, MOST_CODES_A_DAY, NotConfirmed.TOO_MANY_TODAY),
        (sent.in_hour, MOST_CODES, NotConfirmed.TOO_MANY_CODES),
        (sent.there, MOST_CODES_TO_ONE, NotConfirmed.TOO_MANY_THERE),
        (sent.of_all, MOST_CODES_OF_ALL, NotConfirmed.TOO_MANY_HERE),
    ]
    return next((why_not for count, most, why_not in limits if count >= most), None)


def why_not_told(route: str, *, email: str, telephone: str) -> NotTold | None:
    """Why nobody can be told that way, or None: a text goes to a mobile only."""
    if route == EMAIL and not email:
        return NotTold.NO_EMAIL
    if route == TEXT and not (telephone and is_mobile(telephone)):
        return NotTold.NO_MOBILE
    return None


def mark_of(*values: object) -> str:
    """A short mark of what somebody was shown: another one means that something of it has changed since."""
    return hashlib.sha256("\x1f".join(str(each) for each in values).encode()).hexdigest()[:32]


class Shut(Refusal):
    """Why a record is not shown yet."""

    REASON_NEEDED = (
        N_("This record is opened only with a reason. Nothing was changed."),
        N_("Say why you need to open it, then go on."),
        Owner.PRACTICE,
    )
