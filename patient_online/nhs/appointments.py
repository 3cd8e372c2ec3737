"""How the NHS counts appointments: how people meet, and what for.

The strings are those of "Appointments in General Practice", to the byte, since national figures are compared by them.
"""

from enum import StrEnum


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
