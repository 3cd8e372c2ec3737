"""What a patient is told when the practice withdraws or moves their appointment.

Neither message says who the patient or the clinician is, what kind of appointment it is, or why, but in the practice's
own words, which it is told to keep free of that.
"""

from collections.abc import Collection
from copy import copy
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.notices.parts import contact, how, long, long_text, when, when_text
from patient_online.asking import System
from patient_online.nhs.appointments import Mode
from patient_online.notify.kinds import Kind, Told, Words
from patient_online.practices.models import Site


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
    appointment, was = touched.appointment, queries.known_start(_system(told.practice_id), touched)
    if appointment.status != Appointment.Status.CANCELLED:
        return None
    times = queries.times_to_offer(_system(told.practice_id), appointment, touched.was_starts_at, at=at)
    return _withdrawn_words(appointment, was, touched.withdrawal.words, times)


def as_withdrawn(appointment: Appointment, words: str, *, besides: Collection[UUID], at: datetime) -> Words:
    """The message as it would be, were the appointment withdrawn now and the slots `besides` with it."""
    was, system = appointment.slot.starts_at, _system(appointment.practice_id)
    times = queries.times_to_offer(system, appointment, was, at=at, besides=besides)
    return _withdrawn_words(appointment, was, words, times)


def _withdrawn_words(appointment: Appointment, was: datetime, words: str, times: list[datetime]) -> Words:
    day = {"when": when_text(was), "long": long_text(was)}
    subject = _("Your practice has cancelled your appointment on %(when)s") % day
    first = _("Your practice has had to cancel your appointment on %(long)s. We are sorry.") % day
    offered = [_("Free at the moment: %(times)s.") % {"times": "; ".join(map(long_text, times))}] if times else []
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    said = [first, *_own_words(words), *offered, _how_to_book(), reference, contact(appointment.practice)]
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
    return _moved_words(appointment, queries.known_start(_system(told.practice_id), touched), touched.withdrawal.words)


def as_moved(appointment: Appointment, words: str, *, by: timedelta, site: Site | None) -> Words:
    """The message as it would be, were the session moved now by so much, to this site."""
    slot, was = copy(appointment.slot), appointment.slot.starts_at
    slot.schedule = copy(slot.schedule)
    slot.starts_at, slot.ends_at = was + by, slot.ends_at + by
    slot.schedule.site = site or slot.schedule.site
    there = copy(appointment)
    there.slot = slot
    return _moved_words(there, was, words)


def _moved_words(appointment: Appointment, was: datetime, words: str) -> Words:
    day = {"when": when(appointment), "long": long(appointment), "old": long_text(was)}
    subject = _("Your practice has moved your appointment to %(when)s") % day
    first = _("Your practice has had to move your appointment on %(old)s. It is now on %(long)s. We are sorry.") % day
    if appointment.slot.starts_at == was:
        subject = _("Your appointment on %(when)s has changed") % day
        first = _("Your practice has had to change your appointment on %(long)s. The time stays the same.") % day
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    no = _("If you cannot come, sign in to cancel it or to choose another time: %(address)s. Or telephone us.")
    said = [first, *_own_words(words), how(appointment), no % {"address": settings.SERVICE_URL}, reference]
    text = _text(_("your appointment is now on %(when)s.") % day, appointment)
    return Words(subject, (*said, contact(appointment.practice)), text)


def _on_again(told: Told, at: datetime) -> Words | None:
    """It is true as long as the appointment is booked, to come, and the practice has not touched it again."""
    touched = _asked(told)
    if touched is None or touched.appointment.status != Appointment.Status.BOOKED:
        return None
    appointment, system = touched.appointment, _system(told.practice_id)
    if appointment.slot.starts_at <= at or queries.moved_again(system, touched):
        return None
    return on_again_words(appointment)


def on_again_words(appointment: Appointment) -> Words:
    """What somebody is told whose appointment was cancelled by the practice and is on again."""
    day = {"when": when(appointment), "long": long(appointment)}
    subject = _("Your appointment on %(when)s is on again") % day
    first = _("We cancelled your appointment on %(long)s, but now it is on again. Please come.") % day
    if appointment.slot.mode != Mode.IN_PERSON:
        first = _("We cancelled your appointment on %(long)s, but now it is on again.") % day
    reference = _("Reference: %(reference)s.") % {"reference": appointment.reference}
    no = _("If you cannot come, sign in to cancel it or to choose another time: %(address)s. Or telephone us.")
    said = (first, how(appointment), no % {"address": settings.SERVICE_URL}, reference, contact(appointment.practice))
    return Words(subject, said, _text(_("your appointment on %(when)s is on again.") % day, appointment))


def _own_words(words: str) -> list[str]:
    return [words] if words else []


def _how_to_book() -> str:
    said = _("To book another time, sign in at %(address)s or telephone us.")
    return said % {"address": settings.SERVICE_URL}


def _text(said: str, appointment: Appointment) -> str:
    """The same for a text: what happened, its reference, where to choose a time, and whom to ring."""
    named = {"practice": contact(appointment.practice), "said": said, "address": settings.SERVICE_URL}
    named["reference"] = appointment.reference
    return _("%(practice)s: %(said)s Ref %(reference)s. Choose another time at %(address)s or ring us.") % named


WITHDRAWN = Kind("appointment-withdrawn", _withdrawn, must_reach=True)
MOVED_BY_PRACTICE = Kind("appointment-moved-by-practice", _moved, must_reach=True)
ON_AGAIN = Kind("appointment-on-again", _on_again, must_reach=True)
KINDS = (WITHDRAWN, MOVED_BY_PRACTICE, ON_AGAIN)
