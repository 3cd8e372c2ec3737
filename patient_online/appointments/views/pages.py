"""What the appointment pages share: the search, the words of a form, a refusal shown with other times."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest
from patient_online.appointments import actions, queries
from patient_online.appointments.forms import BookingForm, WishForm
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules import NotBooked, NotCancelled
from patient_online.appointments.rules import why_not_cancel as why_not
from patient_online.nhs.appointments import Mode
from patient_online.nhs.calendar import calendar_file
from patient_online.nhs.dates import local_day
from patient_online.nhs.telephones import phone_text
from patient_online.patients.queries import telephone_of
from patient_online.practices.models import Practice
from patient_online.practices.queries import policies
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

FORTNIGHT = timedelta(days=14)
RED_FLAGS_HOLD = timedelta(hours=1)
ANOTHER_TIME_HELPS = {
    NotBooked.JUST_TAKEN,
    NotBooked.NOT_OFFERED,
    NotBooked.NOT_RELEASED,
    NotBooked.IN_THE_PAST,
    NotBooked.TOO_SOON,
    NotBooked.TOO_FAR_AHEAD,
    NotBooked.CLASHES,
    NotBooked.NOT_TOGETHER,
}


def found(request: PatientRequest) -> dict[str, Any]:
    """The free appointments that the request asks for: days with counts, one day's slots, and the pages around."""
    now, acting = timezone.now(), request.acting
    today = local_day(now)
    form = WishForm(request.GET, queries.choices_online(acting, at=now))
    last_day = local_day(now + timedelta(days=policies(acting)["book_ahead_days"]))
    day = _day(request.GET.get("day"))
    first = min(max(_day(request.GET.get("from")) or day or today, today), last_day)
    wish = form.wish(first, first + FORTNIGHT - timedelta(days=1))
    days = queries.days_with_free_slots(acting, wish, at=now)
    day = day if day in days else next(iter(days), None)
    slots = queries.slots_free(acting, form.wish(day, day), at=now) if day else []
    return {
        "search": form,
        "days": days,
        "day": day,
        "slots": slots,
        "wish": wish,
        "earlier": max(first - FORTNIGHT, today) if first > today else None,
        "later": first + FORTNIGHT if first + FORTNIGHT <= last_day else None,
        "next_free": None if days else queries.next_free_day(acting, wish, at=now),
        "next_release": None if days else queries.next_release(acting, at=now),
        "asked": _asked(request),
    }


def _asked(request: PatientRequest) -> str:
    """What the patient chose, to be carried in links: without the day and the fortnight."""
    chosen = request.GET.copy()
    for name in ("day", "from"):
        chosen.pop(name, None)
    return chosen.urlencode()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def red_flags_seen_at(request: PatientRequest) -> datetime | None:
    """When the patient last went past the signs of an emergency, if that was within the hour."""
    text = request.session.get("red_flags_seen_at")
    seen_at = datetime.fromisoformat(text) if text else None
    return seen_at if seen_at and timezone.now() - seen_at < RED_FLAGS_HOLD else None


def slot_online(request: PatientRequest, slot_id: UUID) -> Slot:
    """The slot, if it is online: a page may be open for longer than the practice offers it. Raises Refused."""
    slot = queries.slots_online(request.acting).filter(id=slot_id).first()
    if slot is None:
        raise Refused(NotBooked.NOT_OFFERED)
    return slot


def booking_form(request: PatientRequest, slot: Slot) -> BookingForm:
    """The form to book the slot; who comes from another time that was gone finds in it what they typed there."""
    comes_from_another = "instead" in request.POST
    return BookingForm(
        None if comes_from_another else posted(request),
        mode=slot.mode,
        lengths=lengths(slot, queries.slot_following(request.acting, slot, at=timezone.now())),
        initial=_known(request, slot) | (_typed(request) if comes_from_another else {}),
    )


def _typed(request: PatientRequest) -> dict[str, Any]:
    names = set(BookingForm.base_fields) & set(request.POST) - {"key", "length"}
    return {name: request.POST[name] for name in names}


def _known(request: PatientRequest, slot: Slot) -> dict[str, Any]:
    """What we know already, so that nobody types it again: for telephone and video, the patient's number."""
    if slot.mode not in (Mode.TELEPHONE, Mode.VIDEO):
        return {}
    number = telephone_of(request.acting, at=timezone.now())
    return {"telephone": phone_text(number) if number else ""}


def lengths(slot: Slot, following: Slot | None) -> list[tuple[str, str]]:
    """How long the appointment may be: one slot, or two where the next one is free and of the same kind."""
    minutes = _minutes(slot)
    single = ("1", _("%(minutes)s minutes") % {"minutes": minutes})
    if following is None:
        return [single]
    double = _("%(minutes)s minutes (a double appointment)") % {"minutes": minutes + _minutes(following)}
    return [single, ("2", double)]


def _minutes(slot: Slot) -> int:
    return int((slot.ends_at - slot.starts_at).total_seconds()) // 60


def book(request: PatientRequest, slot: Slot, form: BookingForm, seen_at: datetime) -> Appointment:
    """Book the slot with what the patient said; raises Refused."""
    given = form.cleaned_data
    telephone, keep = given.get("telephone", ""), given.get("keep_telephone", False)
    return actions.book(
        slot,
        by=request.acting,
        key=given["key"],
        at=timezone.now(),
        words=actions.Words(given["reason"], given["comment"], telephone, keep),
        length=int(given["length"]),
        red_flags_seen_at=seen_at,
    )


def refused(request: PatientRequest, template: str, context: dict[str, Any], no: Refused) -> HttpResponse:
    """The page again, with why not, what to do, and other times where there are some; nothing typed is lost."""
    form = context["form"]
    add_refusal(form, no)
    # Pressed again, it is another request, which may find that the reason no longer holds.
    form.data = {**form.data.dict(), "key": str(uuid7())}
    if no.reason in ANOTHER_TIME_HELPS:
        context["nearest"] = queries.slots_nearest(request.acting, context["slot"], at=timezone.now())
    return render(request, template, context, 409)


def appointment_or_404(request: PatientRequest, appointment_id: UUID) -> Appointment:
    """The patient's appointment, or the page that says there is none."""
    try:
        return queries.appointment_of(request.acting, appointment_id, at=timezone.now())
    except Appointment.DoesNotExist:
        raise Http404 from None


def why_not_cancel(request: PatientRequest, appointment: Appointment) -> NotCancelled | None:
    """Why the appointment cannot be cancelled or moved now, or None."""
    return why_not(queries.cancel_facts(request.acting, appointment), at=timezone.now())


def calendar_file_of(appointment: Appointment, practice: Practice, *, at: datetime) -> bytes:
    """The appointment as a calendar file. It says where and when, not what about."""
    slot = appointment.slot
    site = slot.schedule.site
    return calendar_file(
        uid=f"{appointment.id}@patient-online",
        summary=_("Appointment at %(practice)s") % {"practice": practice.name},
        description=_("To cancel or move it, sign in to your practice's online services or telephone your practice."),
        location=", ".join([site.name, *site.address, site.postcode]),
        starts_at=slot.starts_at,
        ends_at=appointment.ends_at,  # type: ignore[attr-defined]
        stamp=at,
        cancelled=appointment.status == Appointment.Status.CANCELLED,
    )
