"""Who a page is for: decorators that let in those it is for and tell the others what to do."""

import functools
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from patient_online.access.middleware import asking_of
from patient_online.access.queries import Asking
from patient_online.asking import Acting, Role, Staff
from patient_online.refusals import N_, Refused
from patient_online.web.audiences import View, audience
from patient_online.web.page import render


class PatientRequest(HttpRequest):
    """A request of somebody who acts for a patient."""

    asking: Asking
    acting: Acting


class StaffRequest(HttpRequest):
    """A request of a member of staff."""

    asking: Asking
    staff: Staff


@audience("account")
def account_page(view: View) -> View:
    """A page for anybody who is signed in; no patient needs to be chosen."""
    return _page(view, lambda request, asking: None)


@audience("patient")
def patient_page(view: View) -> View:
    """A page for a patient, or somebody acting for one."""

    def admit(request: Any, asking: Asking) -> HttpResponse | None:
        request.acting = asking.acting(request.id)
        return None if request.acting else not_linked(request)

    return _page(view, admit)


def practice_page(*roles: Role) -> Callable[[View], View]:
    """A page for staff of a practice who have one of the roles; for all of its staff when none is named."""

    def admit(request: Any, asking: Asking) -> HttpResponse | None:
        request.staff = asking.staff(request.id)
        wrong = request.staff is None or (roles and request.staff.roles.isdisjoint(roles))
        return _not_for_you(request) if wrong else None

    @audience("practice")
    def decorate(view: View) -> View:
        page: Any = _page(view, admit)
        page.roles = roles
        return cast(View, page)

    return decorate


def _page(view: View, admit: Callable[[Any, Asking], HttpResponse | None]) -> View:
    @functools.wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asking = asking_of(request)
        if asking is None:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if refusal := admit(request, asking):
            return refusal
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return refused_page(request, refused)

    return page


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page that says no: which rule, whose it is, and what the person can do."""
    return render(request, "access/refused.jinja", {"title": _("You cannot do this online"), "refused": refused}, 403)


def not_linked(request: HttpRequest) -> HttpResponse:
    """The page for who is signed in but linked to no patient."""
    return render(request, "access/not_linked.jinja", {"title": _("Your account is not linked to a practice yet")}, 403)


def _not_for_you(request: HttpRequest) -> HttpResponse:
    return render(request, "access/not_for_you.jinja", {"title": _("This page is for practice staff")}, 403)


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around every page of somebody signed in (a context processor): name, practice, and where to go."""
    asking = asking_of(request) if hasattr(request, "session") else None
    if asking is None or asking.account is None:
        return {}
    if getattr(request, "staff", None):
        return _header(request, asking.account.name, asking.works_at[0].practice_name, STAFF_PAGES)
    if asking.acts_for:
        return _header(request, asking.account.name, asking.acts_for[0].practice_name, PATIENT_PAGES)
    return {"account_name": asking.account.name}


PATIENT_PAGES = [
    ("home", N_("Home")),
    ("appointments:mine", N_("Appointments")),
    ("access:details", N_("Your practice")),
]
STAFF_PAGES = [
    ("appointments:day", N_("Appointment book")),
    ("appointments:words", N_("Words for appointments")),
    ("access:policies", N_("Policies")),
    ("access:services", N_("Online services")),
]


def _header(request: HttpRequest, account: str, practice: str, pages: list[tuple[str, str]]) -> dict[str, Any]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    items = [{"text": _(text), "href": reverse(name), "current": name == here} for name, text in pages]
    return {"account_name": account, "practice_name": practice, "navigation": items}
