"""The desk lets somebody back in who has forgotten their password: with a code on paper, after a check."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions.way_back import MAY_LET_IN, let_back_in
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.queries.way_back import account_of, link_checked, way_back_facts
from patient_online.access.rules.way_back import why_no_way_back
from patient_online.nhs.dates import local_day
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.practices.queries import practice_of
from patient_online.storage.codes import grouped
from patient_online.web.page import render


@practice_page(*MAY_LET_IN)
def way_back(request: StaffRequest, patient_id: UUID, link_id: UUID) -> HttpResponse:
    """Ask whether a letter is to be made with which the patient chooses a new password; then show it, this once."""
    now = timezone.now()
    try:
        patient = patient_seen(request.staff, patient_id, at=now)
    except Patient.DoesNotExist:
        raise Http404 from None
    link = link_checked(request.staff, patient_id, link_id)
    account = account_of(request.staff, link) if link else None
    if link is None or account is None:
        raise Http404
    context = {"title": _("A way back into their account"), "patient": patient, "now": now}
    if request.method == "POST":
        lost = request.POST.get("lost") == "yes"
        given = let_back_in(link, lost=lost, by=request.staff, at=now)
        context |= {"lost": lost, "large": request.POST.get("large") == "yes", "code": grouped(given.code)}
        context |= {"ends_at": given.ends_at, "name": grouped(account.sign_in_name)}
        context |= {"practice": practice_of(request.staff), "address": f"{settings.SERVICE_URL}/way-in"}
        return render(request, "access/registering/way_back_printed.jinja", context)
    facts = way_back_facts(request.staff, link, at=now)
    context["refusal"] = why_no_way_back(facts, today=local_day(now))
    return render(request, "access/registering/way_back.jinja", context)
