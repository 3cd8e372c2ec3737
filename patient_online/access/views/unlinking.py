"""An account that is not a patient's is unlinked from them at the desk."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access import actions
from patient_online.access.actions.ending import MAY_END
from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms.unlinking import UnlinkForm
from patient_online.access.models import Link
from patient_online.access.queries.online import accounts_of
from patient_online.access.views.online import patient_or_404, saved
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*MAY_END)
def end_link(request: StaffRequest, patient_id: UUID, account_id: UUID) -> HttpResponse:
    """Ask why, and whether it is meant; then end all that the account may do for the patient."""
    patient = patient_or_404(request, patient_id)
    account = next((each for each in accounts_of(request.staff, patient) if each.link.account_id == account_id), None)
    if account is None:
        raise Http404
    form = UnlinkForm(posted(request))
    if form.is_valid():
        try:
            why = Link.Why(form.cleaned_data["reason"])
            actions.end_link(patient, account_id=account_id, why=why, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return saved(patient_id, "unlinked")
    context = {"title": _("End this account for the patient?"), "patient": patient, "account": account, "form": form}
    return render(request, "access/online/end_link.jinja", context | {"button": _("End it")})
