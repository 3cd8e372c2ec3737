"""The front door: for who is not signed in, what there is; for who is, what they can do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patient_online.access.audiences import not_linked
from patient_online.access.middleware import asking_of
from patient_online.web.audiences import public_page
from patient_online.web.page import render


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the front door, or what the signed-in person can do; staff go to their practice's day."""
    asking = asking_of(request)
    if asking is None:
        return render(request, "access/front_door.jinja", {"title": _("Your GP practice, online")})
    if asking.acts_for:
        context = {"title": _("What do you want to do?"), "one": asking.acts_for[0], "works": asking.works_at}
        return render(request, "access/home.jinja", context)
    return redirect("appointments:day") if asking.works_at else not_linked(request)
