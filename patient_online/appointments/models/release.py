"""Who may book which kind of slot, and from when: release rules as data, and groups of patients."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.models.book import SlotType
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Cohort(models.Model):
    """A group of patients that the practice names, such as those invited to a clinic."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="cohort_name_once")]


class CohortMember(models.Model):
    """A patient who is in a group."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    cohort_id = models.UUIDField()
    cohort = SamePractice(Cohort, column="cohort_id", related_name="members")
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id"], name="cohortmember_by_patient")]
        constraints = [
            InPractice("cohort", to=Cohort, name="cohortmember_cohort_of_its_practice"),
            InPractice("patient", to=Patient, name="cohortmember_patient_of_its_practice"),
            models.UniqueConstraint(fields=["practice", "cohort_id", "patient_id"], name="cohortmember_once"),
        ]


class BookingRule(models.Model):
    """For whom a kind of slot is online, and from when. One rule that fits is enough; a kind without rules is for all.

    Ages are whole years on the day of the appointment, both included. `days_ahead` counts days before the
    appointment's own day: 0 is on the day. Where there is none the practice's policy decides how far ahead.
    """

    class Sex(models.TextChoices):
        ANY = "", _("Anybody")
        FEMALE = "female", _("Women and girls")
        MALE = "male", _("Men and boys")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    type_id = models.UUIDField()
    type = SamePractice(SlotType, column="type_id", related_name="rules")
    cohort_id = models.UUIDField(null=True, blank=True)
    cohort = SamePractice(Cohort, column="cohort_id", null=True)
    least_age = models.PositiveSmallIntegerField(null=True, blank=True)
    most_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, default=Sex.ANY, blank=True)
    days_ahead = models.PositiveSmallIntegerField(null=True, blank=True)
    release_time = models.TimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    minimum_notice_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "type_id"], name="bookingrule_of_type"),
            models.Index(fields=["practice", "cohort_id"], name="bookingrule_of_cohort"),
        ]
        constraints = [
            InPractice("type", to=SlotType, name="bookingrule_type_of_its_practice"),
            InPractice("cohort", to=Cohort, name="bookingrule_cohort_of_its_practice"),
            models.CheckConstraint(
                condition=Q(least_age=None) | Q(most_age=None) | Q(most_age__gte=F("least_age")),
                name="bookingrule_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(days_ahead=None, release_time=None)
                | Q(days_ahead__isnull=False, release_time__isnull=False),
                name="bookingrule_released_on_a_day_at_a_time",
            ),
        ]
