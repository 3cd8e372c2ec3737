"""A patient's inbox: everything that the practice has told them, whichever way it went."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.notify import actions, queries
from patient_online.notify.models import Message
from patient_online.web.page import render


@patient_page
def inbox(request: PatientRequest) -> HttpResponse:
    """Show what the practice has told the patient, the latest first."""
    found = queries.inbox(request.acting, at=timezone.now())
    return render(request, "access/inbox.jinja", {"title": _("Messages"), "messages": found})


@patient_page
def message(request: PatientRequest, message_id: UUID) -> HttpResponse:
    """Show one message; from now on it is read."""
    try:
        found = queries.inbox_message(request.acting, message_id)
    except Message.DoesNotExist as error:
        raise Http404 from error
    actions.mark_read(found, by=request.acting, at=timezone.now())
    return render(request, "access/message.jinja", {"title": found.subject, "message": found})
