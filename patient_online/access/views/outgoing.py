"""What became of the practice's messages, and the letters it has to print. They stand in notify, which stands below."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.asking import Role
from patient_online.nhs.dates import age_on, local_day
from patient_online.notify import actions, queries
from patient_online.notify.forms import NotPrintedForm, PrintedForm
from patient_online.notify.models import Message
from patient_online.notify.providers import routes_here
from patient_online.notify.rules import TROUBLES
from patient_online.patients.queries.glass import veil
from patient_online.web.page import posted, render

DESK = (Role.MANAGER, Role.RECEPTIONIST)
Decision = Callable[..., None]
WRITTEN_TO_FROM = 16  # years of age; of who is younger, the parent or guardian is written to


@practice_page(*DESK)
def messages(request: StaffRequest) -> HttpResponse:
    """Show what waits and what has failed, how old it is and why; and what became of all the others."""
    now = timezone.now()
    context = {
        "rows": queries.not_sent(request.staff, at=now),
        "standing": queries.standing(request.staff, at=now),
        "fence": queries.held_since(request.staff),
        "is_worked_on": queries.is_worked_on(request.staff, at=now),
        "routes": routes_here(),
        "saved": request.GET.get("saved"),
    }
    return render(request, "access/messages.jinja", {"title": _("Messages"), "now": now, "why": TROUBLES, **context})


@practice_page(*DESK)
def try_again(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Send a message that has failed once more, after asking whether that is meant."""
    return _decided(request, message_id, actions.try_again, "again", _("Send this message again?"))


@practice_page(*DESK)
def stop(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """See to it that a message is not sent, after asking whether that is meant."""
    return _decided(request, message_id, actions.stop, "stopped", _("Not send this message?"))


@practice_page(*DESK)
def print_instead(request: StaffRequest, message_id: UUID) -> HttpResponse:
    """Make a letter of a message, after asking whether that is meant."""
    return _decided(request, message_id, actions.print_instead, "letter", _("Print this message as a letter?"))


def _decided(request: StaffRequest, message_id: UUID, do: Decision, saved: str, title: str) -> HttpResponse:
    message = _one(request, message_id)
    if request.method == "POST":
        do(message, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:messages')}?saved={saved}")
    context = {"title": title, "message": message, "decision": saved, "why": TROUBLES}
    return render(request, "access/message_decided.jinja", context)


def _one(request: StaffRequest, message_id: UUID) -> Message:
    try:
        return queries.message_of_practice(request.staff, message_id, at=timezone.now())
    except Message.DoesNotExist as error:
        raise Http404 from error


@practice_page(*DESK)
def letters(request: StaffRequest) -> HttpResponse:
    """Show the letters to be printed, and the latest printings, which can be taken back."""
    return _letters(request)


def _letters(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "letters": queries.letters(request.staff, at=now),
        "printings": queries.printings(request.staff, at=now),
        "saved": request.GET.get("saved"),
    }
    return render(request, "access/letters.jinja", {"title": _("Letters to print"), **context})


@practice_page(*DESK)
def print_letters(request: StaffRequest) -> HttpResponse:
    """Show every letter to be printed, each on a sheet of its own."""
    now = timezone.now()
    waiting = queries.letters(request.staff, at=now)
    shut = veil(request.staff, [each.patient for each in waiting], at=now)
    found = [each for each in waiting if each.patient_id not in shut]
    form = PrintedForm(initial={"letters": ",".join(str(each.id) for each in found)})
    children = {each.id for each in found if age_on(each.patient.birth_date, local_day(now)) < WRITTEN_TO_FROM}
    left = {each.patient_id: each.patient.name for each in waiting if each.patient_id in shut}
    context = {"letters": found, "form": form, "now": now, "children": children, "left": left}
    return render(request, "access/letters_printed.jinja", {"title": _("Print letters"), **context})


@practice_page(*DESK)
def printed(request: StaffRequest) -> HttpResponse:
    """Mark the letters that came out of the printer, after asking whether they did."""
    form = PrintedForm(posted(request))
    if not form.is_valid():
        return _letters(request)
    ids = form.cleaned_data["letters"]
    if form.cleaned_data["sure"]:
        actions.mark_printed(ids, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:letters')}?saved=printed")
    form = PrintedForm(initial={"letters": request.POST["letters"], "sure": True})
    return render(
        request, "access/printed.jinja", {"title": _("Are all letters printed?"), "form": form, "n": len(ids)}
    )


@practice_page(*DESK)
def not_printed(request: StaffRequest) -> HttpResponse:
    """Take back that the letters of one printing were printed."""
    form = NotPrintedForm(posted(request))
    if not form.is_valid():
        return _letters(request)
    actions.not_printed(form.cleaned_data["printed_at"], by=request.staff, at=timezone.now())
    return redirect(f"{reverse('access:letters')}?saved=back")
