"""An appointment as a calendar file."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patient_online.appointments.models import Appointment
from patient_online.nhs.appointments import Mode
from patient_online.nhs.calendar import calendar_file
from patient_online.practices.models import Practice

A_MINUTE = timedelta(minutes=1)
SUMMARIES = {
    Mode.IN_PERSON: gettext_lazy("Appointment at %(practice)s"),
    Mode.TELEPHONE: gettext_lazy("Telephone appointment: %(practice)s calls you"),
    Mode.VIDEO: gettext_lazy("Video appointment: %(practice)s calls you"),
    Mode.HOME_VISIT: gettext_lazy("%(practice)s visits you at home"),
}


def calendar_file_of(appointment: Appointment, practice: Practice, *, at: datetime) -> bytes:
    """The appointment as a calendar file. It says where, how and when, not what about.

    Its sequence is the minutes since the booking: a file taken later changes, or takes out, what an earlier one put in.
    """
    slot = appointment.slot
    site = slot.schedule.site
    in_person = slot.mode == Mode.IN_PERSON
    advice = _("To cancel or move it, sign in to your practice's online services or telephone your practice.")
    return calendar_file(
        uid=f"{appointment.id}@patient-online",
        summary=SUMMARIES[Mode(slot.mode)] % {"practice": practice.name},
        description=_("Reference: %(reference)s") % {"reference": appointment.reference} + f"\n{advice}",
        location=", ".join([site.name, *site.address, site.postcode]) if in_person else "",
        starts_at=slot.starts_at,
        ends_at=appointment.ends_at,  # type: ignore[attr-defined]
        stamp=at,
        sequence=max(0, (at - appointment.booked_at) // A_MINUTE),
        cancelled=appointment.status == Appointment.Status.CANCELLED,
    )
