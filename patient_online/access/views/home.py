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
from patient_online.identity.new_devices import told_once
from patient_online.nhs.services import Level, Service
from patient_online.notify.queries import unread
from patient_online.refusals import N_
from patient_online.web.audiences import public_page
from patient_online.web.page import render

# What apps above put at the top of a patient's home page: a template, and who tells what it shows.
_AT_THE_TOP: list[tuple[str, Callable[[Acting], list[Any]], bool]] = []


def show_at_the_top(template: str, told: Callable[[Acting], list[Any]], *, ends_first: bool = False) -> None:
    """Let the template stand at the top of the home page for what is `told`; said once, when the program starts.

    What `ends_first` stands in the place of the offer to book a first appointment.
    """
    _AT_THE_TOP.append((template, told, ends_first))


def _ways_on(acting: Acting) -> dict[str, Any]:
    """Which tiles there are: none leads to a page that would say no."""
    look, manage = (acting.may(Service.APPOINTMENTS, level) is None for level in (Level.VIEW, Level.MANAGE))
    offered = Service.APPOINTMENTS in acting.switched_on
    ways = {"may_look": look, "may_book": manage, "first_only": not acting.is_known and acting.may_book() is None}
    ways["may_see_details"] = acting.may(Service.DEMOGRAPHICS, Level.VIEW) is None
    return ways | {"offered": offered, "may_read": acting.may_read_inbox() is None, "is_known": acting.is_known}


OF_PROGRAMME = ("access:programme", N_("Online services at GP practices"))


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """Show the front door, or what the signed-in person can do; staff go to the first page for their role."""
    asking = asking_of(request)
    if asking is None:
        return render(request, "access/front_door.jinja", {"title": _("Your GP practice, online")})
    staff = asking.staff()
    work = next(iter(pages_for(staff)), None) if staff else OF_PROGRAMME if asking.of_programme else None
    if asking.acts_for:
        context = {"title": _("What do you want to do?"), "one": asking.acts_for[0], "work": work}
        if acting := asking.acting():
            context |= told(acting) | {"unread": unread(acting), **_ways_on(acting)}
            context["elsewhere"] = told_once(request)
            top = [(template, found(acting), ends) for template, found, ends in _AT_THE_TOP]
            context["at_the_top"] = [(template, found) for template, found, _ends in top]
            context["first_only"] = context["first_only"] and not any(found and ends for _template, found, ends in top)
        return render(request, "access/home.jinja", context)
    return redirect(work[0]) if work else not_linked(request, asking)
