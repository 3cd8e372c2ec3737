"""May a person use this service, or see so much of a record? From what the practice offers, gives and knows.

`Acting.may` answers the same at each request; a table over every combination holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from patient_online.asking import NotAllowed
from patient_online.nhs.identity import TWO_STEPS, Identity, enough
from patient_online.nhs.record_levels import RecordAccess, RecordLevel
from patient_online.nhs.services import Level, Service

# What patients can use on these pages in this version; what else is given holds as soon as they can.
HERE = frozenset({Service.APPOINTMENTS, Service.DEMOGRAPHICS})


class State(StrEnum):
    """How a person stands to a service."""

    ENABLED = "enabled"
    NOT_OFFERED = "not-offered"  # by the practice to anybody, or to this patient: nobody can tell which
    IDENTITY = "identity"
    ASK = "ask"
    SECOND_STEP = "second-step"
    COMING = "coming"  # all is given, but this version of the program has no page for it yet


WHY_NOT: Mapping[State, NotAllowed | None] = {
    State.ENABLED: None,
    State.COMING: None,
    State.NOT_OFFERED: NotAllowed.SERVICE_OFF,
    State.IDENTITY: NotAllowed.IDENTITY_TOO_LOW,
    State.ASK: NotAllowed.SERVICE_NOT_YOURS,
    State.SECOND_STEP: NotAllowed.SECOND_STEP,
}


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is true of one service for one person. `ceiling` is none where the practice has not switched it on."""

    ceiling: Level
    held: bool
    given: Level
    identity: Identity
    two_steps: bool
    built: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a service, and how much of it is theirs."""

    service: Service
    state: State
    level: Level = Level.NONE

    @property
    def why_not(self) -> NotAllowed | None:
        """The rule that says no, with whose it is and what can be done; or None."""
        return WHY_NOT[self.state]


def standing_of(service: Service, facts: ServiceFacts, wanted: Level = Level.VIEW) -> Standing:
    """How a person stands to a service that they want to use at a level."""
    level = min(facts.given, facts.ceiling)
    if facts.held or facts.ceiling is Level.NONE:
        return Standing(service, State.NOT_OFFERED)
    if facts.identity < enough(service, wanted):
        return Standing(service, State.IDENTITY)
    if not level.allows(wanted):
        return Standing(service, State.ASK, level)
    if service in TWO_STEPS and not facts.two_steps:
        return Standing(service, State.SECOND_STEP, level)
    return Standing(service, State.ENABLED if facts.built else State.COMING, level)


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is true of the record for one person. `ceiling` is the most that the practice shows this patient."""

    ceiling: RecordLevel
    given: RecordAccess
    most: RecordLevel  # by the check of identity
    identity: Identity
    two_steps: bool
    built: bool = True


@dataclass(frozen=True, slots=True)
class RecordStanding:
    """How a person stands to the record, and how much of it they see: of new entries, and of those before a day."""

    state: State
    access: RecordAccess = RecordAccess()  # noqa: RUF009 - it cannot be changed

    @property
    def why_not(self) -> NotAllowed | None:
        """The rule that says no, with whose it is and what can be done; or None."""
        return WHY_NOT[self.state]


def record_standing(facts: RecordFacts) -> RecordStanding:
    """How a person stands to the record: no more than practice, grant and check of identity allow together."""
    if facts.ceiling is RecordLevel.NONE:
        return RecordStanding(State.NOT_OFFERED)
    if facts.identity < Identity.P9:
        return RecordStanding(State.IDENTITY)
    seen = facts.given.at_most(facts.ceiling).at_most(facts.most)
    if seen.current is RecordLevel.NONE and seen.historic is RecordLevel.NONE:
        return RecordStanding(State.ASK)
    if not facts.two_steps:
        return RecordStanding(State.SECOND_STEP, seen)
    return RecordStanding(State.ENABLED if facts.built else State.COMING, seen)


def level_for(access: RecordAccess, recorded_on: date) -> RecordLevel:
    """How much may be seen of an entry of this day: what is recorded on the day that parts old from new is new."""
    is_new = access.from_day is not None and recorded_on >= access.from_day
    return access.current if is_new else access.historic
