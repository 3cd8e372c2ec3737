"""The parts that messages about appointments are made of: when, how, whom to ring, and how not to come."""

from datetime import datetime

from django.utils.translation import gettext as _

from patient_online.appointments import queries
from patient_online.appointments.models import Appointment
from patient_online.appointments.notices.links import address_of
from patient_online.appointments.rules.cancel import why_not_cancel
from patient_online.asking import System
from patient_online.nhs.appointments import Mode
from patient_online.nhs.dates import date_text, day_text, time_text
from patient_online.nhs.telephones import phone_text
from patient_online.practices.models import Practice

MOST_OF_A_NAME = 30  # characters of a name in a text, which is two parts long at most


def when(appointment: Appointment) -> str:
    """Day and time, as `Tuesday 3 March at 4:30pm`."""
    return when_text(appointment.slot.starts_at)


def long(appointment: Appointment) -> str:
    """Day and time with the year, as `Tuesday 3 March 2026 at 4:30pm`."""
    return long_text(appointment.slot.starts_at)


def when_text(instant: datetime) -> str:
    """An instant, as `Tuesday 3 March at 4:30pm`."""
    return _("%(day)s at %(time)s") % {"day": day_text(instant), "time": time_text(instant)}


def long_text(instant: datetime) -> str:
    """An instant with the year, as `Tuesday 3 March 2026 at 4:30pm`."""
    return _("%(day)s at %(time)s") % {"day": date_text(instant), "time": time_text(instant)}


def how(appointment: Appointment) -> str:
    """Where to go, or what to wait for."""
    slot = appointment.slot
    if slot.mode == Mode.IN_PERSON:
        site = slot.schedule.site
        place = ", ".join(part for part in (site.name, *site.address, site.postcode) if part)
        return _("Please come to: %(place)s.") % {"place": place}
    if slot.mode == Mode.TELEPHONE:
        return _("It is by telephone. We will call you: keep your telephone near you.")
    if slot.mode == Mode.VIDEO:
        return _("It is by video. You need a telephone or computer with a camera.")
    return _("It is at your home. We will come to you.")


def how_not_to_come(appointment: Appointment, at: datetime) -> str:
    """What to do when one cannot come: a link where the practice lets patients cancel online, else the telephone."""
    if link := _link(appointment, at):
        return _("If you cannot come, cancel it here, so that somebody else can have the time: %(link)s") % {
            "link": link
        }
    return _("If you cannot come, telephone your practice, so that somebody else can have the time.")


def contact(practice: Practice) -> str:
    """Who writes, and the number to ring."""
    if not practice.telephone:
        return practice.name
    return _("%(practice)s, telephone %(number)s") % {
        "practice": practice.name,
        "number": phone_text(practice.telephone),
    }


def short(first: str, appointment: Appointment, at: datetime, *, came: bool = True) -> str:
    """The same for a text: practice, when, how and reference, and unless it is off already, how to give it back."""
    practice = appointment.practice
    named = {"practice": _cut(practice.name), "first": first, "reference": appointment.reference}
    line = _("%(practice)s: %(first)s") % named
    if came:
        line = _("%(line)s, %(how)s") % {"line": line, "how": _how_short(appointment)}
    link = _link(appointment, at) if came else ""
    said = [line + ".", _("Ref %(reference)s.") % named]
    said += [_("Cannot come? Cancel: %(link)s") % {"link": link}] if link else []
    if practice.telephone:
        number = phone_text(practice.telephone)
        said.append((_("or ring %(number)s") if link else _("Ring %(number)s")) % {"number": number})
    return " ".join(said)


def _how_short(appointment: Appointment) -> str:
    slot = appointment.slot
    if slot.mode == Mode.IN_PERSON:
        return _("at %(site)s") % {"site": _cut(slot.schedule.site.name)}
    return {Mode.TELEPHONE: _("by telephone"), Mode.VIDEO: _("by video")}.get(Mode(slot.mode), _("at your home"))


def _link(appointment: Appointment, at: datetime) -> str:
    """The address that gives the appointment back, or nothing when it would not do so any more."""
    facts = queries.cancel_facts(System("notices", appointment.practice_id), appointment)
    return "" if why_not_cancel(facts, at=at) else address_of(appointment.practice_id, appointment.id)


def _cut(name: str) -> str:
    """The beginning of a name, to the end of a word where there is one."""
    if len(name) <= MOST_OF_A_NAME:
        return name
    return name[: MOST_OF_A_NAME + 1].rsplit(" ", 1)[0][:MOST_OF_A_NAME].rstrip(" ,")
