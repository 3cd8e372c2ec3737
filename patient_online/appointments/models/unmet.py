"""What people could not get: counts a day, without a person."""

from django.db import models

from patient_online.practices.models import Practice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class UnmetDemand(models.Model):
    """How often something was not to be had at a practice on a day: an empty search, a refusal, a booking given up.

    `what` is `search-empty`, `booking-abandoned` or a rule's id. `stripe` spreads writers over several rows; a
    day's count is the sum of its stripes.
    """

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    day = models.DateField()
    what = models.CharField(max_length=80)
    stripe = models.PositiveSmallIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "day", "what", "stripe"], name="unmetdemand_one_count")
        ]
