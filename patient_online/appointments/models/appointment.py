"""Appointments: slots given to patients, and what became of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.models.book import Slot
from patient_online.appointments.rules.reference import reference_of
from patient_online.asking import Channel
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Appointment(models.Model):
    """A slot given to a patient. A row is never deleted; cancelling is something that happens to it.

    Where two slots are booked as one, the second has a row of its own that `continues` the first.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    class Outcome(models.TextChoices):
        UNKNOWN = "", _("Not recorded")
        ATTENDED = "attended", _("Attended")
        DID_NOT_ATTEND = "dna", _("Did not attend")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    slot_id = models.UUIDField()
    slot = SamePractice(Slot, column="slot_id", related_name="appointments")
    seat = models.PositiveSmallIntegerField(default=1)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    continues_id = models.UUIDField(null=True, blank=True)
    continues = SamePractice("self", column="continues_id", related_name="continued_by", null=True)
    moved_from_id = models.UUIDField(null=True, blank=True)
    moved_from = SamePractice("self", column="moved_from_id", related_name="moved_to", null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.BOOKED)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.UNKNOWN, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    sent_in_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    contact_telephone = models.CharField(max_length=20, blank=True)
    extra_reason = models.CharField(max_length=200, blank=True)
    red_flags_seen_at = models.DateTimeField(null=True, blank=True)
    booked_at = models.DateTimeField()
    booked_by = models.UUIDField()
    booked_through = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Channel])
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.UUIDField(null=True, blank=True)
    cancelled_through = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Channel], blank=True
    )
    cancel_reason = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id"], name="appointment_of_patient"),
            models.Index(fields=["practice", "slot_id"], name="appointment_of_slot"),
            models.Index(
                fields=["practice", "continues_id"],
                condition=Q(continues_id__isnull=False),
                name="appointment_continuing",
            ),
            models.Index(
                fields=["practice", "moved_from_id"],
                condition=Q(moved_from_id__isnull=False),
                name="appointment_moved_from",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "slot_id", "seat"],
                condition=Q(status="booked"),
                name="appointment_one_booked_per_seat",
            ),
            InPractice("slot", to=Slot, name="appointment_slot_of_its_practice"),
            InPractice("patient", to=Patient, name="appointment_patient_of_its_practice"),
            InPractice("continues", to="appointments.appointment", name="appointment_continues_of_its_practice"),
            InPractice("moved_from", to="appointments.appointment", name="appointment_moved_from_of_its_practice"),
            models.CheckConstraint(
                condition=Q(status="booked", cancelled_at=None, cancelled_by=None, cancelled_through="")
                | Q(status="cancelled", cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancelled_through__in=["", Channel.LINK])
                # A link in a message stands for nobody's account: whoever holds it gives the appointment back.
                | Q(status="cancelled", cancelled_at__isnull=False, cancelled_by=None, cancelled_through=Channel.LINK),
                name="appointment_cancelled_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(arrived_at=None, sent_in_at=None, left_at=None)
                | Q(arrived_at__isnull=False, sent_in_at=None, left_at=None)
                | Q(arrived_at__isnull=False, sent_in_at__gte=F("arrived_at"), left_at=None)
                | Q(arrived_at__isnull=False, sent_in_at__gte=F("arrived_at"), left_at__gte=F("sent_in_at")),
                name="appointment_arrives_is_sent_in_and_leaves",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="dna") | Q(arrived_at=None), name="appointment_not_attended_by_who_arrived"
            ),
        ]

    @property
    def seen(self) -> bool:
        """Whether the patient has arrived, or it was noted what became of the appointment."""
        return self.arrived_at is not None or self.outcome != self.Outcome.UNKNOWN

    @property
    def reference(self) -> str:
        """Eight letters and digits to say on the telephone, such as `K7QM-2XRT`."""
        return reference_of(self.id)
