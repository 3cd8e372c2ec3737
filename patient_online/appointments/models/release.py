"""Who may book which kind of slot, and from when: release rules as data, and groups of patients."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.models.book import SlotType
from patient_online.appointments.rules.release import RuleFacts
from patient_online.nhs.dates import date_text, time_text
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement

GROWN_UP = 16


class Cohort(models.Model):
    """A group of patients that the practice names, such as those invited to a clinic."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="cohort_name_once")]


class CohortMember(models.Model):
    """A patient who is in a group."""

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    cohort_id = models.UUIDField()
    cohort = SamePractice(Cohort, column="cohort_id", related_name="members")
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["practice", "patient_id"], name="cohortmember_by_patient")]
        constraints = [
            InPractice("cohort", to=Cohort, name="cohortmember_cohort_of_its_practice"),
            InPractice("patient", to=Patient, name="cohortmember_patient_of_its_practice"),
            models.UniqueConstraint(fields=["practice", "cohort_id", "patient_id"], name="cohortmember_once"),
        ]


class BookingRule(models.Model):
    """For whom a kind of slot is online, and from when. One rule that fits is enough; a kind without rules is for all.

    Ages are whole years on the day of the appointment, both included. `days_ahead` counts days before the
    appointment's own day: 0 is on the day. Where there is none the practice's policy decides how far ahead.
    """

    class Sex(models.TextChoices):
        ANY = "", _("Anybody")
        FEMALE = "female", _("Women and girls")
        MALE = "male", _("Men and boys")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    type_id = models.UUIDField()
    type = SamePractice(SlotType, column="type_id", related_name="rules")
    cohort_id = models.UUIDField(null=True, blank=True)
    cohort = SamePractice(Cohort, column="cohort_id", null=True)
    least_age = models.PositiveSmallIntegerField(null=True, blank=True)
    most_age = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, default=Sex.ANY, blank=True)
    days_ahead = models.PositiveSmallIntegerField(null=True, blank=True)
    release_time = models.TimeField(null=True, blank=True)
    embargo_until = models.DateTimeField(null=True, blank=True)
    minimum_notice_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice", "type_id"], name="bookingrule_of_type"),
            models.Index(fields=["practice", "cohort_id"], name="bookingrule_of_cohort"),
        ]
        constraints = [
            InPractice("type", to=SlotType, name="bookingrule_type_of_its_practice"),
            InPractice("cohort", to=Cohort, name="bookingrule_cohort_of_its_practice"),
            models.CheckConstraint(
                condition=Q(least_age=None) | Q(most_age=None) | Q(most_age__gte=F("least_age")),
                name="bookingrule_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(days_ahead=None, release_time=None)
                | Q(days_ahead__isnull=False, release_time__isnull=False),
                name="bookingrule_released_on_a_day_at_a_time",
            ),
        ]

    @property
    def facts(self) -> RuleFacts:
        """The rule as the rules judge it."""
        names = (each.name for each in fields(RuleFacts))
        return RuleFacts(**{name: getattr(self, name) for name in names})

    @property
    def for_whom(self) -> str:
        """Whom it is for, in words for patients: no group is named."""
        invited = gettext("whom the practice has invited") if self.cohort_id else ""
        return " ".join(filter(None, [self._people, self._aged, invited]))

    @property
    def words(self) -> str:
        """The whole rule in words for staff, such as `Women aged 25 to 64, from 7 days ahead at 8am`."""
        group = gettext("in the group “%(group)s”") % {"group": self.cohort.name} if self.cohort_id else ""
        whom = capfirst(" ".join(filter(None, [self._people, self._aged, group])))
        return ", ".join(filter(None, [whom, self._released, self._embargo, self._notice]))

    @property
    def _people(self) -> str:
        grown_up = (self.least_age or 0) >= GROWN_UP
        return {
            self.Sex.FEMALE: gettext("women") if grown_up else gettext("women and girls"),
            self.Sex.MALE: gettext("men") if grown_up else gettext("men and boys"),
        }.get(self.Sex(self.sex)) or (gettext("people") if self._aged or self.cohort_id else gettext("everybody"))

    @property
    def _aged(self) -> str:
        ages = {"least": self.least_age, "most": self.most_age}
        if self.least_age is None and self.most_age is None:
            return ""
        if self.most_age is None:
            return gettext("aged %(least)s or over") % ages
        if self.least_age is None:
            return gettext("aged %(most)s or under") % ages
        words = gettext("aged %(least)s to %(most)s") if self.least_age < self.most_age else gettext("aged %(least)s")
        return words % ages

    @property
    def _released(self) -> str:
        if self.days_ahead is None or self.release_time is None:
            return ""
        time = {"time": time_text(self.release_time), "n": self.days_ahead}
        if not self.days_ahead:
            return gettext("on the day from %(time)s") % time
        days = ngettext("from %(n)s day ahead at %(time)s", "from %(n)s days ahead at %(time)s", self.days_ahead)
        return days % time

    @property
    def _embargo(self) -> str:
        return gettext("not before %(when)s") % {"when": when_text(self.embargo_until)} if self.embargo_until else ""

    @property
    def _notice(self) -> str:
        minutes = self.minimum_notice_minutes
        if minutes is None:
            return ""
        words = ngettext("until %(n)s minute before the start", "until %(n)s minutes before the start", minutes)
        return words % {"n": minutes}


def for_whom(rules: Iterable[BookingRule]) -> str:
    """Whom a kind of slot with these rules is for, in words for patients."""
    return gettext("; or ").join(dict.fromkeys(rule.for_whom for rule in rules))


def when_text(at: datetime) -> str:
    """The instant as `8am on Tuesday 3 March 2026`."""
    return gettext("%(time)s on %(day)s") % {"time": time_text(at), "day": date_text(at)}
