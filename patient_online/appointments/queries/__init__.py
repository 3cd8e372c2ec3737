"""What may be seen of the appointment book. The first argument is who asks."""

from patient_online.appointments.queries.booking import (
    appointment_to_change,
    booking_facts,
    cancel_facts,
    patient_for_booking,
    slots_for_booking,
)
from patient_online.appointments.queries.seen import (
    appointment_of,
    appointments_of,
    day_list,
    past,
    slot_types,
    upcoming,
)
from patient_online.appointments.queries.slots import (
    BOOKED,
    LONGEST_SEARCH,
    NEAREST,
    NextRelease,
    Wish,
    choices_online,
    days_with_free_slots,
    next_release,
    slot_following,
    slots_bookable,
    slots_free,
    slots_nearest,
    slots_online,
)

__all__ = [
    "BOOKED",
    "LONGEST_SEARCH",
    "NEAREST",
    "NextRelease",
    "Wish",
    "appointment_of",
    "appointment_to_change",
    "appointments_of",
    "booking_facts",
    "cancel_facts",
    "choices_online",
    "day_list",
    "days_with_free_slots",
    "next_release",
    "past",
    "patient_for_booking",
    "slot_following",
    "slot_types",
    "slots_bookable",
    "slots_for_booking",
    "slots_free",
    "slots_nearest",
    "slots_online",
    "upcoming",
]
