"""What can happen in the appointment book. One function, one thing, one transaction."""

from patient_online.appointments.actions.booking import book, cancel, rearrange, show_red_flags
from patient_online.appointments.actions.taking import Words
from patient_online.appointments.actions.words import word_slot_type

__all__ = ["Words", "book", "cancel", "rearrange", "show_red_flags", "word_slot_type"]
