"""What is true of a GP practice: where it is, when it is open, who works there, what it offers and how it decides."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.asking import Role
from patient_online.nhs.services import Level, Service
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Practice(models.Model):
    """A GP practice of England, known by its ODS code, which never changes."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        CLOSED = "closed", _("Closed")
        DORMANT = "dormant", _("Dormant")
        PROPOSED = "proposed", _("Proposed")

    placement = Placement.REFERENCE
    ods_code = models.CharField(_("ODS code"), primary_key=True, max_length=10)
    name = models.CharField(_("name"), max_length=100)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)
    address = models.JSONField(default=list)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A part of the NHS's geography: a primary care network, sub-ICB location, ICB or region, now or formerly."""

    class Kind(models.TextChoices):
        PCN = "pcn", _("Primary care network")
        SUB_ICB = "sub-icb", _("Sub-ICB location (formerly CCG)")
        ICB = "icb", _("Integrated care board (formerly STP)")
        REGION = "region", _("NHS England region")

    placement = Placement.REFERENCE
    code = models.CharField(primary_key=True, max_length=10)
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name or self.code


class PracticeArea(models.Model):
    """The time in which a practice belonged to an area. An unknown start holds as far back as anybody asks."""

    placement = Placement.REFERENCE
    id = models.UUIDField(primary_key=True, default=uuid7)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="areas")
    area = models.ForeignKey(Area, models.PROTECT, related_name="practices")
    from_day = models.DateField(null=True, blank=True)
    to_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "area", "from_day"], nulls_distinct=False, name="practicearea_once_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="practicearea_ends_after_it_starts",
            ),
        ]


class AreaPart(models.Model):
    """The time in which one area was part of a wider one."""

    placement = Placement.REFERENCE
    id = models.UUIDField(primary_key=True, default=uuid7)
    part = models.ForeignKey(Area, models.PROTECT, related_name="wider")
    whole = models.ForeignKey(Area, models.PROTECT, related_name="parts")
    from_day = models.DateField(null=True, blank=True)
    to_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["part", "whole", "from_day"], nulls_distinct=False, name="areapart_once_from_a_day"
            ),
            models.CheckConstraint(condition=~Q(part=F("whole")), name="areapart_not_of_itself"),
            models.CheckConstraint(
                condition=Q(from_day=None) | Q(to_day=None) | Q(to_day__gte=F("from_day")),
                name="areapart_ends_after_it_starts",
            ),
        ]


class ServiceStatus(models.Model):
    """From a day on, a practice does not have an online service, has it but switched off, or has it switched on.

    `ceiling` is the most that any patient may do with it: look, or look and act.
    """

    class Status(models.TextChoices):
        NOT_AVAILABLE = "not-available", _("Not available")
        AVAILABLE = "available", _("Available, not switched on")
        SWITCHED_ON = "switched-on", _("Switched on")

    placement = Placement.REFERENCE
    id = models.UUIDField(primary_key=True, default=uuid7)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="services")
    service = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Service])
    status = models.CharField(max_length=13, choices=Status)
    ceiling = models.CharField(
        max_length=6, choices=[(each.value, each.value) for each in (Level.VIEW, Level.MANAGE)], default=Level.MANAGE
    )
    from_day = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "service", "from_day"], name="servicestatus_one_from_a_day")
        ]


class PolicySetting(models.Model):
    """What a practice chose for one of its policies; where there is no row the default holds (`rules.POLICIES`)."""

    placement = Placement.REFERENCE
    id = models.UUIDField(primary_key=True, default=uuid7)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="policies")
    name = models.CharField(max_length=40)
    value = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="policysetting_one_each")]


class Site(models.Model):
    """A place where a practice sees people."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    name = models.CharField(_("name"), max_length=100)
    address = models.JSONField(default=list)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice"], condition=Q(is_main=True), name="site_one_main"),
            models.UniqueConstraint(fields=["practice", "name"], name="site_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OpeningTime(models.Model):
    """Hours in which a site is open on a day of the week, by the clock on its wall."""

    class Day(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    site_id = models.UUIDField()
    site = SamePractice(Site, column="site_id", related_name="opening_times")
    day = models.PositiveSmallIntegerField(choices=Day)
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        indexes = [models.Index(fields=["practice", "site_id"], name="openingtime_of_site")]
        constraints = [
            InPractice("site", to=Site, name="openingtime_site_of_its_practice"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="openingtime_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(day__range=(1, 7)), name="openingtime_a_day_of_the_week"),
        ]


class StaffMember(models.Model):
    """Somebody who works at a practice, whether or not they sign in."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        UNKNOWN = "unknown", _("Not known")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    account_id = models.UUIDField(null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    job = models.CharField(_("job title"), max_length=80)
    sex = models.CharField(max_length=7, choices=Sex, default=Sex.UNKNOWN)
    sees_patients = models.BooleanField(default=False)
    may_vouch = models.BooleanField(_("may vouch for patients whom they know"), default=False)
    from_day = models.DateField()
    to_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "account_id"],
                condition=Q(account_id__isnull=False, to_day__isnull=True),
                name="staffmember_one_per_account",
            ),
            models.CheckConstraint(
                condition=Q(to_day=None) | Q(to_day__gte=F("from_day")), name="staffmember_leaves_after_starting"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffRole(models.Model):
    """A role that a member of staff has."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "staff_id", "role")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    staff_id = models.UUIDField()
    staff = SamePractice(StaffMember, column="staff_id", related_name="roles")
    role = models.CharField(max_length=30, choices=[(each.value, each.value) for each in Role])

    class Meta:
        constraints = [InPractice("staff", to=StaffMember, name="staffrole_staff_of_its_practice")]
