"""What a person can use of the online services, and why not: for their own page."""

from dataclasses import dataclass
from datetime import datetime

from patient_online.access.models import AccessRequest, Grant, RecordGrant
from patient_online.access.queries.requests import requests_of
from patient_online.access.rules.requests import ASKED_ABOUT, RECORD
from patient_online.access.rules.standing import (
    HERE,
    RecordFacts,
    ServiceFacts,
    State,
    record_standing,
    standing_of,
)
from patient_online.asking import Acting, NotAllowed
from patient_online.nhs.record_levels import NO_RECORD, RecordAccess, RecordLevel, ceiling_of
from patient_online.nhs.services import Level, Service

MAY_ASK = (State.ENABLED, State.ASK, State.SECOND_STEP, State.COMING)


@dataclass(frozen=True, slots=True)
class CanUse:
    """How a person stands to one service, or to the record. `answered` is the newest request that was decided."""

    what: str
    state: State
    level: Level
    record: RecordAccess
    why_not: NotAllowed | None
    since: datetime | None
    pending: AccessRequest | None
    answered: AccessRequest | None

    @property
    def may_ask(self) -> bool:
        """Whether more or less of it may be asked for now."""
        return self.pending is None and self.state in MAY_ASK


def what_one_can_use(acting: Acting, *, at: datetime) -> list[CanUse]:
    """Each service and the record, with how the person stands to it and what they asked for; the reading is audited."""
    asked = requests_of(acting, at=at)
    since = _since(acting)
    return [_one(acting, what, since.get(what), [row for row in asked if row.service == what]) for what in ASKED_ABOUT]


def _since(acting: Acting) -> dict[str, datetime]:
    """When each service, and the record, was given as it is now."""
    whose = {"practice_id": acting.practice_id, "patient_id": acting.patient_id, "account_id": acting.account_id}
    known = dict(Grant.objects.filter(**whose, revoked_at=None).values_list("service", "granted_at"))
    record = RecordGrant.objects.filter(**whose, revoked_at=None).values_list("granted_at", flat=True).first()
    return known | ({RECORD: record} if record else {})


def _one(acting: Acting, what: str, since: datetime | None, asked: list[AccessRequest]) -> CanUse:
    pending = next((row for row in asked if row.status == AccessRequest.Status.PENDING), None)
    answered = next((row for row in asked if row.status != AccessRequest.Status.PENDING), None)
    if what == RECORD:
        record = record_standing(_record_facts(acting))
        shown = record.access if record.why_not is None else NO_RECORD
        state, level, why_not = record.state, Level.NONE, record.why_not
    else:
        standing = standing_of(Service(what), _facts(acting, Service(what)))
        shown, state, level, why_not = NO_RECORD, standing.state, standing.level, standing.why_not
    has_it = state in (State.ENABLED, State.COMING)
    return CanUse(what, state, level, shown, why_not, since if has_it else None, pending, answered)


def _facts(acting: Acting, service: Service) -> ServiceFacts:
    """What is known of who asks: a service that is held back from the patient has been left out already."""
    ceiling = Level.MANAGE if service in acting.switched_on else Level.NONE
    given = acting.levels.get(service, Level.NONE)
    return ServiceFacts(ceiling, False, given, acting.identity, acting.two_steps, service in HERE)


def _record_facts(acting: Acting) -> RecordFacts:
    ceiling = ceiling_of(acting.switched_on)
    return RecordFacts(ceiling, acting.record, RecordLevel.FULL, acting.identity, acting.two_steps, built=False)
