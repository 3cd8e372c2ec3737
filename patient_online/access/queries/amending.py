"""What may be seen of requests to put a name or address right."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from patient_online.access.models import DetailsRequest
from patient_online.asking import Acting, Staff, System
from patient_online.patients.amending import LABELS
from patient_online.patients.queries import patient_seen

ANSWER_SHOWN = timedelta(days=90)


def details_asked(acting: Acting, *, at: datetime) -> DetailsRequest | None:
    """The person's own request that waits, or else the last one that was answered of late."""
    whose = {"practice_id": acting.practice_id, "patient_id": acting.patient_id, "account_id": acting.account_id}
    last = DetailsRequest.objects.filter(**whose).order_by("-asked_at", "-id").first()
    if last is None or last.status == DetailsRequest.Status.WITHDRAWN:
        return None
    return last if last.decided_at is None or last.decided_at > at - ANSWER_SHOWN else None


def details_request(staff: Staff, request_id: UUID, *, at: datetime) -> DetailsRequest:
    """A request with its patient as they are now; the reading is audited. Raises DetailsRequest.DoesNotExist."""
    found = DetailsRequest.objects.get(practice_id=staff.practice_id, id=request_id)
    found.patient = patient_seen(staff, found.patient_id, at=at)
    return found


def details_told(system: System, request_id: UUID) -> DetailsRequest | None:
    """The request that a message is about."""
    rows = DetailsRequest.objects.select_related("practice")
    return rows.filter(practice_id=system.practice_id, id=request_id).first()


def details_lines(staff: Staff, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Which fields each request is about, for the work list."""
    rows = DetailsRequest.objects.filter(practice_id=staff.practice_id, id__in=ids)
    return {row.id: ", ".join(_(LABELS[field]) for field in LABELS if field in row.changes) for row in rows}
