"""How a time stands for a patient, in the few words that staff use: the patient's own sentence says more."""

from patient_online.appointments.rules.booking import NotBooked
from patient_online.refusals import N_

CAN_BE_BOOKED = N_("Can be booked")
STANDS = {
    NotBooked.JUST_TAKEN: N_("Booked"),
    NotBooked.MOVED: N_("Moved"),
    NotBooked.NOT_OFFERED: N_("Not online"),
    NotBooked.NOT_RELEASED: N_("Not released yet"),
    NotBooked.NOT_FOR_YOU: N_("Not for this patient"),
    NotBooked.IN_THE_PAST: N_("Has started"),
    NotBooked.TOO_SOON: N_("Too late to book online"),
    NotBooked.TOO_FAR_AHEAD: N_("Too far ahead"),
    NotBooked.LIMIT_REACHED: N_("The patient has as many as they may"),
    NotBooked.LIMIT_OF_KIND_REACHED: N_("The patient has as many of this kind as they may"),
    NotBooked.CLASHES: N_("The patient has another appointment then"),
    NotBooked.NOT_TOGETHER: N_("Not as a longer appointment"),
    NotBooked.ONLY_A_FIRST: N_("Only a first appointment"),
    NotBooked.NOT_REGISTERED: N_("No longer registered here"),
    NotBooked.TELEPHONE_NEEDED: N_("Needs a telephone number"),
    NotBooked.SIGNS_NOT_READ: N_("Signs of an emergency not read"),
    NotBooked.TOO_LONG: N_("Too much was written"),
}


def stands(refusal: NotBooked | None) -> str:
    """How a time stands of which a patient is told this refusal, or none; not translated yet."""
    return STANDS[refusal] if refusal else CAN_BE_BOOKED
