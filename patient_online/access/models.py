"""Who may use which online service for whom, and who is signed in."""

from django.db import models
from django.db.models import Q

from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Grant(models.Model):
    """An account may use one online service for one patient, until it is revoked. This row is what counts."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    service = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Service])
    level = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Level])
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id"], name="grant_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id", "account_id", "service"],
                condition=Q(revoked_at=None),
                name="grant_one_in_force",
            ),
            InPractice("patient", to=Patient, name="grant_patient_of_its_practice"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False),
                name="grant_revoked_when_by_whom",
            ),
        ]


class ActsFor(models.Model):
    """The list of patients an account may act for, and with which services: written in the transaction of the grant.

    It stands with the account, so that one statement tells who is asking; the grant is joined again with the content.
    """

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField()
    practice_id = models.CharField(max_length=10)
    patient_id = models.UUIDField()
    levels = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "practice_id", "patient_id"], name="actsfor_once"),
        ]


class WorksAt(models.Model):
    """The practices an account works at and its roles there, kept with the account like `ActsFor`."""

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField()
    practice_id = models.CharField(max_length=10)
    staff_id = models.UUIDField()
    roles = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "practice_id"], name="worksat_once")]


class Session(models.Model):
    """A browser's session. The key is kept as a hash: who reads the table cannot take over a session."""

    placement = Placement.ACCOUNT
    key_hash = models.CharField(primary_key=True, max_length=64)
    account_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="session_of_account"),
            models.Index(fields=["ends_at"], name="session_by_end"),
        ]
