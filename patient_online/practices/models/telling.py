"""What a practice tells everybody: a welcome, ways to reach it, days on which it is closed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.practices.models.practice import Practice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Notice(models.Model):
    """A version of something that the practice tells its patients. The highest version holds; the others are kept.

    `routes` is a list of `{"for": …, "how": …, "when": …}`, what for, number or address, and hours.
    """

    class Kind(models.TextChoices):
        WELCOME = "welcome", _("Welcome message")
        ROUTES = "routes", _("Ways to reach us")

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    kind = models.CharField(max_length=8, choices=Kind)
    version = models.PositiveIntegerField()
    text = models.CharField(max_length=1000, blank=True)
    routes = models.JSONField(default=list, blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "kind", "version"], name="notice_version_once")]


class Closure(models.Model):
    """When the practice is closed, by the clock on the wall: patients are told, and no slot is made for it."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    from_day = models.DateField(_("first day closed"))
    to_day = models.DateField(_("last day closed"))
    from_time = models.TimeField(_("closed on the first day from"), null=True, blank=True)
    to_time = models.TimeField(_("closed on the last day until"), null=True, blank=True)
    words = models.CharField(_("what patients are told"), max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "to_day"], name="closure_by_last_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_day__gt=F("from_day"))
                | Q(to_day=F("from_day")) & (Q(from_time=None) | Q(to_time=None) | Q(to_time__gt=F("from_time"))),
                name="closure_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="closure_taken_back_when_and_by_whom",
            ),
        ]
