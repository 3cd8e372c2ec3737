"""Those whom withdrawals touched, until somebody has seen to each of them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.withdraw import SettleForm
from patient_online.appointments.views.withdraw import DESK
from patient_online.web.page import posted, render


@practice_page(*DESK)
def withdrawn(request: StaffRequest) -> HttpResponse:
    """Show whom withdrawals touched and whether they know; tick those who are seen to."""
    now, form = timezone.now(), SettleForm(posted(request))
    if form.is_valid():
        touched = queries.touched_of(request.staff).filter(id=form.cleaned_data["touched"]).first()
        if touched:
            actions.settle(touched, done=form.cleaned_data["done"], by=request.staff, at=now)
        return redirect(f"{reverse('appointments:withdrawn')}?saved=1")
    context = {"title": _("To be seen to"), "touched": queries.withdrawn_list(request.staff, at=now)}
    context["sessions"] = queries.sessions_withdrawn(request.staff, at=now)
    context["done"] = queries.withdrawal_done(request.staff, done) if (done := _id(request, "done")) else None
    return render(request, "appointments/withdrawn.jinja", context)


def _id(request: StaffRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
