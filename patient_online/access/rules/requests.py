"""May a patient ask for more or less access, and may the practice decide so?"""

from dataclasses import dataclass

from patient_online.access.rules.giving import NotGiven, why_above_the_check
from patient_online.asking import NotAllowed
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal

RECORD = "record"
MOST_WORDS = 500
# What a patient may ask about, in the order in which it is listed.
ASKED_ABOUT = (
    Service.APPOINTMENTS.value,
    Service.PRESCRIPTIONS.value,
    RECORD,
    Service.DEMOGRAPHICS.value,
    Service.MESSAGES.value,
    Service.PROXIES.value,
)


class NotAsked(Refusal):
    """Why a request for access was not sent."""

    NOTHING_NEW = (
        N_("You have this already."),
        N_("Choose something else, or go back."),
        Owner.PATIENT,
    )
    ASKED_ALREADY = (
        N_("You have asked about this already. Your practice has not answered yet."),
        N_("Wait for the answer, or take your request back and send another."),
        Owner.SYSTEM,
    )
    TOO_LONG = (
        N_("What you wrote is too long."),
        N_("Use 500 characters or fewer."),
        Owner.PATIENT,
    )


class NotDecided(Refusal):
    """Why a request for access was not decided so."""

    DECIDED = (
        N_("This request is not open any more. Nothing was changed."),
        N_("Somebody has decided it, or the patient took it back. Look at what became of it."),
        Owner.SYSTEM,
    )
    TOO_MUCH = (
        N_("That is more than the patient asked for."),
        N_("Choose what they asked for, or less."),
        Owner.PATIENT,
    )
    NO_ANSWER = (
        N_("The patient reads why you refuse."),
        N_("Write a sentence for them. Say what they can do."),
        Owner.PATIENT,
    )
    HELD_BACK = (
        N_("The practice holds this back from the patient, so it cannot be given."),
        N_("Refuse it in neutral words, or have it lifted first."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. `wanted` is a level of the service, or of the record with `historic` for old entries."""

    what: str
    wanted: str
    historic: bool = False

    @property
    def is_record(self) -> bool:
        """Whether it is about the record."""
        return self.what == RECORD


@dataclass(frozen=True, slots=True)
class Has:
    """What the person has of it now, and whether a request about it waits."""

    level: str
    historic: RecordLevel = RecordLevel.NONE
    offered: bool = True
    identity: Identity = Identity.P9
    waits: bool = False


def why_not_asked(asked: Asked, has: Has, words: str) -> Refusal | None:
    """Why this cannot be asked for now, or None."""
    if not has.offered:
        return NotAllowed.SERVICE_OFF
    if has.identity < Identity.P9:
        return NotAllowed.IDENTITY_TOO_LOW
    if has.waits:
        return NotAsked.ASKED_ALREADY
    if len(words) > MOST_WORDS:
        return NotAsked.TOO_LONG
    return NotAsked.NOTHING_NEW if _same(asked, has) else None


def _same(asked: Asked, has: Has) -> bool:
    if asked.wanted != has.level:
        return False
    if not asked.is_record:
        return True
    return asked.historic == (has.historic is not RecordLevel.NONE)


def is_less(asked: Asked, had: str) -> bool:
    """Whether less is asked for than they had when they asked; of the record at the same level, less of the old."""
    if not asked.is_record:
        return Level(asked.wanted) < Level(had)
    wanted, before = RecordLevel(asked.wanted).rank, RecordLevel(had).rank
    return wanted < before or (wanted == before and not asked.historic)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the practice gives of what was asked for; `historic` is of the record alone. None of it is a refusal."""

    granted: bool
    level: str = Level.NONE
    historic: RecordLevel = RecordLevel.NONE


def why_not_decided(asked: Asked, decision: Decision, answer: str, *, held: bool, had: RecordLevel) -> Refusal | None:
    """Why it cannot be decided so, or None. `had` is what they see of old entries now."""
    if not decision.granted:
        return None if answer.strip() else NotDecided.NO_ANSWER
    if held and decision.level != Level.NONE:
        return NotDecided.HELD_BACK
    return NotDecided.TOO_MUCH if _too_much(asked, decision, had) else None


def _too_much(asked: Asked, decision: Decision, had: RecordLevel) -> bool:
    if not asked.is_record:
        return Level(decision.level) > Level(asked.wanted)
    wanted = RecordLevel(asked.wanted)
    most_old = wanted if asked.historic else had.at_most(wanted)
    return RecordLevel(decision.level).rank > wanted.rank or decision.historic.rank > most_old.rank


def would_be_refused(asked: Asked, *, proof: Proof | None, identity: Identity | None, here: bool) -> Refusal | None:
    """What would be refused if the practice gave all that was asked for: shown before they decide."""
    if not here:
        return NotGiven.GONE
    if identity is None or proof is None:
        return NotGiven.NOT_LINKED
    if asked.wanted == RecordLevel.NONE:
        return None
    if identity < Identity.P9:
        return NotGiven.NOT_SHOWN
    return why_above_the_check(proof, RecordLevel(asked.wanted)) if asked.is_record else None
