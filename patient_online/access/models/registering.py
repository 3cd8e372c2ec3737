"""Registering for online services at the practice: how identity was checked, and the letter that links an account."""

from django.db import models
from django.db.models import F, Q

from patient_online.nhs.identity import Proof
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Verification(models.Model):
    """A check of who somebody is, by staff: how, by which kinds of evidence, and for whom. No copies are kept."""

    class Whom(models.TextChoices):
        SELF = "self"
        PROXY = "proxy"

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    whom = models.CharField(max_length=5, choices=Whom, default=Whom.SELF)
    proof = models.CharField(max_length=14, choices=[(each.value, each.value) for each in Proof])
    evidence = models.JSONField(default=list)
    staff_id = models.UUIDField()
    staff = SamePractice(StaffMember, column="staff_id")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id", "id"], name="verification_of_patient"),
            models.Index(fields=["practice", "staff_id"], name="verification_by_staff"),
        ]
        constraints = [
            InPractice("patient", to=Patient, name="verification_patient_of_its_practice"),
            InPractice("staff", to=StaffMember, name="verification_staff_of_its_practice"),
        ]


class LinkageKey(models.Model):
    """A linkage key that a letter carries with an Account ID of its own: hashed, used once, it ends by itself.

    Five wrong tries end it; the account that tried is not touched. `gives` is what the desk decided that the account
    gets when it is linked: `{"services": {service: level}, "record": {"current": …, "historic": …}}`.
    """

    class Why(models.TextChoices):
        """Why a key that was not used has ended before its time."""

        REISSUED = "reissued"
        WRONG_TRIES = "wrong-tries"
        TAKEN_BACK = "taken-back"
        PATIENT_GONE = "patient-gone"

    placement = Placement.PRACTICE
    code = ""  # the key itself, for who has just made it: it is never kept
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    verification_id = models.UUIDField()
    verification = SamePractice(Verification, column="verification_id")
    account_ref = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=128)
    gives = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    ends_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=Why, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id", "id"], name="linkagekey_of_patient"),
            models.Index(fields=["practice", "verification_id"], name="linkagekey_of_check"),
        ]
        constraints = [
            InPractice("patient", to=Patient, name="linkagekey_patient_of_its_practice"),
            InPractice("verification", to=Verification, name="linkagekey_check_of_its_practice"),
            models.UniqueConstraint(
                fields=["practice", "patient_id"],
                condition=Q(used_at=None, ended_at=None),
                name="linkagekey_one_open_for_a_patient",
            ),
            models.UniqueConstraint(
                fields=["practice", "account_ref"],
                condition=Q(used_at=None, ended_at=None),
                name="linkagekey_open_account_ref_once",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None) | Q(used_at__isnull=False, used_by__isnull=False),
                name="linkagekey_used_when_and_by_whom",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="linkagekey_ends_after_it_is_made"),
            models.CheckConstraint(condition=Q(wrong__lte=5), name="linkagekey_five_tries"),
        ]
