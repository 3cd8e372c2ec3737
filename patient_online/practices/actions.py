"""What can happen to a practice: a policy is set, a service is switched, patients are told something, it closes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import date_text, local_day
from patient_online.nhs.services import Level, Service
from patient_online.nhs.stretches import Stretch, stretch_of
from patient_online.practices import queries
from patient_online.practices.models import Closure, Notice, PolicySetting, Practice, ServiceStatus
from patient_online.practices.rules import (
    Decided,
    NotSwitched,
    NotTold,
    Value,
    why_not_closed,
    why_not_set,
    why_not_told,
)
from patient_online.refusals import Refused


@action("practice.policy_set")
def set_policy(practice: Practice, *, name: str, value: Value, by: Staff | System, at: datetime) -> PolicySetting:
    """Let the practice decide one of its policies, or raise Refused."""
    if isinstance(by, Staff):
        by.require_at(practice.ods_code, Role.MANAGER)
    if refusal := why_not_set(name, value):
        raise Refused(refusal)
    setting, _ = PolicySetting.objects.update_or_create(
        practice=practice, name=name, defaults={"value": value, "set_at": at, "set_by": by.account_id}
    )
    record("practice.policy_set", by=by, at=at, subject=setting.id, policy=name, value=value)
    return setting


@action("practice.service_switched")
def switch_service(
    practice: Practice,
    *,
    service: Service,
    status: ServiceStatus.Status,
    from_day: date,
    ceiling: Level = Level.MANAGE,
    by: Staff | System,
    at: datetime,
) -> ServiceStatus:
    """Say how an online service stands from a day on, or raise Refused; the history before that day stays.

    Only a system task may give a day that has been: it loads what was decided elsewhere.
    """
    if isinstance(by, Staff):
        by.require_at(practice.ods_code, Role.MANAGER)
        _decide_alone(practice)
        if refused := queries.why_not_switch(by, Decided(service, from_day, status, ceiling), today=local_day(at)):
            raise refused
    row, _ = ServiceStatus.objects.update_or_create(
        practice=practice,
        service=service,
        from_day=from_day,
        defaults={"status": status, "ceiling": ceiling, "decided_at": at, "decided_by": by.account_id},
    )
    what: dict[str, Any] = {"service": service, "status": status, "ceiling": ceiling, "from_day": from_day.isoformat()}
    record("practice.service_switched", by=by, at=at, subject=row.id, **what)
    return row


def _decide_alone(practice: Practice) -> None:
    """Let who else decides about the practice's services wait: the levels of the record must stay in order."""
    Practice.objects.select_for_update(no_key=True).get(ods_code=practice.ods_code)


@action("practice.switch_taken_back")
def take_back_switch(row: ServiceStatus, *, by: Staff, at: datetime) -> None:
    """Take a change back that is planned for a later day, or raise Refused; the trail keeps that it was planned."""
    by.require_at(row.practice_id, Role.MANAGER)
    _decide_alone(row.practice)
    planned = ServiceStatus.objects.filter(practice_id=by.practice_id, id=row.id, from_day__gt=local_day(at))
    if not planned.exists():
        raise Refused(NotSwitched.NOT_PLANNED)
    if refusal := queries.why_not_taken_back(by, row):
        raise Refused(refusal)
    planned.delete()
    what: dict[str, Any] = {"service": row.service, "status": row.status, "from_day": row.from_day.isoformat()}
    record("practice.switch_taken_back", by=by, at=at, subject=row.id, **what)


@action("practice.notice_written")
def write_notice(
    kind: Notice.Kind,
    *,
    text: str = "",
    routes: Sequence[Mapping[str, str]] = (),
    following: int,
    by: Staff,
    at: datetime,
    key: UUID | None,
) -> Notice:
    """Tell patients something from now on, as the version that follows the one the writer saw; or raise Refused.

    No version is ever overwritten: of two who write at once the second is told that there is a newer one.
    """
    by.require(Role.MANAGER)
    if refusal := why_not_told(text, routes):
        raise Refused(refusal)
    notice = _next_version(kind, text, routes, following, by, at)
    record("practice.notice_written", by=by, at=at, subject=notice.id, kind=kind, version=notice.version)
    return notice


@action("practice.notice_restored")
def restore_notice(old: Notice, *, following: int, by: Staff, at: datetime, key: UUID | None) -> Notice:
    """Tell patients again what an old version told them, as a new version; or raise Refused."""
    by.require_at(old.practice_id, Role.MANAGER)
    notice = _next_version(Notice.Kind(old.kind), old.text, old.routes, following, by, at)
    what: dict[str, Any] = {"kind": old.kind, "version": notice.version, "restored": old.version}
    record("practice.notice_restored", by=by, at=at, subject=notice.id, **what)
    return notice


def _next_version(
    kind: Notice.Kind, text: str, routes: Sequence[Mapping[str, str]], following: int, by: Staff, at: datetime
) -> Notice:
    newest = queries.notice(by, kind)
    if following != (newest.version if newest else 0):
        raise Refused(NotTold.NEWER_VERSION)
    what = {"text": text, "routes": [dict(route) for route in routes]}
    row = Notice(practice_id=by.practice_id, kind=kind, version=following + 1, **what)
    row.written_at, row.written_by = at, by.account_id
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # notice_version_once: somebody saved this version between our reading and our writing
        raise Refused(NotTold.NEWER_VERSION) from None
    return row


@action("practice.closed")
def close(
    from_day: date,
    to_day: date,
    *,
    words: str,
    from_time: time | None = None,
    to_time: time | None = None,
    by: Staff,
    at: datetime,
    key: UUID | None,
) -> Closure:
    """Say when, from the first day to the last, the practice is closed and what patients are told; or raise Refused.

    A time on the first day begins it later, one on the last day ends it sooner, by the clock on the wall.
    """
    by.require(Role.MANAGER)
    stretch = Stretch(from_day, to_day, from_time, to_time)
    if refusal := why_not_closed(stretch, words, today=local_day(at)):
        raise Refused(refusal)
    _must_be_open(stretch, by)
    when: dict[str, Any] = {"from_day": from_day, "to_day": to_day, "from_time": from_time, "to_time": to_time}
    closure = Closure.objects.create(
        practice_id=by.practice_id, words=words, entered_at=at, entered_by=by.account_id, **when
    )
    told = {name: each.isoformat() for name, each in when.items() if each}
    record("practice.closed", by=by, at=at, subject=closure.id, **told)
    return closure


def _must_be_open(stretch: Stretch, by: Staff) -> None:
    """Raise Refused where another closure has some of the time; who else enters one meanwhile waits."""
    Practice.objects.select_for_update(no_key=True).get(ods_code=by.practice_id)
    known = Closure.objects.filter(practice_id=by.practice_id, taken_back_at=None)
    near = known.filter(from_day__lte=stretch.last, to_day__gte=stretch.first).order_by("from_day", "from_time")
    for other in near:
        if stretch_of(other).meets(*stretch.instants):
            first, last = date_text(other.from_day), date_text(other.to_day)
            raise Refused(NotTold.OVERLAPS, first=first, last=last, words=other.words)


@action("practice.closure_taken_back")
def take_back_closure(closure: Closure, *, by: Staff, at: datetime) -> Closure:
    """Say that the practice is not closed after all, or raise Refused; the closure stays in the history."""
    by.require_at(closure.practice_id, Role.MANAGER)
    rows = Closure.objects.filter(practice_id=by.practice_id, id=closure.id, taken_back_at=None)
    if not rows.update(taken_back_at=at, taken_back_by=by.account_id):
        raise Refused(NotTold.ALREADY_TAKEN_BACK)
    record("practice.closure_taken_back", by=by, at=at, subject=closure.id)
    return closure
