"""Days on which nobody is seen: the practice is closed, or the clinician is away, though the book has slots still."""

from django.db.models import DateField, DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import TruncDate

from patient_online.appointments.models import Absence
from patient_online.nhs.dates import LONDON
from patient_online.practices.models import Closure

_STARTS = ExpressionWrapper(OuterRef("starts_at"), DateTimeField())
_DAY = TruncDate(_STARTS, tzinfo=LONDON, output_field=DateField())
_ON_THAT_DAY = {"practice": OuterRef("practice"), "taken_back_at": None, "from_day__lte": _DAY, "to_day__gte": _DAY}
# Staff may not have withdrawn such slots yet. Patients are not to book them meanwhile.
SHUT = Exists(Closure.objects.filter(**_ON_THAT_DAY)) | Exists(
    Absence.objects.filter(clinician_id=OuterRef("schedule__clinician_id"), **_ON_THAT_DAY)
)
NOT_SHUT = ~Q(SHUT)
