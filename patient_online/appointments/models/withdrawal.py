"""When the practice takes sessions out of its book or moves them, and whom that touches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.models.appointment import Appointment
from patient_online.appointments.models.book import Schedule
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Withdrawal(models.Model):
    """One decision to withdraw or to move sessions: why, and what the patients are told."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        MOVED = "moved", _("Moved")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.CharField(_("reason, for staff"), max_length=200)
    words = models.CharField(_("what patients are told"), max_length=300, blank=True)
    # Of a move alone: which session, and how much later it is now.
    session_id = models.UUIDField(null=True, blank=True)
    session = SamePractice(Schedule, column="session_id", null=True)
    moved_by = models.DurationField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(
                fields=["practice", "session_id"], condition=Q(session_id__isnull=False), name="withdrawal_of_session"
            )
        ]
        constraints = [
            InPractice("session", to=Schedule, name="withdrawal_session_of_its_practice"),
            models.CheckConstraint(
                condition=Q(kind="moved", session_id__isnull=False, moved_by__isnull=False)
                | Q(kind="withdrawn", session_id=None, moved_by=None),
                name="withdrawal_moved_which_and_by_how_much",
            ),
        ]


class WithdrawnAppointment(models.Model):
    """An appointment that a withdrawal took or moved; settled once somebody has seen to the patient."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    withdrawal_id = models.UUIDField()
    withdrawal = SamePractice(Withdrawal, column="withdrawal_id", related_name="appointments")
    appointment_id = models.UUIDField()
    appointment = SamePractice(Appointment, column="appointment_id")
    was_starts_at = models.DateTimeField()
    route = models.CharField(max_length=6)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "appointment_id"], name="withdrawnappointment_which")]
        constraints = [
            InPractice("withdrawal", to=Withdrawal, name="withdrawnappointment_of_its_practice"),
            InPractice("appointment", to=Appointment, name="withdrawnappointment_appointment_of_its_practice"),
            models.UniqueConstraint(
                fields=["practice", "withdrawal_id", "appointment_id"], name="withdrawnappointment_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None) | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="withdrawnappointment_settled_when_and_by_whom",
            ),
        ]
