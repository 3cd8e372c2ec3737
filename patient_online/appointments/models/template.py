"""How sessions are made again and again: templates on the clock of the practice's wall, and when they are left out."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.models.book import SlotType
from patient_online.nhs.appointments import Mode
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class SessionTemplate(models.Model):
    """A session that comes again by a pattern of days, at the same time by the clock on the wall.

    `every` counts weeks from the week of `from_day`; `nth` counts within the month, -1 is the last.
    """

    class Pattern(models.TextChoices):
        WEEKLY = "weekly", _("On days of the week")
        NTH_WEEKDAY = "nth-weekday", _("On one weekday of each month")
        NTH_WORKING_DAY = "nth-working-day", _("On one working day of each month")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    name = models.CharField(_("session name"), max_length=100)
    site_id = models.UUIDField()
    site = SamePractice(Site, column="site_id")
    clinician_id = models.UUIDField()
    clinician = SamePractice(StaffMember, column="clinician_id")
    pattern = models.CharField(max_length=15, choices=Pattern, default=Pattern.WEEKLY)
    weekdays = models.JSONField(default=list)
    every = models.PositiveSmallIntegerField(default=1)
    nth = models.SmallIntegerField(default=1)
    except_bank_holidays = models.BooleanField(default=True)
    starts = models.TimeField(_("starts at"))
    from_day = models.DateField(_("first day"))
    to_day = models.DateField(_("last day"), null=True, blank=True)
    made_through = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "site_id"], name="sessiontemplate_at_site"),
            models.Index(fields=["practice", "clinician_id"], name="sessiontemplate_of_clinician"),
        ]
        constraints = [
            InPractice("site", to=Site, name="sessiontemplate_site_of_its_practice"),
            InPractice("clinician", to=StaffMember, name="sessiontemplate_clinician_of_its_practice"),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")), name="sessiontemplate_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(every__range=(1, 8)), name="sessiontemplate_every_one_to_eight_weeks"),
            models.CheckConstraint(
                condition=Q(nth=-1) | Q(nth__range=(1, 23)), name="sessiontemplate_nth_of_a_month_or_last"
            ),
        ]


class TemplatePart(models.Model):
    """A run of alike slots within a template's session, one part after the other."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    template_id = models.UUIDField()
    template = SamePractice(SessionTemplate, column="template_id", related_name="parts")
    position = models.PositiveSmallIntegerField()
    type_id = models.UUIDField(null=True, blank=True)
    type = SamePractice(SlotType, column="type_id", null=True)
    mode = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Mode])
    minutes = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField(default=1)
    seats = models.PositiveSmallIntegerField(default=1)
    online = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["practice", "type_id"], name="templatepart_of_type")]
        constraints = [
            InPractice("template", to=SessionTemplate, name="templatepart_template_of_its_practice"),
            InPractice("type", to=SlotType, name="templatepart_type_of_its_practice"),
            models.UniqueConstraint(fields=["practice", "template_id", "position"], name="templatepart_one_at_a_place"),
            models.CheckConstraint(condition=Q(minutes__range=(1, 480)), name="templatepart_minutes_one_to_480"),
            models.CheckConstraint(condition=Q(count__range=(1, 100)), name="templatepart_count_one_to_a_hundred"),
            models.CheckConstraint(condition=Q(seats__range=(1, 100)), name="templatepart_seats_one_to_a_hundred"),
            # A part without a type is a break.
            models.CheckConstraint(
                condition=Q(type_id__isnull=False) | Q(online=False), name="templatepart_break_not_online"
            ),
        ]


class Absence(models.Model):
    """When a clinician is away, by the clock on the wall: no slot is made for it."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    clinician_id = models.UUIDField()
    clinician = SamePractice(StaffMember, column="clinician_id")
    from_day = models.DateField(_("first day away"))
    to_day = models.DateField(_("last day away"))
    from_time = models.TimeField(_("away on the first day from"), null=True, blank=True)
    to_time = models.TimeField(_("away on the last day until"), null=True, blank=True)
    note = models.CharField(_("note for staff"), max_length=200, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "clinician_id", "from_day"], name="absence_of_clinician")]
        constraints = [
            InPractice("clinician", to=StaffMember, name="absence_clinician_of_its_practice"),
            models.CheckConstraint(
                condition=Q(to_day__gt=F("from_day"))
                | Q(to_day=F("from_day")) & (Q(from_time=None) | Q(to_time=None) | Q(to_time__gt=F("from_time"))),
                name="absence_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="absence_taken_back_when_and_by_whom",
            ),
        ]
