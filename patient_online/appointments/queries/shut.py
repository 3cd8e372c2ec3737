"""When nobody is seen: the practice is closed, or the clinician is away, though the book has slots still."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, TimeField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate, TruncTime

from patient_online.appointments.models import Absence
from patient_online.asking import Acting, Staff
from patient_online.nhs.dates import LONDON
from patient_online.practices.models import Closure


def _day(instant: Combinable) -> TruncDate:
    return TruncDate(ExpressionWrapper(instant, DateTimeField()), tzinfo=LONDON, output_field=DateField())


def _time(instant: Combinable) -> TruncTime:
    return TruncTime(ExpressionWrapper(instant, DateTimeField()), tzinfo=LONDON, output_field=TimeField())


_START, _LAST_OF_IT = OuterRef("starts_at"), OuterRef("ends_at") - timedelta.resolution
_THEN: dict[str, Any] = {"practice": OuterRef("practice"), "taken_back_at": None, "from_day__lte": _day(_LAST_OF_IT)}
_THEN["to_day__gte"] = _day(_START)
_BEGUN = Q(from_time=None) | Q(from_day__lt=_day(_LAST_OF_IT)) | Q(from_time__lte=_time(_LAST_OF_IT))
_NOT_OVER = Q(to_time=None) | Q(to_day__gt=_day(_START)) | Q(to_time__gt=_time(_START))
# Staff may not have withdrawn such slots yet. Patients are not to book them meanwhile.
CLOSED = Exists(Closure.objects.filter(_BEGUN, _NOT_OVER, **_THEN))
AWAY = Exists(Absence.objects.filter(_BEGUN, _NOT_OVER, clinician_id=OuterRef("schedule__clinician_id"), **_THEN))
SHUT = CLOSED | AWAY
NOT_SHUT = ~Q(SHUT)


def not_shut_after(asker: Acting | Staff, after: datetime) -> Q:
    """The same of slots after the instant: where nothing is shut from then on, no slot is looked at for it."""
    day = _day(Value(after, DateTimeField()))
    ahead: dict[str, Any] = {"practice_id": asker.practice_id, "taken_back_at": None, "to_day__gte": day}
    closed = Q(Exists(Closure.objects.filter(**ahead))) & Q(CLOSED)
    return ~(closed | Q(Exists(Absence.objects.filter(**ahead))) & Q(AWAY))
