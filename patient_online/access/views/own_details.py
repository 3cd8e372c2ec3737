"""A patient's own details: what the practice keeps, and asking it to put a name or address right."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions.amending import ask_to_amend, withdraw_amendment
from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.access.forms.amending import AmendForm
from patient_online.access.models import DetailsRequest
from patient_online.access.queries.amending import details_asked
from patient_online.access.rules.amending import NotAmended, why_may_not_ask
from patient_online.asking import NotAllowed
from patient_online.nhs.services import Level, Service
from patient_online.patients.amending import Details, details_of
from patient_online.patients.queries import own_details as details_kept
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@patient_page
def own_details(request: PatientRequest) -> HttpResponse:
    """Show who the practice thinks the patient is, and what became of what they asked for.

    Who is not known well enough to see it may still ask for a change: nothing that is kept is shown to them.
    """
    acting, now = request.acting, timezone.now()
    context: dict[str, Any] = {"may_ask": why_may_not_ask(acting) is None, "saved": request.GET.get("saved")}
    if _sees(request):
        context["patient"] = details_kept(acting, at=now)
    context["asked"] = details_asked(acting, at=now)
    return render(request, "access/own/details.jinja", {"title": _("Your details"), **context})


def _sees(request: PatientRequest) -> bool:
    """Whether what is kept may be shown. Raises Refused where not even asking for a change is allowed."""
    why_not = request.acting.may(Service.DEMOGRAPHICS, Level.VIEW)
    if why_not is NotAllowed.IDENTITY_TOO_LOW and why_may_not_ask(request.acting) is None:
        return False
    if why_not:
        raise Refused(why_not)
    return True


@patient_page
def amend(request: PatientRequest) -> HttpResponse:
    """Let the patient ask that their name or address be put right."""
    if refusal := why_may_not_ask(request.acting):
        raise Refused(refusal)
    if request.method != "POST" and _waits(request):
        return redirect(f"{reverse('access:own_details')}?saved=waits")
    form = AmendForm(posted(request), known=_known(request))
    if form.is_valid():
        given = {"words": form.cleaned_data["words"], "key": form.cleaned_data["key"]}
        try:
            ask_to_amend(form.details(), **given, by=request.acting, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:own_details')}?saved=asked")
    context = {"form": form, "button": _("Ask your practice"), "back": reverse("access:own_details")}
    return render(request, "access/own/amend.jinja", {"title": _("Change your name or address"), **context})


def _waits(request: PatientRequest) -> bool:
    """Whether the practice has not answered yet what they asked for before."""
    asked = details_asked(request.acting, at=timezone.now())
    return asked is not None and asked.status == DetailsRequest.Status.PENDING


def _known(request: PatientRequest) -> Details | None:
    return details_of(details_kept(request.acting, at=timezone.now())) if _sees(request) else None


@patient_page
def withdraw(request: PatientRequest) -> HttpResponse:
    """Ask whether the patient takes their request back, and take it back."""
    now = timezone.now()
    asked = details_asked(request.acting, at=now)
    if asked is None:
        raise Http404
    if request.method == "POST":
        withdraw_amendment(asked, by=request.acting, at=now)
        return redirect(f"{reverse('access:own_details')}?saved=withdrawn")
    if asked.status != DetailsRequest.Status.PENDING:
        raise Refused(NotAmended.NOTHING_WAITS)
    return render(request, "access/own/withdraw.jinja", {"title": _("Take back your request"), "asked": asked})
