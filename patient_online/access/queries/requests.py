"""What may be seen of requests for access: by who sent them, and by staff who decide them."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patient_online.access.models import AccessRequest
from patient_online.access.rules.requests import RECORD, Asked, Has, is_less
from patient_online.asking import Acting, Staff, System
from patient_online.audit.actions import record
from patient_online.audit.queries import decisions_about
from patient_online.nhs.identity import Identity
from patient_online.nhs.record_levels import RecordLevel, ceiling_of
from patient_online.nhs.services import Level, Service
from patient_online.patients.queries import patient_seen
from patient_online.practices.models import StaffMember

ANSWERS_SHOWN = timedelta(days=90)


def has_of(acting: Acting, what: str) -> Has:
    """What the person has now of a service or of the record, and whether a request of theirs about it waits."""
    rows = AccessRequest.objects.filter(
        practice_id=acting.practice_id,
        patient_id=acting.patient_id,
        account_id=acting.account_id,
        service=what,
        status=AccessRequest.Status.PENDING,
    )
    return has_without_waiting(acting, what, waits=rows.exists())


def has_without_waiting(acting: Acting, what: str, *, waits: bool = False) -> Has:
    """What the person has now of a service or of the record: nothing is read."""
    if what == RECORD:
        offered = ceiling_of(acting.switched_on) is not RecordLevel.NONE
        return Has(acting.record.current.value, acting.record.historic, offered, acting.identity, waits)
    level = acting.levels.get(Service(what), Level.NONE)
    offered = Service(what) in acting.switched_on
    return Has(level.value, offered=offered, identity=Identity(acting.identity), waits=waits)


def requests_of(acting: Acting, *, at: datetime) -> list[AccessRequest]:
    """The person's own requests that wait, and those answered of late, the newest first; the reading is audited."""
    record("access.requests_seen", by=acting, at=at)
    whose = {"practice_id": acting.practice_id, "patient_id": acting.patient_id, "account_id": acting.account_id}
    pending = Q(status=AccessRequest.Status.PENDING)
    answered = Q(status__in=(AccessRequest.Status.GRANTED, AccessRequest.Status.REFUSED))
    rows = AccessRequest.objects.filter(pending | answered & Q(decided_at__gt=at - ANSWERS_SHOWN), **whose)
    return list(rows.order_by("-asked_at", "-id"))


def own_request(acting: Acting, request_id: UUID) -> AccessRequest:
    """One request of the person's own. Raises AccessRequest.DoesNotExist."""
    whose = {"practice_id": acting.practice_id, "patient_id": acting.patient_id, "account_id": acting.account_id}
    return AccessRequest.objects.get(id=request_id, **whose)


def request_to_decide(staff: Staff, request_id: UUID, *, at: datetime) -> AccessRequest:
    """A request, with the patient who sent it; the reading is audited.

    Raises AccessRequest.DoesNotExist, and Refused where the record opens only with a reason.
    """
    found = AccessRequest.objects.select_related("practice").get(practice_id=staff.practice_id, id=request_id)
    found.patient = patient_seen(staff, found.patient_id, at=at)
    record("access.request_seen", by=staff, at=at, subject=found.id, patient=found.patient_id)
    return found


def requests_about(staff: Staff, patient_id: UUID) -> QuerySet[AccessRequest]:
    """All that the patient's accounts asked for, the newest first."""
    rows = AccessRequest.objects.filter(practice_id=staff.practice_id, patient_id=patient_id)
    return rows.order_by("-asked_at", "-id")


def decided_of(staff: Staff, request: AccessRequest) -> dict[str, str]:
    """What a decided request came to: the level that was given, and who of the practice decided."""
    rows = decisions_about(staff, request.id, event="access.decided")
    if not rows or rows[0].staff_id is None:
        return {"level": "", "decider": ""}
    names = StaffMember.objects.filter(practice_id=staff.practice_id, id=rows[0].staff_id)
    level = str(rows[0].details.get("level", "")) if request.status == AccessRequest.Status.GRANTED else ""
    return {"level": level, "decider": names.values_list("name", flat=True).first() or ""}


def asked_of(asker: Staff | System, request: AccessRequest) -> Asked:
    """What a request asks for."""
    return Asked(request.service, request.wanted, request.historic)


def request_told(system: System, request_id: UUID) -> AccessRequest | None:
    """The request that a message is about."""
    rows = AccessRequest.objects.select_related("practice")
    return rows.filter(practice_id=system.practice_id, id=request_id).first()


def request_lines(staff: Staff, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """What each request is about, in a few words for the work list."""
    rows = AccessRequest.objects.filter(practice_id=staff.practice_id, id__in=ids)
    return {row.id: _("Less access") if is_less(asked_of(staff, row), row.had) else _("More access") for row in rows}
