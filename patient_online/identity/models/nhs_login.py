"""Who an account is at an identity provider, and the answers of one that were used up."""

from django.db import models

from patient_online.identity.models.account import Account
from patient_online.nhs.identity import Identity
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class NhsLogin(models.Model):
    """An account known by issuer and subject: never by an e-mail address, never by an NHS number alone."""

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, models.CASCADE, related_name="nhs_logins")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    identity = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Identity])
    linked_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="nhslogin_once")]


class SpentToken(models.Model):
    """The mark of a code or token that was used: it is not taken a second time. Forgotten once it has ended."""

    placement = Placement.ACCOUNT
    mark = models.CharField(primary_key=True, max_length=64)
    ends_at = models.DateTimeField()
