"""What is true of the appointment book."""

from patient_online.appointments.models.appointment import Appointment
from patient_online.appointments.models.book import Schedule, Slot, SlotType
from patient_online.appointments.models.release import BookingRule, Cohort, CohortMember, for_whom, when_text
from patient_online.appointments.models.template import Absence, SessionTemplate, TemplatePart
from patient_online.appointments.models.unmet import UnmetDemand
from patient_online.appointments.models.withdrawal import Withdrawal, WithdrawnAppointment

__all__ = [
    "Absence",
    "Appointment",
    "BookingRule",
    "Cohort",
    "CohortMember",
    "Schedule",
    "SessionTemplate",
    "Slot",
    "SlotType",
    "TemplatePart",
    "UnmetDemand",
    "Withdrawal",
    "WithdrawnAppointment",
    "for_whom",
    "when_text",
]
