"""A task, and who covers for whom."""

from django.db import models
from django.db.models import F, Q

from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Task(models.Model):
    """Something that the practice must decide or do, whose it is, and until when.

    `kind` is one that an app has registered (see `kinds`), `about` the id of what is to be decided there.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        WITHDRAWN = "withdrawn"

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    kind = models.CharField(max_length=30)
    about = models.UUIDField()
    patient_id = models.UUIDField(null=True, blank=True)
    patient = SamePractice(Patient, column="patient_id", null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    owner_id = models.UUIDField(null=True, blank=True)
    owner = SamePractice(StaffMember, column="owner_id", null=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "due_at"], condition=Q(status="open"), name="task_open_by_due"),
            models.Index(fields=["practice", "patient_id"], name="task_of_patient"),
            models.Index(fields=["practice", "owner_id"], name="task_of_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "kind", "about"], condition=Q(status="open"), name="task_one_open_of_a_thing"
            ),
            InPractice("patient", to=Patient, name="task_patient_of_its_practice"),
            InPractice("owner", to=StaffMember, name="task_owner_of_its_practice"),
            models.CheckConstraint(
                condition=Q(status="open", ended_at=None, ended_by=None)
                | ~Q(status="open") & Q(ended_at__isnull=False),
                name="task_ended_when",
            ),
        ]


class Cover(models.Model):
    """While one member of staff is away, another sees to their tasks: from a day to a day, both included."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    away_id = models.UUIDField()
    away = SamePractice(StaffMember, column="away_id")
    covered_by_id = models.UUIDField()
    covered_by = SamePractice(StaffMember, column="covered_by_id")
    from_day = models.DateField()
    to_day = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "away_id"], name="cover_of_who_is_away"),
            models.Index(fields=["practice", "covered_by_id"], name="cover_of_who_covers"),
        ]
        constraints = [
            InPractice("away", to=StaffMember, name="cover_away_of_its_practice"),
            InPractice("covered_by", to=StaffMember, name="cover_covering_of_its_practice"),
            models.CheckConstraint(condition=~Q(away_id=F("covered_by_id")), name="cover_by_another"),
            models.CheckConstraint(condition=Q(to_day__gte=F("from_day")), name="cover_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="cover_taken_back_when_and_by_whom",
            ),
        ]
