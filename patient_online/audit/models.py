"""The trail: a row for every action and every read of a patient's data. Rows are added, never changed."""

from django.db import models

from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Entry(models.Model):
    """Something that was done or seen at one practice, by whom, to whose record, and whether it was refused."""

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice_id = models.CharField(max_length=10)
    id = models.UUIDField(default=uuid7)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    asker = models.CharField(max_length=10)
    asker_name = models.CharField(max_length=60, blank=True)
    account_id = models.UUIDField(null=True)
    staff_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    request_id = models.UUIDField(null=True)
    refused_by = models.CharField(max_length=80, blank=True)
    vot = models.CharField(max_length=12, blank=True)  # how the person was known: NHS login's vector of trust
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["practice_id", "patient_id", "id"], name="entry_of_patient"),
            models.Index(
                fields=["practice_id", "subject_id", "id"],
                condition=models.Q(event__startswith="staff."),
                name="entry_of_staff",
            ),
        ]


class AccountEntry(models.Model):
    """Something that happened to an account before any practice was chosen: it signed in or out, or could not.

    An entry without an account tells that somebody named one that there is not; what they typed is not kept.
    """

    placement = Placement.ACCOUNT
    append_only = True
    id = models.UUIDField(primary_key=True, default=uuid7)
    account_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    request_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["account_id", "id"], name="accountentry_of_account")]
