"""The appointment book: schedules cut into slots, and the appointments that take them."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.asking import Channel
from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement

SAYABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's 32: no letter that is taken for another


class SlotType(models.Model):
    """A kind of slot in the practice's own book, and the words in which patients are told what it is for."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    name = models.CharField(_("name in the book"), max_length=100)
    label = models.CharField(_("what patients are told it is"), max_length=80, blank=True)
    guidance = models.CharField(_("what it is for"), max_length=300, blank=True)
    national_category = models.CharField(
        max_length=100, choices=[(each.value, each.value) for each in NationalCategory], blank=True
    )
    joins_up_to = models.PositiveSmallIntegerField(_("slots that may be booked as one"), default=1)
    most_future = models.PositiveSmallIntegerField(
        _("most that a patient may have booked ahead of this kind"), null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="slottype_name_once"),
            models.CheckConstraint(condition=Q(joins_up_to__range=(1, 4)), name="slottype_joins_one_to_four"),
            models.CheckConstraint(
                condition=Q(most_future=None) | Q(most_future__range=(1, 20)), name="slottype_most_future_one_to_twenty"
            ),
        ]


class Schedule(models.Model):
    """A session: one clinician at one site for part of a day."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    site_id = models.UUIDField()
    site = SamePractice(Site, column="site_id")
    clinician_id = models.UUIDField()
    clinician = SamePractice(StaffMember, column="clinician_id")
    name = models.CharField(_("session name"), max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "site_id"], name="schedule_at_site"),
            models.Index(fields=["practice", "clinician_id", "starts_at"], name="schedule_of_clinician"),
        ]
        constraints = [
            InPractice("site", to=Site, name="schedule_site_of_its_practice"),
            InPractice("clinician", to=StaffMember, name="schedule_clinician_of_its_practice"),
            models.UniqueConstraint(
                fields=["practice", "clinician_id", "site_id", "starts_at"], name="schedule_starts_once"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="schedule_ends_after_it_starts"),
        ]


class Slot(models.Model):
    """A stretch of a schedule that can be given to a patient."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    schedule_id = models.UUIDField()
    schedule = SamePractice(Schedule, column="schedule_id", related_name="slots")
    type_id = models.UUIDField()
    type = SamePractice(SlotType, column="type_id")
    mode = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Mode])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    online = models.BooleanField(default=False)
    release_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "type_id"], name="slot_of_type"),
            models.Index(
                fields=["practice", "type_id", "starts_at"],
                condition=Q(online=True, status="open"),
                name="slot_online_by_type_and_start",
            ),
            models.Index(fields=["practice", "starts_at"], name="slot_by_start"),
        ]
        constraints = [
            InPractice("schedule", to=Schedule, name="slot_schedule_of_its_practice"),
            InPractice("type", to=SlotType, name="slot_type_of_its_practice"),
            models.UniqueConstraint(fields=["practice", "schedule_id", "starts_at"], name="slot_starts_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
        ]

    @property
    def offer(self) -> tuple[str, str, str, str]:
        """What slots that differ only in their time have in common."""
        schedule = self.schedule
        return schedule.clinician.name, self.type.label, self.mode, schedule.site.name

    @property
    def day(self) -> date:
        """The day on which it is, by the clock on the practice's wall."""
        return local_day(self.starts_at)


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
    reason = models.CharField(max_length=100, blank=True)
    comment = models.CharField(max_length=500, blank=True)
    contact_telephone = models.CharField(max_length=20, blank=True)
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
                & ~Q(cancelled_through=""),
                name="appointment_cancelled_when_and_by_whom",
            ),
        ]

    @property
    def reference(self) -> str:
        """Eight letters and digits to say on the telephone, such as `K7QM-2XRT`, from the random end of the id."""
        bits = self.id.int
        text = "".join(SAYABLE[(bits >> shift) & 31] for shift in range(35, -5, -5))
        return f"{text[:4]}-{text[4:]}"
