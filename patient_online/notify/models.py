"""Messages to patients, and what became of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Message(models.Model):
    """One thing that one patient is to be told. The words are put in when it is sent: until then it may become untrue.

    `about` is the id of what it tells of; `part` tells several messages of one kind about one thing apart.
    `receipt_due_at` is when the provider is next asked whether it arrived, where it can tell.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", _("Sent")
        TO_PRINT = "to-print", _("To be printed")
        PRINTED = "printed", _("Printed")
        INBOX = "inbox", _("In the inbox only")
        DROPPED = "dropped", _("Not sent: no longer true")
        FAILED = "failed", _("Could not be sent")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    kind = models.CharField(max_length=40)
    about = models.UUIDField(null=True, blank=True)
    part = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    route = models.CharField(max_length=6, choices=Patient.Route, blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=40, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    receipt_due_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id", "id"], name="message_of_patient"),
            models.Index(
                fields=["practice", "due_at"], condition=Q(status__in=["waiting", "failed"]), name="message_not_sent"
            ),
            models.Index(fields=["practice", "id"], condition=Q(status="to-print"), name="message_to_print"),
            models.Index(
                fields=["practice", "receipt_due_at"],
                condition=Q(receipt_due_at__isnull=False),
                name="message_receipt_due",
            ),
        ]
        constraints = [
            InPractice("patient", to=Patient, name="message_patient_of_its_practice"),
            models.UniqueConstraint(
                fields=["practice", "kind", "about", "part"], nulls_distinct=True, name="message_one_for_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(status="waiting", settled_at=None) | ~Q(status="waiting") & Q(settled_at__isnull=False),
                name="message_settled_unless_it_waits",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("made_at")), name="message_due_once_made"),
            models.CheckConstraint(
                condition=Q(receipt_due_at=None) | Q(status="sent", delivered_at=None), name="message_receipt_once_sent"
            ),
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(status="sent"), name="message_delivered_once_sent"
            ),
        ]


class ContactCheck(models.Model):
    """A code sent to an e-mail address or telephone number, to see that the patient reads what is sent there.

    The code itself is kept nowhere: it is made of the id and our secret key (see `access.codes`).
    """

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    route = models.CharField(max_length=6, choices=Patient.Route)
    address = models.CharField(max_length=254)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id", "made_at"], name="contactcheck_of_patient")]
        constraints = [
            InPractice("patient", to=Patient, name="contactcheck_patient_of_its_practice"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="contactcheck_ends_after_it_is_made"),
        ]


class FormerContact(models.Model):
    """Where a patient was reached, as was confirmed, until another address or number took its place: told so there."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    route = models.CharField(max_length=6, choices=Patient.Route)
    address = models.CharField(max_length=254)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id"], name="formercontact_of_patient")]
        constraints = [InPractice("patient", to=Patient, name="formercontact_patient_of_its_practice")]


class Fence(models.Model):
    """A stop to all sending, after a restore or by somebody's wish, until somebody lifts it."""

    placement = Placement.LOCAL
    id = models.UUIDField(primary_key=True, default=uuid7)
    raised_at = models.DateTimeField()
    why = models.CharField(max_length=200)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["why"], condition=Q(lifted_at=None), name="fence_one_for_one_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by="") | Q(lifted_at__isnull=False) & ~Q(lifted_by=""),
                name="fence_lifted_when_and_by_whom",
            ),
        ]


class KnownDatabase(models.Model):
    """Which database this was when messages were last sent from it: another one has been restored from a copy."""

    placement = Placement.LOCAL
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mark = models.CharField(max_length=100)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="knowndatabase_only_one")]


class AccountMail(models.Model):
    """A message to an account's own e-mail address: a code, or word that something about the account has changed.

    It is of no practice and no patient. Its words are kept until it has been sent, and no longer.
    """

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
