"""What can happen to a release rule of a kind of slot: it is made, changed and taken away."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from patient_online.appointments.models import BookingRule, Cohort, SlotType
from patient_online.appointments.rules.groups import NotRuled, why_not_ruled
from patient_online.appointments.rules.release import RuleFacts
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.refusals import Refused


@action("appointment.rule_added")
def add_rule(kind: SlotType, *, rule: RuleFacts, by: Staff, key: UUID | None, at: datetime) -> BookingRule:
    """Add a rule to those of the kind of slot, or raise Refused: one that fits a patient is enough."""
    _must_be_kept(rule, by, at)
    row = BookingRule.objects.create(practice_id=by.practice_id, type_id=kind.id, **asdict(rule))
    record("appointment.rule_added", by=by, at=at, subject=row.id, kind=str(kind.id), **_said(rule))
    return row


@action("appointment.rule_changed")
def change_rule(old: BookingRule, *, rule: RuleFacts, by: Staff, at: datetime) -> BookingRule:
    """Put the rule as it shall be from now on in the place of the old one, or raise Refused."""
    _must_be_kept(rule, by, at)
    BookingRule.objects.filter(practice_id=by.practice_id, id=old.id).update(**asdict(rule))
    record("appointment.rule_changed", by=by, at=at, subject=old.id, kind=str(old.type_id), **_said(rule))
    return old


@action("appointment.rule_removed")
def remove_rule(rule: BookingRule, *, by: Staff, at: datetime) -> None:
    """Take the rule away; a kind of slot without any is for everybody."""
    by.require(Role.MANAGER)
    BookingRule.objects.filter(practice_id=by.practice_id, id=rule.id).delete()
    record("appointment.rule_removed", by=by, at=at, subject=rule.id, kind=str(rule.type_id), **_said(rule.facts))


def _must_be_kept(rule: RuleFacts, by: Staff, at: datetime) -> None:
    by.require(Role.MANAGER)
    if refusal := why_not_ruled(rule, at=at):
        raise Refused(refusal)
    group = rule.cohort_id
    if group and not Cohort.objects.filter(practice_id=by.practice_id, id=group).exists():
        raise Refused(NotRuled.NO_GROUP)


def _said(rule: RuleFacts) -> dict[str, Any]:
    """The rule for the trail: only what it says."""
    said = {name: value for name, value in asdict(rule).items() if value not in (None, "")}
    return {name: value if isinstance(value, int) else str(value) for name, value in said.items()}
