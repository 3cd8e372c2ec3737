"""What was asked before: one row for each idempotency key."""

from django.db import models

from patient_online.storage.placement import Placement


class IdempotentRequest(models.Model):
    """A write that may be repeated, and its outcome: the same key and input give the same answer once more."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "account_id", "key")
    practice_id = models.CharField(max_length=10)
    account_id = models.UUIDField()
    key = models.UUIDField()
    action = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    outcome = models.JSONField(null=True)
