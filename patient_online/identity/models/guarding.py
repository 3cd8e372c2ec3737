"""What keeps guessers out without locking anybody out: counted guesses, devices that are known, ways back in."""

from django.db import models

from patient_online.identity.models.account import Account
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class GuessBucket(models.Model):
    """How often somebody guessed wrong since an instant, in one bucket: what it counts is kept as a hash."""

    placement = Placement.ACCOUNT
    bucket = models.CharField(primary_key=True, max_length=64)
    wrong = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    ends_at = models.DateTimeField()


class KnownDevice(models.Model):
    """A browser in which somebody has signed in to the account; its cookie is kept as a hash."""

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


class WayIn(models.Model):
    """A code, given on paper or by e-mail, with which somebody opens their account or chooses a new password.

    Kept as a hash, used once, and dead after five wrong tries. It never stands for the second step:
    a code for who has lost it takes the old ones away.
    """

    class Why(models.TextChoices):
        INVITED = "invited"
        FORGOTTEN = "forgotten"
        LOST = "lost-step"  # the second step too

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    account = models.ForeignKey(Account, models.CASCADE, related_name="ways_in")
    why = models.CharField(max_length=9, choices=Why)
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    ends_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "why"],
                condition=models.Q(used_at=None, ended_at=None),
                name="wayin_one_open_of_each",
            )
        ]
