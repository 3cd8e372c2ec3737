"""The seats of a slot: whether one is left, and how many."""

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from patient_online.appointments.models import Appointment

BOOKED = Q(status=Appointment.Status.BOOKED)
_OF_THE_SLOT = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), slot_id=OuterRef("id"))
_NUMBER = Coalesce(Subquery(_OF_THE_SLOT.order_by().values("slot_id").annotate(n=Count("id")).values("n")), 0)
TAKEN = Q(Exists(_OF_THE_SLOT), seats=1) | Q(seats__gt=1, seats__lte=_NUMBER)
PLACES_LEFT = Case(When(seats__gt=1, then=F("seats") - _NUMBER), default=1)
