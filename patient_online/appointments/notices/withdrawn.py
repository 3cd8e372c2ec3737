"""What a patient is told when the practice withdraws or moves their appointment.

Neither message says who the patient or the clinician is, what kind of appointment it is, or why, but in the practice's
own words, which it is told to keep free of that.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.notices.parts import contact, how, long, when
from patient_online.asking import System
from patient_online.nhs.dates import date_text, day_text, time_text
from patient_online.notify.kinds import Kind, Told, Words


def _asked(told: Told) -> WithdrawnAppointment | None:
    assert told.about is not None  # a message of these kinds is always about an appointment that was touched
    return queries.withdrawn_told(_system(told.practice_id), told.about)


def _system(practice_id: str) -> System:
    return System("notices", practice_id)


def _withdrawn(told: Told, at: datetime) -> Words | None:
    """It stays true that it was withdrawn, unless the time has passed or the appointment stands after all."""
    touched = _asked(told)
    if touched is None or touched.was_starts_at <= at:
        return None
    appointment = touched.appointment
    if appointment.status != Appointment.Status.CANCELLED:
        return None
    day = {"when": _when(touched.was_starts_at), "long": _long(touched.was_starts_at)}
    subject = _("Your practice has cancelled your appointment on %(when)s") % day
    first = _("Your practice has had to cancel your appointment on %(long)s. We are sorry.") % day
    times = queries.times_to_offer(_system(told.practice_id), appointment, touched.was_starts_at, at=at)
    offered = [_("Free at the moment: %(times)s.") % {"times": "; ".join(map(_long, times))}] if times else []
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    said = [first, *_own_words(touched), *offered, _how_to_book(), reference, contact(appointment.practice)]
    text = _text(_("your appointment on %(when)s is cancelled.") % day, appointment)
    return Words(subject, tuple(said), text, at_once=tuple(offered))


def _moved(told: Told, at: datetime) -> Words | None:
    """It is true as long as the appointment is booked, to come, and where this move has put it."""
    touched = _asked(told)
    if touched is None or touched.appointment.status != Appointment.Status.BOOKED:
        return None
    appointment = touched.appointment
    if appointment.slot.starts_at <= at or queries.moved_again(_system(told.practice_id), touched):
        return None
    day = {"when": when(appointment), "long": long(appointment), "old": _long(touched.was_starts_at)}
    subject = _("Your practice has moved your appointment to %(when)s") % day
    first = _("Your practice has had to move your appointment on %(old)s. It is now on %(long)s. We are sorry.") % day
    if appointment.slot.starts_at == touched.was_starts_at:
        subject = _("Your appointment on %(when)s has changed") % day
        first = _("Your practice has had to change your appointment on %(long)s. The time stays the same.") % day
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    no = _("If you cannot come, sign in to cancel it or to choose another time: %(address)s. Or telephone us.")
    said = [first, *_own_words(touched), how(appointment), no % {"address": settings.SERVICE_URL}, reference]
    text = _text(_("your appointment is now on %(when)s.") % day, appointment)
    return Words(subject, (*said, contact(appointment.practice)), text)


def _own_words(touched: WithdrawnAppointment) -> list[str]:
    return [touched.withdrawal.words] if touched.withdrawal.words else []


def _how_to_book() -> str:
    said = _("To book another time, sign in at %(address)s or telephone us.")
    return said % {"address": settings.SERVICE_URL}


def _text(said: str, appointment: Appointment) -> str:
    """The same for a text: what happened, its reference, where to choose a time, and whom to ring."""
    named = {"practice": contact(appointment.practice), "said": said, "address": settings.SERVICE_URL}
    named["reference"] = appointment.reference
    return _("%(practice)s: %(said)s Ref %(reference)s. Choose another time at %(address)s or ring us.") % named


def _when(instant: datetime) -> str:
    return _("%(day)s at %(time)s") % {"day": day_text(instant), "time": time_text(instant)}


def _long(instant: datetime) -> str:
    return _("%(day)s at %(time)s") % {"day": date_text(instant), "time": time_text(instant)}


WITHDRAWN = Kind("appointment-withdrawn", _withdrawn, must_reach=True)
MOVED_BY_PRACTICE = Kind("appointment-moved-by-practice", _moved, must_reach=True)
KINDS = (WITHDRAWN, MOVED_BY_PRACTICE)
