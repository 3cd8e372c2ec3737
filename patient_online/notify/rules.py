"""Which way a message goes, when it is tried again, and what its troubles are called."""

from dataclasses import dataclass
from datetime import timedelta

from patient_online.refusals import N_, Owner, Refusal


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for what. GOV.UK Notify itself tries every five minutes, for four hours."""

    lease: timedelta = timedelta(minutes=3)  # a message is one worker's for so long: longer than a send can take
    first_wait: timedelta = timedelta(minutes=1)
    wait: timedelta = timedelta(minutes=5)
    most_attempts: int = 49
    while_held: timedelta = timedelta(minutes=5)
    answer_seconds: float = 10  # a provider's, to each thing we say
    far: timedelta = timedelta(hours=1)  # what is due later than this has no job yet: the queue stays short
    first_receipt: timedelta = timedelta(minutes=5)
    between_receipts: timedelta = timedelta(hours=6)  # at most; before that, as long again as it has been
    last_receipt: timedelta = timedelta(days=4)  # GOV.UK Notify gives up after three

    def wait_after(self, attempts: int, chance: float) -> timedelta | None:
        """How long to wait after so many attempts, or None to give up; `chance` (0 to 1) spreads those that wait."""
        if attempts >= self.most_attempts:
            return None
        return (self.first_wait if attempts <= 1 else self.wait) * (0.9 + 0.2 * chance)

    def receipt_after(self, since: timedelta) -> timedelta | None:
        """How long to wait before asking whether it arrived, or None to give up asking; `since` it was sent."""
        if since >= self.last_receipt:
            return None
        return min(max(self.first_receipt, since), self.between_receipts)


EMAIL, TEXT, LETTER, INBOX = "email", "text", "letter", "none"


@dataclass(frozen=True, slots=True)
class Reach:
    """How a patient wants to be told, and which ways are open: confirmed by the patient, and with a provider here."""

    wanted: str
    open: frozenset[str]
    must_reach: bool


def way_to(reach: Reach) -> str:
    """The route that a message takes: the wanted one, else the other one that is open, else letter or inbox.

    Who wants no messages gets none, however much we would like to reach them: a letter on the mat may be a danger.
    """
    if reach.wanted in (LETTER, INBOX):
        return reach.wanted
    both = (EMAIL, TEXT) if reach.wanted == EMAIL else (TEXT, EMAIL)
    return next((route for route in both if route in reach.open), LETTER if reach.must_reach else INBOX)


TROUBLES = {
    "no-answer": N_("The mail server or text service does not answer."),
    "unknown": N_("The connection broke while it was sent: it may have arrived."),
    "refused-for-now": N_("The mail server or text service does not take it at the moment."),
    "not-set-up-right": N_("The mail server or text service refuses our settings: key, password or template."),
    "address-refused": N_("The address or number does not work. It is no longer marked as confirmed."),
    "no-such-number": N_("The text service found no such number. It is no longer marked as confirmed."),
    "not-delivered": N_("The text service took it but could not deliver it: the telephone may be off or full."),
    "content-refused": N_("The mail server or text service refuses this message."),
    "no-provider": N_("No email server or text service is set up here."),
    "not-confirmed": N_("The patient has confirmed no email address or mobile number."),
    "error": N_("The program could not do it. Its log says why."),
    "not-worded": N_("The program could not word it, so the patient was not told. Its log says why."),
    "no-such-kind": N_("This version of the program does not know this kind of message."),
    "not-true": N_("It was not true any more when its time came."),
    "maybe-sent": N_("It was not true any more when it was tried again. The first try may have arrived."),
    "gone": N_("The patient has left the practice or has died."),
    "stopped": N_("A member of staff stopped it."),
    "too-old": N_("It was too old when sending began again."),
}
"""What stands in the way of a message, by the code that is kept with it: never an address, never a name."""
NO_SUCH_ADDRESS = frozenset({"address-refused", "no-such-number"})
"""Those that say the address or number is at fault."""


class NotThisMessage(Refusal):
    """Why staff cannot do this to a message."""

    NOT_FAILED = (
        N_("This message has not failed. Nothing was changed."),
        N_("It may have been tried again meanwhile: look at the list of messages."),
        Owner.SYSTEM,
    )
    NOT_TRUE = (
        N_("What this message says is not true any more, so there is nothing to print. Nothing was changed."),
        N_("Choose “Do not send” to take it off the list."),
        Owner.SYSTEM,
    )
    NO_LETTER = (
        N_("This patient wants no letters or messages. Nothing was changed."),
        N_("Telephone them if they must know."),
        Owner.PATIENT,
    )
    NOT_FOR_PAPER = (
        N_("This message is meant for one address or number alone, so it cannot be a letter. Nothing was changed."),
        N_("Choose “Do not send” to take it off the list."),
        Owner.SYSTEM,
    )
    NOT_WAITING = (
        N_("This message no longer waits: it may have just been sent. Nothing was changed."),
        N_("Look at the list of messages. If the patient must know that it was wrong, telephone them."),
        Owner.SYSTEM,
    )
