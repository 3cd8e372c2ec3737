"""Who is asking: the types that every query takes first and every action takes as `by`. `access` makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from patient_online.nhs.identity import TWO_STEPS, Identity, enough
from patient_online.nhs.record_levels import NO_RECORD, RecordAccess
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
    ADMINISTRATOR = "administrator"  # of accounts and settings: sees no patient


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
    IDENTITY_TOO_LOW = (
        N_("We do not know well enough yet that it is you."),
        N_("Show who you are: with NHS login, or at the reception desk of your practice."),
        Owner.LAW,
    )
    SECOND_STEP = (
        N_("This needs a second step when you sign in, not a password alone."),
        N_("Set up a passkey, an authenticator app or printed codes, then sign in with it."),
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
    `identity` is how well the person is known in this session, `two_steps` whether they signed in with more than a
    password. A service that the practice holds back from the patient is left out of `switched_on`, so that nobody can
    tell it from one that is off.
    """

    account_id: UUID
    practice_id: str
    patient_id: UUID
    switched_on: frozenset[Service] = frozenset()
    levels: Mapping[Service, Level] = field(default_factory=dict)
    policies: Mapping[str, Any] | None = None
    request_id: UUID | None = None
    channel: Channel = Channel.ONLINE
    identity: Identity = Identity.P9
    two_steps: bool = False
    record: RecordAccess = NO_RECORD
    vot: str = ""
    kind: ClassVar[str] = "acting"

    def may(self, service: Service, level: Level = Level.MANAGE) -> NotAllowed | None:
        """Why this person may not use the service at this level, or None."""
        if service not in self.switched_on:
            return NotAllowed.SERVICE_OFF
        if self.identity < enough(service, level):
            return NotAllowed.IDENTITY_TOO_LOW
        if not self.levels.get(service, Level.NONE).allows(level):
            return NotAllowed.SERVICE_NOT_YOURS
        if service in TWO_STEPS and not self.two_steps:
            return NotAllowed.SECOND_STEP
        return None

    def require(self, service: Service, level: Level = Level.MANAGE) -> None:
        """Raise Refused unless this person may use the service at this level."""
        if reason := self.may(service, level):
            raise Refused(reason)

    @property
    def is_known(self) -> bool:
        """Whether it has been shown who this is: somebody who is not known is shown nothing of the patient."""
        return self.identity >= Identity.P9

    def may_book(self) -> NotAllowed | None:
        """Why this person may not book, or None: who is not known may book a first one (see its rules)."""
        given = self.levels.get(Service.APPOINTMENTS, Level.NONE).allows(Level.MANAGE)
        offered = given and Service.APPOINTMENTS in self.switched_on
        return None if offered and not self.is_known else self.may(Service.APPOINTMENTS)

    def require_to_book(self) -> None:
        """Raise Refused unless this person may book."""
        if reason := self.may_book():
            raise Refused(reason)

    def may_change_contact(self) -> NotAllowed | None:
        """Why this person may not change where and how the patient is told, or None: who manages a service may."""
        if not self.is_known:
            return NotAllowed.IDENTITY_TOO_LOW
        return None if self._has(Level.MANAGE) else NotAllowed.ONLY_LOOKING

    def may_read_inbox(self) -> NotAllowed | None:
        """Why this person may not read what the practice has told the patient, or None: one service must be theirs."""
        if not self.is_known:
            return NotAllowed.IDENTITY_TOO_LOW
        return None if self._has(Level.VIEW) else NotAllowed.SERVICE_NOT_YOURS

    def _has(self, level: Level) -> bool:
        return any(each.allows(level) for each in self.levels.values())


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff of one practice. `acts_for` are the patients there for whom they act as themselves."""

    account_id: UUID
    practice_id: str
    staff_id: UUID
    roles: frozenset[Role] = frozenset()
    request_id: UUID | None = None
    channel: Channel = Channel.DESK
    acts_for: frozenset[UUID] = frozenset()
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
class AccountHolder:
    """Somebody signed in, about their own account: no patient and no practice is chosen."""

    account_id: UUID
    request_id: UUID | None = None
    practice_id: ClassVar[str] = ""
    channel: Channel = Channel.ONLINE
    kind: ClassVar[str] = "account"
    patient_id: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Analyst:
    """Somebody of the national programme: sees counts, never a patient."""

    account_id: UUID
    request_id: UUID | None = None
    practice_id: ClassVar[str] = ""
    channel: Channel = Channel.ONLINE
    kind: ClassVar[str] = "analyst"
    patient_id: ClassVar[None] = None


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


Asker = Acting | Staff | AccountHolder | Analyst | LinkHolder | System | Anyone
