"""What a patient can use, and why not; they ask for more or less, and take a request back."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.access.forms.standing import WantedForm
from patient_online.access.models import AccessRequest
from patient_online.access.queries.requests import has_of, own_request
from patient_online.access.queries.standing import what_one_can_use
from patient_online.access.rules.requests import ASKED_ABOUT, RECORD, NotAsked
from patient_online.asking import NotAllowed
from patient_online.nhs.identity import Identity
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@patient_page
def what_you_can_use(request: PatientRequest) -> HttpResponse:
    """Show each service with how the patient stands to it, what they can do, and what they have asked for."""
    rows = what_one_can_use(request.acting, at=timezone.now())
    context = {"title": _("What you can use"), "rows": rows, "saved": request.GET.get("saved", "")}
    return render(request, "access/standing/list.jinja", context)


@patient_page
def ask(request: PatientRequest, what: str) -> HttpResponse:
    """Let the patient ask the practice for more or less of one service."""
    form = WantedForm(posted(request), what=_known(request, what), is_record=what == RECORD)
    if form.is_valid():
        given = form.cleaned_data
        more = {"words": given["words"], "key": given["key"], "at": timezone.now()}
        try:
            actions.ask_for(form.asked(), by=request.acting, **more)
        except Refused as refused:
            if not isinstance(refused.reason, NotAsked):
                raise
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:what_you_can_use')}?saved=asked")
    context = {"title": _("Ask your practice"), "what": what, "form": form, "button": _("Send to your practice")}
    return render(request, "access/standing/ask.jinja", context)


def _known(request: PatientRequest, what: str) -> str:
    """What may be asked about; raises Refused where the practice does not offer it, or who asks is not known enough."""
    if what not in ASKED_ABOUT:
        raise Http404
    has = has_of(request.acting, what)
    if not has.offered:
        raise Refused(NotAllowed.SERVICE_OFF)
    if has.identity < Identity.P9:
        raise Refused(NotAllowed.IDENTITY_TOO_LOW)
    return what


@patient_page
def withdraw(request: PatientRequest, request_id: UUID) -> HttpResponse:
    """Ask whether the patient is sure, then take the request back."""
    try:
        asked = own_request(request.acting, request_id)
    except AccessRequest.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        actions.withdraw_request(asked, by=request.acting, at=timezone.now())
        return redirect(f"{reverse('access:what_you_can_use')}?saved=withdrawn")
    context = {"title": _("Take back what you asked for"), "asked": asked}
    return render(request, "access/standing/withdraw.jinja", context)
