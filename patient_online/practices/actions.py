"""What can happen to a practice: a policy is set, an online service is switched."""

from datetime import date, datetime
from typing import Any

from patient_online.asking import Role, Staff, System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.nhs.services import Service
from patient_online.practices.models import PolicySetting, Practice, ServiceStatus
from patient_online.practices.rules import Value, why_not_set, why_not_switched
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
    by: Staff | System,
    at: datetime,
) -> ServiceStatus:
    """Say how an online service stands from a day on, or raise Refused; the history before that day stays.

    Only a system task may give a day that has been: it loads what was decided elsewhere.
    """
    if isinstance(by, Staff):
        by.require_at(practice.ods_code, Role.MANAGER)
        if refusal := why_not_switched(from_day, today=local_day(at)):
            raise Refused(refusal)
    row, _ = ServiceStatus.objects.update_or_create(
        practice=practice,
        service=service,
        from_day=from_day,
        defaults={"status": status, "decided_at": at, "decided_by": by.account_id},
    )
    what: dict[str, Any] = {"service": service, "status": status, "from_day": from_day.isoformat()}
    record("practice.service_switched", by=by, at=at, subject=row.id, **what)
    return row
