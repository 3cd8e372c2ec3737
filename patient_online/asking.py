"""Who is asking: the types that every query takes first and every action takes as `by`. Plain Python.

They stand at the ground so that every app can take them; `access` makes them from a session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_, Owner, Refusal, Refused


class Channel(StrEnum):
    """How somebody reached us."""

    ONLINE = "online"
    DESK = "desk"
    TELEPHONE = "telephone"
    API = "api"
    COMMAND = "command"
    LINK = "link"


class Role(StrEnum):
    """What a member of staff may do at a practice."""

    RECEPTIONIST = "receptionist"
    DISPENSER = "dispenser"
    NURSE = "nurse"
    GP = "gp"
    MANAGER = "manager"
    GOVERNANCE = "information-governance-lead"


class NotAllowed(Refusal):
    """Why somebody may not use a service or a page at all."""

    SERVICE_OFF = (
        N_("Your practice does not offer this service online at the moment."),
        N_("Telephone your practice or go to the reception desk. They can do the same for you."),
        Owner.PRACTICE,
    )
    SERVICE_NOT_YOURS = (
        N_("You have not been given this online service."),
        N_("Ask your practice to switch it on for you."),
        Owner.PRACTICE,
    )
    ONLY_LOOKING = (
        N_("You may look at things online, but not change how the practice reaches the patient."),
        N_("Ask your practice to change it for you."),
        Owner.PRACTICE,
    )
    ROLE_NEEDED = (
        N_("Your role at the practice does not include this."),
        N_("Ask your practice manager if you need it for your work."),
        Owner.PRACTICE,
    )
    OTHER_PRACTICE = (
        N_("This belongs to another practice. Nothing was changed."),
        N_("Ask that practice to do it."),
        Owner.LAW,
    )
    NOT_LINKED = (
        N_("Your account is not linked to your record at a GP practice."),
        N_("Go to the reception desk of your practice and bring something that shows who you are."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class Acting:
    """A patient, or somebody acting for one, signed in to one practice's services.

    `policies` holds what the practice chose for its policies, where the statement that told who is asking has read it.
    """

    account_id: UUID
    practice_id: str
    patient_id: UUID
    switched_on: frozenset[Service] = frozenset()
    levels: Mapping[Service, Level] = field(default_factory=dict)
    policies: Mapping[str, Any] | None = None
    request_id: UUID | None = None
    channel: Channel = Channel.ONLINE
    kind: ClassVar[str] = "acting"

    def may(self, service: Service, level: Level = Level.MANAGE) -> NotAllowed | None:
        """Why this person may not use the service at this level, or None."""
        if service not in self.switched_on:
            return NotAllowed.SERVICE_OFF
        if not self.levels.get(service, Level.NONE).allows(level):
            return NotAllowed.SERVICE_NOT_YOURS
        return None

    def require(self, service: Service, level: Level = Level.MANAGE) -> None:
        """Raise Refused unless this person may use the service at this level."""
        if reason := self.may(service, level):
            raise Refused(reason)

    def may_change_contact(self) -> NotAllowed | None:
        """Why this person may not change where and how the patient is told, or None.

        Who may manage at least one service may, switched on or not; who may only look may not. Those who act for
        another (carers, parents) will have a level of its own for this.
        """
        return None if self._has(Level.MANAGE) else NotAllowed.ONLY_LOOKING

    def may_read_inbox(self) -> NotAllowed | None:
        """Why this person may not read what the practice has told the patient, or None: one service must be theirs."""
        return None if self._has(Level.VIEW) else NotAllowed.SERVICE_NOT_YOURS

    def _has(self, level: Level) -> bool:
        return any(each.allows(level) for each in self.levels.values())


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff of one practice."""

    account_id: UUID
    practice_id: str
    staff_id: UUID
    roles: frozenset[Role] = frozenset()
    request_id: UUID | None = None
    channel: Channel = Channel.DESK
    kind: ClassVar[str] = "staff"
    patient_id: ClassVar[None] = None

    def require(self, *roles: Role) -> None:
        """Raise Refused unless this person has one of the roles."""
        if self.roles.isdisjoint(roles):
            raise Refused(NotAllowed.ROLE_NEEDED)

    def require_at(self, practice_id: str, *roles: Role) -> None:
        """Raise Refused unless this person works at that practice and has one of the roles there."""
        if practice_id != self.practice_id:
            raise Refused(NotAllowed.OTHER_PRACTICE)
        self.require(*roles)


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whoever holds the link from a message about one appointment: it lets them give that one back, no more."""

    practice_id: str
    patient_id: UUID
    appointment_id: UUID
    request_id: UUID | None = None
    channel: Channel = Channel.LINK
    kind: ClassVar[str] = "link"
    account_id: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class System:
    """A named job or command: of one practice, or of all (`practice_id` empty) with the reason why."""

    name: str
    practice_id: str = ""
    why: str = ""
    request_id: UUID | None = None
    channel: Channel = Channel.COMMAND
    kind: ClassVar[str] = "system"
    account_id: ClassVar[None] = None
    patient_id: ClassVar[None] = None

    def __post_init__(self) -> None:
        if not self.practice_id and not self.why:
            raise ValueError("A system task over all practices says why.")


@dataclass(frozen=True, slots=True)
class Anyone:
    """Somebody of whom nothing is known: sees reference and published rows only."""

    request_id: UUID | None = None
    practice_id: str = ""
    channel: Channel = Channel.ONLINE
    kind: ClassVar[str] = "anyone"
    account_id: ClassVar[None] = None
    patient_id: ClassVar[None] = None


Asker = Acting | Staff | LinkHolder | System | Anyone
