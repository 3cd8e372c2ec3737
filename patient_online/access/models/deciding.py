"""What the practice decides about one patient's access: what it holds back, what was asked for, what codes say."""

from django.db import models
from django.db.models import Q

from patient_online.nhs.services import Service
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement

RECORD = "record"
ASKED_FOR = [*((each.value, each.value) for each in Service), (RECORD, RECORD)]
DECIDED = Q(status="pending", decided_at=None, decided_by=None) | ~Q(status="pending") & Q(decided_at__isnull=False)


class Block(models.Model):
    """The practice holds an online service back from a patient, whatever account asks, until it is lifted.

    It outlives accounts, links and registrations: who comes back to the practice with the NHS number is met by it.
    Patients are never told that there is one, or why.
    """

    class Why(models.TextChoices):
        SAFEGUARDING = "safeguarding"
        PATIENT = "patient-asked"
        MISUSE = "misuse"
        OTHER = "other"

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    service = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Service])
    why = models.CharField(max_length=13, choices=Why)
    words = models.CharField(max_length=500, blank=True)
    review_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="block_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id", "service"], condition=Q(lifted_at=None), name="block_one_in_force"
            ),
            InPractice("patient", to=Patient, name="block_patient_of_its_practice"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="block_lifted_when_and_by_whom",
            ),
        ]


class AccessRequest(models.Model):
    """A patient asks for more, or for less, of an online service; the practice decides.

    `service` may be `record`; `wanted` is a level of the service or of the record, `none` to have it taken away.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    service = models.CharField(max_length=20, choices=ASKED_FOR)
    wanted = models.CharField(max_length=9)
    had = models.CharField(max_length=9)
    historic = models.BooleanField(default=False)
    words = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="accessrequest_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id", "account_id", "service"],
                condition=Q(status="pending"),
                name="accessrequest_one_pending",
            ),
            InPractice("patient", to=Patient, name="accessrequest_patient_of_its_practice"),
            models.CheckConstraint(condition=DECIDED, name="accessrequest_decided_when"),
        ]


class DetailsRequest(models.Model):
    """A patient asks that their name or address be put right; the practice accepts or refuses.

    `changes` is `{field: [as it was, as it should be]}`.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField()
    changes = models.JSONField()
    words = models.CharField(max_length=500, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="detailsrequest_of_patient")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "patient_id"], condition=Q(status="pending"), name="detailsrequest_one_pending"
            ),
            InPractice("patient", to=Patient, name="detailsrequest_patient_of_its_practice"),
            models.CheckConstraint(condition=DECIDED, name="detailsrequest_decided_when"),
        ]


class AccessCode(models.Model):
    """A SNOMED code about online access in a record: 103 declined, 104 review first, 106 no review needed."""

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    code = models.CharField(max_length=18)
    dated = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="accesscode_of_patient")]
        constraints = [InPractice("patient", to=Patient, name="accesscode_patient_of_its_practice")]


class CodesWeighed(models.Model):
    """What the codes about online access came to when they were looked at, and on which occasion."""

    class Occasion(models.TextChoices):
        LINKED = "linked"
        SIXTEEN = "sixteen"
        BATCH = "batch"

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    account_id = models.UUIDField(null=True, blank=True)
    occasion = models.CharField(max_length=7, choices=Occasion)
    outcome = models.CharField(max_length=20)
    code = models.CharField(max_length=18, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "id"], name="codesweighed_of_patient")]
        constraints = [InPractice("patient", to=Patient, name="codesweighed_patient_of_its_practice")]
