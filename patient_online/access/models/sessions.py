"""Who is signed in, and in which browser."""

from django.db import models

from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Session(models.Model):
    """A browser's session. The key is kept as a hash: who reads the table cannot take over a session.

    `id` names it in the list of signed-in devices; `device` says which browser it is; `kept` holds what was sent when
    the session had ended, for the account that it was (`kept_for`), until they have signed in again.
    """

    placement = Placement.ACCOUNT
    key_hash = models.CharField(primary_key=True, max_length=64)
    id = models.UUIDField(default=uuid7, unique=True)
    account_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    device = models.CharField(max_length=120, blank=True)
    kept = models.JSONField(null=True)
    kept_for = models.UUIDField(null=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_id"], name="session_of_account"),
            models.Index(fields=["ends_at"], name="session_by_end"),
        ]
