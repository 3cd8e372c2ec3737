"""The front door: for who is not signed in, what there is; for who is, what they can do."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patient_online.access.audiences import not_linked, pages_for
from patient_online.access.middleware import asking_of
from patient_online.access.views.notices import told
from patient_online.asking import Acting
from patient_online.notify.queries import unread
from patient_online.web.audiences import public_page
from patient_online.web.page import render

# What apps above put at the top of a patient's home page: a template, and who tells what it shows.
_AT_THE_TOP: list[tuple[str, Callable[[Acting], list[Any]]]] = []


def show_at_the_top(template: str, told: Callable[[Acting], list[Any]]) -> None:
    """Let the template stand at the top of the home page for what is `told`; said once, when the program starts."""
    _AT_THE_TOP.append((template, told))


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the front door, or what the signed-in person can do; staff go to the first page for their role."""
    asking = asking_of(request)
    if asking is None:
        return render(request, "access/front_door.jinja", {"title": _("Your GP practice, online")})
    staff = asking.staff()
    work = pages_for(staff)[0] if staff else None
    if asking.acts_for:
        context = {"title": _("What do you want to do?"), "one": asking.acts_for[0], "work": work}
        if acting := asking.acting():
            context |= told(acting) | {"unread": unread(acting)}
            context["at_the_top"] = [(template, found(acting)) for template, found in _AT_THE_TOP]
        return render(request, "access/home.jinja", context)
    return redirect(work[0]) if work else not_linked(request, asking)
