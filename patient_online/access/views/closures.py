"""When the practice is closed: entered with a preview, listed, taken back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, practice_page
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import stretch_of
from patient_online.practices import actions, queries
from patient_online.practices.forms import ClosureForm
from patient_online.practices.models import Closure
from patient_online.practices.rules import NotTold
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*ANY_ROLE)
def closures(request: StaffRequest) -> HttpResponse:
    """Show the closures to come and the latest that have been."""
    today, staff = local_day(timezone.now()), request.staff
    coming = [(closure, _withdrawal(closure)) for closure in queries.closures(staff, on=today)]
    saved = next((closure for closure, _link in coming if str(closure.id) == request.GET.get("saved")), None)
    context = {"coming": coming, "been": queries.closures_before(staff, on=today), "saved": saved}
    context |= {"names": queries.staff_names(staff), "taken_back": request.GET.get("taken-back") == "1"}
    return render(request, "access/closures.jinja", {"title": _("Closures"), **context})


def _withdrawal(closure: Closure) -> str:
    """Where the sessions of the closed days are withdrawn, where there is an appointment book."""
    try:
        page = reverse("appointments:withdraw")
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode(stretch_of(closure).asked)}"


@practice_page(Role.MANAGER)
def new_closure(request: StaffRequest) -> HttpResponse:
    """Let a manager say when the practice is closed, with a look at it as patients will see it."""
    form, now = ClosureForm(posted(request)), timezone.now()
    context: dict[str, Any] = {"title": _("Enter a closure"), "form": form, "button": _("Save")}
    asked = request.POST.get("do", "save")
    if form.is_valid() and asked == "save":
        try:
            closure = actions.close(**form.cleaned_data, by=request.staff, at=now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:closures')}?saved={closure.id}")
    elif form.is_valid() and asked == "preview":
        context["preview"] = form.cleaned_data
    return render(request, "access/closure.jinja", context)


@practice_page(Role.MANAGER)
def take_back(request: StaffRequest, closure_id: UUID) -> HttpResponse:
    """Ask a manager whether the practice is open after all, and take the closure back."""
    closure = queries.closure_of(request.staff, closure_id)
    if closure is None:
        raise Http404
    if request.method == "POST":
        actions.take_back_closure(closure, by=request.staff, at=timezone.now())
        return redirect(f"{reverse('access:closures')}?taken-back=1")
    if closure.taken_back_at:
        raise Refused(NotTold.ALREADY_TAKEN_BACK)
    return render(request, "access/closure_taken_back.jinja", {"title": _("Take back a closure"), "closure": closure})
