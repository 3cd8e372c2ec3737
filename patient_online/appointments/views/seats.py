"""What the desk's pages share: whom and which slot an address names, and how the patient asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext

from patient_online.access.audiences import StaffRequest
from patient_online.appointments import queries
from patient_online.appointments.forms.desk import BookForForm, CancelForForm, MoveForForm
from patient_online.appointments.models import Appointment, Slot, when_text
from patient_online.appointments.rules.booking import NotBooked, why_not_as_seen
from patient_online.asking import Channel, Staff
from patient_online.nhs.dates import day_read
from patient_online.nhs.telephones import phone_text
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal, show_instead
from patient_online.web.page import posted

REMEMBERED = "asked_through"
ONE_CALL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Look:
    """What the desk is to look at before somebody is put into the slot: that it is full, clashes, is shut, and more.

    `online` is what the rules that bind patients would say, `other` what is not as it was before it is moved.
    """

    full: bool
    clashes: Sequence[Appointment]
    shut: bool
    online: queries.Answer
    other: Sequence[str] = ()

    @property
    def asks(self) -> dict[str, bool]:
        """What the form is to ask because of it; one yes on purpose is enough."""
        against = self.shut or self.online.refusal is not None
        alone = not self.full and not self.clashes
        return {
            "full": self.full,
            "clashes": bool(self.clashes),
            "against": against and alone,
            "other": bool(self.other),
        }


def patient_or_404(request: StaffRequest, patient_id: UUID) -> Patient:
    """The patient of the practice, or the page that says there is none."""
    try:
        return patient_seen(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None


def appointment_or_404(request: StaffRequest, patient_id: UUID, appointment_id: UUID) -> Appointment:
    """The patient's appointment, or the page that says there is none."""
    try:
        return queries.appointment_at_desk(request.staff, patient_id, appointment_id, at=timezone.now())
    except Appointment.DoesNotExist:
        raise Http404 from None


def slot_or_404(request: StaffRequest, slot_id: UUID) -> Slot:
    """The slot of the practice's book, whoever has it, or the page that says there is none."""
    slot: Slot | None = queries.slots_at_desk(request.staff).filter(id=slot_id).first()
    if slot is None:
        raise Http404
    return slot


def slot_named(request: StaffRequest, text: str | None) -> Slot | None:
    """The slot that somebody came from in the day's list, if they came from one."""
    slot_id = id_named(text)
    return queries.slots_at_desk(request.staff).filter(id=slot_id).first() if slot_id else None


def made_before(request: StaffRequest, patient_id: UUID) -> Appointment | None:
    """The appointment that this same page made when it was sent before; None when it was not, or was refused."""
    key = id_named(request.POST.get("key"))
    return queries.made_at_desk(request.staff, patient_id, key) if key else None


def id_named(text: str | None) -> UUID | None:
    """The id that an address or a form names, or None."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def day_named(text: str | None, otherwise: date) -> date:
    """The day that an address names, or another one."""
    try:
        return day_read(text or "")
    except ValueError:
        return otherwise


def staff_through(request: StaffRequest, patient_id: UUID, channel: str) -> Staff:
    """Who is at the desk, with how the patient asked; that is remembered while it is still the same conversation."""
    request.session[REMEMBERED] = [str(patient_id), channel, timezone.now().isoformat()]
    return replace(request.staff, channel=Channel(channel))


def asked_through(request: StaffRequest, patient_id: UUID) -> str:
    """How this patient asked a few minutes ago, or nothing: what nobody said is not counted as if somebody had."""
    remembered = request.session.get(REMEMBERED)
    if not isinstance(remembered, list):
        return ""
    whom, channel, when = remembered
    lately = timezone.now() - datetime.fromisoformat(when) < ONE_CALL
    return str(channel) if whom == str(patient_id) and lately else ""


def cancel_form(request: StaffRequest, patient_id: UUID) -> CancelForForm:
    """The form to cancel for a patient."""
    return CancelForForm(posted(request), initial={"channel": asked_through(request, patient_id)})


def look_at(request: StaffRequest, patient: Patient, slot: Slot, besides: Appointment | None = None) -> Look:
    """What is to be looked at before the patient is put into the slot; `besides` is the appointment that is moved."""
    old = besides.id if besides else None
    return Look(
        full=is_full(slot),
        clashes=queries.clashing(request.staff, patient.id, slot, besides=old),
        shut=queries.shut_then(request.staff, slot),
        online=queries.online_would_say(request.staff, [slot], patient=patient, at=timezone.now(), besides=besides),
        other=_other(besides.slot, slot) if besides else (),
    )


def _other(old: Slot, new: Slot) -> list[str]:
    """In what a moved appointment would be another than it was, beside the time and the clinician's name."""
    what, job, mode = old.type_id != new.type_id, old.schedule.clinician.job, old.mode != new.mode
    parts = (("what", what), ("with", job != new.schedule.clinician.job), ("how", mode))
    return [name for name, differs in parts if differs]


def book_form(request: StaffRequest, patient: Patient, slot: Slot, *, look: Look, again: bool) -> BookForForm:
    """The form to book the slot for the patient; it asks no more than this slot needs, and nothing new sent `again`."""
    number = phone_text(patient.telephone) if patient.telephone else ""
    initial = {"channel": asked_through(request, patient.id), "telephone": number, "length": "1"}
    initial |= _starts(slot)
    lengths = _lengths(request, slot)
    form = BookForForm(posted(request), mode=slot.mode, lengths=lengths, initial=initial)
    form.ask(**look.asks, again=again)
    return form


def move_form(request: StaffRequest, patient_id: UUID, slot: Slot, *, look: Look, again: bool) -> MoveForForm:
    """The form to move the appointment to the slot."""
    form = MoveForForm(posted(request), initial={"channel": asked_through(request, patient_id)} | _starts(slot))
    form.ask(**look.asks, again=again)
    return form


def _starts(slot: Slot) -> dict[str, str]:
    return {"starts": slot.starts_at.isoformat()}


def check_seen(slot: Slot, form: BookForForm | MoveForForm, made: Appointment | None) -> None:
    """Raise Refused where the slot has been moved since the desk looked at it and told the patient the time.

    What this same page did when it was sent before was done with the time that was on it.
    """
    if made is None and (no := why_not_as_seen(seen=form.cleaned_data["starts"], starts_at=slot.starts_at)):
        raise Refused(no, when=when_text(slot.starts_at))


def is_full(slot: Slot) -> bool:
    """Whether one more in the slot would be an extra."""
    return bool(slot.used >= slot.seats)  # type: ignore[attr-defined]


def is_shut(slot: Slot) -> bool:
    """Whether the practice is closed then, or the clinician away: of a slot of a day's times."""
    return bool(slot.closed or slot.away)  # type: ignore[attr-defined]


def _lengths(request: StaffRequest, slot: Slot) -> list[tuple[str, str]]:
    """How long it may be: the slot, and the free ones after it. A length that was posted is for the rules to judge."""
    together = queries.slots_from(request.staff, slot)
    asked = request.POST.get("length", "")
    number = max(len(together), int(asked) if asked in ("2", "3", "4") else 1)
    slot_minutes = int((slot.ends_at - slot.starts_at).total_seconds()) // 60
    minutes = [(n, slot_minutes * n) for n in range(1, number + 1)]
    return [(str(n), ngettext("%(num)s minute", "%(num)s minutes", each) % {"num": each}) for n, each in minutes]


def refuse_slot(
    request: StaffRequest, form: BookForForm | MoveForForm, refused: Refused, slot: Slot, *, look: Look
) -> Slot:
    """Put on the form why not; the slot is given back as it is now, for it may have been moved."""
    add_refusal(form, refused)
    form.ask(**look.asks)
    if refused.reason is NotBooked.MOVED:
        slot = slot_or_404(request, slot.id)
        show_instead(form, **_starts(slot))
    return slot


def to_booked(appointment: Appointment) -> HttpResponse:
    """To the page that says how the appointment stands."""
    return redirect("appointments:booked_for", appointment.patient_id, appointment.id)
