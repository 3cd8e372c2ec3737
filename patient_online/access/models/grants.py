"""Who may use which online service for whom."""

from django.db import models
from django.db.models import Q

from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement

ENDED = Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False)


class Link(models.Model):
    """An account is tied to a patient: as themselves, by what proof, and so how well they are known.

    NHS terms: the Account Linkage of an Online Service Account with a patient, of type Self. A link that a claim made
    is raised, in place, once the person is verified.
    """

    class Kind(models.TextChoices):
        SELF = "self"
        PROXY = "proxy"

    class Why(models.TextChoices):
        """Why a link ended."""

        CLOSED = "account-closed"
        LEFT = "patient-left"
        DIED = "patient-died"
        PRACTICE = "practice"
        PATIENT = "patient"

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.SELF)
    proof = models.CharField(max_length=14, choices=[(each.value, each.value) for each in Proof])
    identity = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Identity])
    linked_at = models.DateTimeField()
    linked_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    ended_why = models.CharField(max_length=14, choices=Why, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="link_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id", "account_id"], condition=Q(ended_at=None), name="link_one_in_force"
            ),
            InPractice("patient", to=Patient, name="link_patient_of_its_practice"),
            models.CheckConstraint(condition=ENDED, name="link_ended_when_by_whom"),
        ]


class Grant(models.Model):
    """An account may use one online service for one patient, until it is revoked. This row is what counts.

    `held` is true while the practice holds the service back from the patient (see `Block`).
    """

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    service = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Service])
    level = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Level])
    held = models.BooleanField(default=False)
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


LEVELS = [(each.value, each.value) for each in RecordLevel]


class RecordGrant(models.Model):
    """How much of a record an account may see until it is revoked: what is recorded from a day on, and before it."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    current = models.CharField(max_length=9, choices=LEVELS)
    historic = models.CharField(max_length=9, choices=LEVELS, default=RecordLevel.NONE)
    from_day = models.DateField()
    held = models.BooleanField(default=False)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id"], name="recordgrant_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id", "account_id"],
                condition=Q(revoked_at=None),
                name="recordgrant_one_in_force",
            ),
            InPractice("patient", to=Patient, name="recordgrant_patient_of_its_practice"),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False),
                name="recordgrant_revoked_when_by_whom",
            ),
        ]


class ActsFor(models.Model):
    """The list of patients an account may act for, and with which services: written in the transaction of the grant.

    It stands with the account, so that one statement tells who is asking; the grant is joined again with the content.
    `held` names the services that are held back, `record` is `{"current": …, "historic": …, "from": day}`.
    """

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField()
    practice_id = models.CharField(max_length=10)
    patient_id = models.UUIDField()
    levels = models.JSONField(default=dict)
    held = models.JSONField(default=list)
    record = models.JSONField(default=dict)
    identity = models.PositiveSmallIntegerField(default=Identity.P9)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "practice_id", "patient_id"], name="actsfor_once"),
        ]


class WorksAt(models.Model):
    """The practices an account works at and its roles there, kept with the account like `ActsFor`.

    `to_day` is the first day on which it does not work there any more, where that is known.
    """

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField()
    practice_id = models.CharField(max_length=10)
    staff_id = models.UUIDField()
    roles = models.JSONField(default=list)
    to_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "practice_id"], name="worksat_once")]


class ProgrammeMember(models.Model):
    """An account of the national programme: it sees counts of practices, never a patient."""

    placement = Placement.ACCOUNT
    account_id = models.UUIDField(primary_key=True)
    from_day = models.DateField()
    to_day = models.DateField(null=True, blank=True)
