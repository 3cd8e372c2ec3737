"""How the NHS counts appointments: how people meet, what for, and how long after booking.

The strings are those of "Appointments in General Practice", to the byte, since national figures are compared by them.
"""

from datetime import date
from enum import StrEnum

from patient_online.nhs.dates import whole_day


class Mode(StrEnum):
    """How patient and clinician meet."""

    IN_PERSON = "in-person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    HOME_VISIT = "home-visit"


class NationalCategory(StrEnum):
    """The national slot category: what an appointment is for, in the words published for care-related encounters."""

    GENERAL_CONSULTATION_ACUTE = "General Consultation Acute"
    GENERAL_CONSULTATION_ROUTINE = "General Consultation Routine"
    UNPLANNED_CLINICAL_ACTIVITY = "Unplanned Clinical Activity"
    CLINICAL_TRIAGE = "Clinical Triage"
    WALK_IN = "Walk-in"
    HOME_VISIT = "Home Visit"
    CARE_HOME_VISIT = "Care Home Visit"
    CARE_HOME_ROUND = "Patient contact during Care Home Round"
    CARE_HOME_NEEDS_ASSESSMENT = "Care Home Needs Assessment & Personalised Care and Support Planning"
    PLANNED_CLINICS = "Planned Clinics"
    PLANNED_CLINICAL_PROCEDURE = "Planned Clinical Procedure"
    STRUCTURED_MEDICATION_REVIEW = "Structured Medication Review"
    SOCIAL_PRESCRIBING_SERVICE = "Social Prescribing Service"
    GROUP_CONSULTATION = "Group Consultation and Group Education"
    EXTERNAL_SERVICE = "Service provided by organisation external to the practice"
    NON_CONTRACTUAL_WORK = "Non-contractual chargeable work"
    INCONSISTENT_MAPPING = "Inconsistent Mapping"
    UNMAPPED = "Unmapped"

    @property
    def is_mapped(self) -> bool:
        """Whether this says what a slot is for; the last two only say, in published figures, that nobody did."""
        return self not in (NationalCategory.INCONSISTENT_MAPPING, NationalCategory.UNMAPPED)


class LeadTime(StrEnum):
    """The published steps of TIME_BETWEEN_BOOK_AND_APPT; three of them have two spaces, and so must ours."""

    SAME_DAY = "Same Day"
    ONE_DAY = "1 Day"
    UP_TO_7_DAYS = "2 to 7 Days"
    UP_TO_14_DAYS = "8  to 14 Days"
    UP_TO_21_DAYS = "15  to 21 Days"
    UP_TO_28_DAYS = "22  to 28 Days"
    OVER_28_DAYS = "More than 28 Days"
    UNKNOWN = "Unknown / Data Quality"


_UP_TO = (
    (0, LeadTime.SAME_DAY),
    (1, LeadTime.ONE_DAY),
    (7, LeadTime.UP_TO_7_DAYS),
    (14, LeadTime.UP_TO_14_DAYS),
    (21, LeadTime.UP_TO_21_DAYS),
    (28, LeadTime.UP_TO_28_DAYS),
)


def lead_time(booked_day: date | None, appointment_day: date | None) -> LeadTime:
    """The published step between two days in England; unknown when one is missing or they are the wrong way round."""
    if booked_day is None or appointment_day is None:
        return LeadTime.UNKNOWN
    days = (whole_day(appointment_day) - whole_day(booked_day)).days
    if days < 0:
        return LeadTime.UNKNOWN
    return next((step for most, step in _UP_TO if days <= most), LeadTime.OVER_28_DAYS)
