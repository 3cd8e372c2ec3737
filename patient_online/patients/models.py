"""A person registered at a practice: who they are and how they are reached."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from patient_online.patients.rules import mark_of
from patient_online.practices.models import Practice, StaffMember
from patient_online.storage.fields import InPractice, SamePractice
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class Patient(models.Model):
    """A registration of one person at one practice. Who moves practice is registered anew there.

    A confirmed address stays in use while `email_new` or `telephone_new` waits to be confirmed in its place.
    `failed_at` says since when nothing arrives there.
    """

    class Sex(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        INDETERMINATE = "indeterminate", _("Indeterminate")
        UNKNOWN = "unknown", _("Not known")

    class Format(models.TextChoices):
        STANDARD = "standard", _("Standard print")
        LARGE_PRINT = "large-print", _("Large print")
        EASY_READ = "easy-read", _("Easy read")
        BRAILLE = "braille", _("Braille")
        AUDIO = "audio", _("Audio")

    class Route(models.TextChoices):
        EMAIL = "email", _("Email")
        TEXT = "text", _("Text message")
        LETTER = "letter", _("Letter")
        NONE = "none", _("No messages")

    placement = Placement.PRACTICE
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    nhs_number = models.CharField(_("NHS number"), max_length=10, null=True, blank=True)
    title = models.CharField(_("title"), max_length=20, blank=True)
    given_name = models.CharField(_("first name"), max_length=60)
    family_name = models.CharField(_("last name"), max_length=60)
    birth_date = models.DateField(_("date of birth"))
    sex = models.CharField(max_length=13, choices=Sex, default=Sex.UNKNOWN)
    address = models.JSONField(default=list)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    telephone_verified_at = models.DateTimeField(null=True, blank=True)
    telephone_new = models.CharField(max_length=20, blank=True)
    telephone_failed_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    email_new = models.EmailField(blank=True)
    email_failed_at = models.DateTimeField(null=True, blank=True)
    contact_by = models.CharField(_("how to tell them"), max_length=6, choices=Route, default=Route.EMAIL)
    language = models.CharField(_("language"), max_length=10, default="en")
    interpreter = models.BooleanField(_("needs an interpreter"), default=False)
    format = models.CharField(_("format of letters"), max_length=11, choices=Format, default=Format.STANDARD)
    registered_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    died_on = models.DateField(null=True, blank=True)
    sensitive = models.BooleanField(_("opened only with a reason"), default=False)

    class Meta:
        indexes = [models.Index(fields=["practice", "family_name", "given_name"], name="patient_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "nhs_number"], condition=Q(left_on=None), name="patient_nhs_number_once_registered"
            ),
            models.CheckConstraint(
                condition=Q(nhs_number=None) | Q(nhs_number__regex=r"^[0-9]{10}$"), name="patient_nhs_number_ten_digits"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("registered_on")), name="patient_leaves_after_registering"
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(died_on__gte=F("birth_date")), name="patient_dies_after_birth"
            ),
            models.CheckConstraint(
                condition=Q(telephone_verified_at=None) | ~Q(telephone=""), name="patient_verified_telephone_is_known"
            ),
            models.CheckConstraint(
                condition=Q(email_verified_at=None) | ~Q(email=""), name="patient_verified_email_is_known"
            ),
            models.CheckConstraint(
                condition=Q(telephone_new="") | Q(telephone_verified_at__isnull=False),
                name="patient_new_telephone_waits_behind_a_verified_one",
            ),
            models.CheckConstraint(
                condition=Q(email_new="") | Q(email_verified_at__isnull=False),
                name="patient_new_email_waits_behind_a_verified_one",
            ),
            models.CheckConstraint(
                condition=Q(telephone_verified_at=None) | Q(telephone_failed_at=None),
                name="patient_verified_telephone_has_not_failed",
            ),
            models.CheckConstraint(
                condition=Q(email_verified_at=None) | Q(email_failed_at=None),
                name="patient_verified_email_has_not_failed",
            ),
        ]

    shut = False  # whether a list shows the name alone (see `queries.glass`)

    @property
    def name(self) -> str:
        """The name as it is spoken and written on letters."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def email_given(self) -> str:
        """The e-mail address that was given last: the new one, where one waits to be confirmed."""
        return self.email_new or self.email

    @property
    def telephone_given(self) -> str:
        """The telephone number that was given last: the new one, where one waits to be confirmed."""
        return self.telephone_new or self.telephone

    @property
    def told_mark(self) -> str:
        """A short mark of how they are reached and told."""
        needs = (self.contact_by, self.format, self.language, self.interpreter)
        return mark_of(self.email_given, self.telephone_given, *needs)


class Opening(models.Model):
    """A member of staff has opened a record that needs a reason: a sensitive one, their own, or one of their family's.

    While it lasts they see what their roles let them see; whoever is responsible for information governance sees this.
    """

    class Why(models.TextChoices):
        SENSITIVE = "sensitive"
        OWN = "own"
        FAMILY = "family"

    placement = Placement.PRACTICE
    append_only = True
    pk = models.CompositePrimaryKey("practice_id", "id")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+", db_index=False)
    id = models.UUIDField(default=uuid7)
    patient_id = models.UUIDField()
    patient = SamePractice(Patient, column="patient_id")
    staff_id = models.UUIDField()
    staff = SamePractice(StaffMember, column="staff_id")
    account_id = models.UUIDField()
    why = models.CharField(max_length=9, choices=Why)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "patient_id", "staff_id", "id"], name="opening_of_patient"),
            models.Index(fields=["practice", "staff_id"], name="opening_by_staff"),
        ]
        constraints = [
            InPractice("patient", to=Patient, name="opening_patient_of_its_practice"),
            InPractice("staff", to=StaffMember, name="opening_staff_of_its_practice"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("at")), name="opening_ends_after_it_starts"),
        ]
