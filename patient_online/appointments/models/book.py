"""The appointment book: kinds of slot, and schedules cut into slots."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.rules.booking import SlotFacts
from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.nhs.dates import local_day
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


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

    @property
    def worded(self) -> bool:
        """Whether patients can be offered it: it has words for them, and a category of the national figures."""
        return bool(self.label and self.national_category) and NationalCategory(self.national_category).is_mapped


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
    template_id = models.UUIDField(null=True, blank=True)
    template = SamePractice("appointments.SessionTemplate", column="template_id", null=True)
    template_day = models.DateField(null=True, blank=True)
    # Some of its times were not made, because of a closure or an absence for part of the day.
    cut_short = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "site_id"], name="schedule_at_site"),
            models.Index(fields=["practice", "starts_at"], name="schedule_by_start"),
            models.Index(fields=["practice", "clinician_id", "starts_at"], name="schedule_of_clinician"),
        ]
        constraints = [
            InPractice("site", to=Site, name="schedule_site_of_its_practice"),
            InPractice("clinician", to=StaffMember, name="schedule_clinician_of_its_practice"),
            InPractice("template", to="appointments.sessiontemplate", name="schedule_template_of_its_practice"),
            models.UniqueConstraint(
                fields=["practice", "clinician_id", "site_id", "starts_at"],
                condition=Q(withdrawn_at=None),
                name="schedule_starts_once",
            ),
            models.UniqueConstraint(
                fields=["practice", "template_id", "template_day"], name="schedule_of_a_template_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="schedule_withdrawn_when_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(template_id=None, template_day=None)
                | Q(template_id__isnull=False, template_day__isnull=False),
                name="schedule_of_a_template_has_its_day",
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
    seats = models.PositiveSmallIntegerField(default=1)
    online = models.BooleanField(default=False)
    release_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "type_id", "starts_at"], name="slot_of_type"),
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
            models.CheckConstraint(condition=Q(seats__range=(1, 100)), name="slot_seats_one_to_a_hundred"),
        ]

    @property
    def offer(self) -> tuple[str, str, str, str]:
        """What slots that differ only in their time have in common."""
        schedule = self.schedule
        return schedule.clinician.name, self.type.label, self.mode, schedule.site.name

    @property
    def facts(self) -> SlotFacts:
        """The slot as the booking rules judge it; a query that knows of closures and absences says `shut`."""
        in_the_book = self.status == self.Status.OPEN and not getattr(self, "shut", False)
        offered = self.online and in_the_book and self.type.worded
        when = (self.starts_at, self.ends_at)
        return SlotFacts(self.id, self.schedule_id, self.type_id, self.mode, *when, offered, self.release_at)

    @property
    def day(self) -> date:
        """The day on which it is, by the clock on the practice's wall."""
        return local_day(self.starts_at)
