"""Who a page is for: decorators that let in those it is for and tell the others what to do."""

import functools
from collections.abc import Callable, Collection
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patient_online.access.late_forms import drop_what_is_sent, sign_in_first
from patient_online.access.middleware import asking_of, time_left
from patient_online.access.queries import Asking
from patient_online.asking import Acting, Analyst, NotAllowed, Role, Staff
from patient_online.audit.actions import record, record_account
from patient_online.identity.models import Account
from patient_online.patients.rules import Shut
from patient_online.practices.queries import ways_to_book
from patient_online.refusals import N_, Refused
from patient_online.web.audiences import View, audience
from patient_online.web.page import render
from patient_online.web.searches import onward

METHODS = ("GET", "HEAD", "POST")
ANY_ROLE = tuple(Role)  # pages that show no patient, for everybody who has work here


class PatientRequest(HttpRequest):
    """A request of somebody who acts for a patient."""

    asking: Asking
    acting: Acting


class StaffRequest(HttpRequest):
    """A request of a member of staff."""

    asking: Asking
    staff: Staff


class ProgrammeRequest(HttpRequest):
    """A request of somebody of the national programme."""

    asking: Asking
    analyst: Analyst


@audience("account")
def account_page(view: View) -> View:
    """A page for anybody who is signed in; no patient needs to be chosen."""
    return _page(view, lambda request, asking: None, keeps_forms=False)


@audience("patient")
def patient_page(view: View) -> View:
    """A page for a patient, or somebody acting for one."""

    def admit(request: Any, asking: Asking) -> NotAllowed | None:
        request.acting = asking.acting(request.id)
        return None if request.acting else NotAllowed.NOT_LINKED

    return _page(view, admit)


def practice_page(*roles: Role) -> Callable[[View], View]:
    """A page for staff of a practice who have one of the roles: each page names them (`ANY_ROLE` for all there are)."""
    if not roles:
        raise ValueError("A practice page names the roles that it is for.")

    def admit(request: Any, asking: Asking) -> NotAllowed | None:
        if asking.works_at and not asking.two_steps_at_work:
            return NotAllowed.SECOND_STEP
        request.staff = asking.staff(request.id)
        return None if request.staff and _has_one_of(roles, request.staff) else NotAllowed.ROLE_NEEDED

    @audience("practice")
    def decorate(view: View) -> View:
        page: Any = _page(view, admit)
        page.roles = roles
        return cast(View, page)

    return decorate


@audience("programme")
def programme_page(view: View) -> View:
    """A page for the national programme: counts, and no patient."""

    def admit(request: Any, asking: Asking) -> NotAllowed | None:
        if asking.of_programme and not asking.two_steps_at_work:
            return NotAllowed.SECOND_STEP
        request.analyst = asking.analyst(request.id)
        return None if request.analyst else NotAllowed.ROLE_NEEDED

    return _page(view, admit)


def _has_one_of(roles: Collection[Role], staff: Staff) -> bool:
    return not staff.roles.isdisjoint(roles)


def _page(view: View, admit: Callable[[Any, Asking], NotAllowed | None], *, keeps_forms: bool = True) -> View:
    @functools.wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        asking = asking_of(request)
        if asking is None:
            return sign_in_first(request, page)
        drop_what_is_sent(request, asking.account_id)
        if reason := admit(request, asking):
            _note(request, asking, "page.refused", refused_by=reason.rule)
            return _turned_away(request, asking, reason)
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if not refused.recorded:
                _note(request, asking, "page.refused", refused_by=refused.reason.rule)
            return _ask_why(request, refused) or refused_page(request, refused)
        except Http404:
            _note(request, asking, "page.not_found", subject=_first_id(kwargs))
            raise

    page.keeps_forms = getattr(view, "keeps_forms", keeps_forms)  # type: ignore[attr-defined]
    return page


def _turned_away(request: HttpRequest, asking: Asking, reason: NotAllowed) -> HttpResponse:
    if reason is NotAllowed.NOT_LINKED:
        return not_linked(request, asking)
    return _show_second_step(request) if reason is NotAllowed.SECOND_STEP else _not_for_you(request)


def _show_second_step(request: HttpRequest) -> HttpResponse:
    """The page for who works with patients' details and has shown a password alone: why, and where to go on."""
    return render(request, "access/second_step.jinja", {"title": _("Show your second step first")}, 403)


def _ask_why(request: HttpRequest, refused: Refused) -> HttpResponse | None:
    """To the page that asks for the reason, where a record is opened only with one; from there back again."""
    if refused.reason is not Shut.REASON_NEEDED:
        return None
    back = {"next": onward(request)} if request.method == "GET" else {}
    return redirect(f"{reverse('access:open_record', args=[refused.facts['patient']])}?{urlencode(back)}")


def _note(request: Any, asking: Asking, event: str, **more: Any) -> None:
    """Put into the trail that somebody signed in was turned away, and from which page: its name, not its address."""
    by = getattr(request, "staff", None) or getattr(request, "acting", None) or asking.acting(request.id)
    by, now = by or asking.staff(request.id), timezone.now()
    route = request.resolver_match.view_name
    if by:
        record(event, by=by, at=now, route=route, **more)
    else:
        record_account(event, account_id=asking.account_id, at=now, request_id=request.id, route=route, **more)


def _first_id(named: dict[str, Any]) -> UUID | None:
    return next((value for value in named.values() if isinstance(value, UUID)), None)


def refused_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page that says no: which rule, whose it is, and what the person can do."""
    acting = getattr(request, "acting", None)
    context = {"title": _("You cannot do this online"), "refused": refused}
    return render(request, "access/refused.jinja", {**context, "ways": ways_to_book(acting) if acting else []}, 403)


def not_linked(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The page for who is signed in but linked to no patient: staff on a patient's page, or somebody new."""
    if asking.works_at:
        return render(request, "access/for_patients.jinja", {"title": _("This page is for patients")}, 403)
    return render(request, "access/not_linked.jinja", {"title": _("Your account is not linked to a practice yet")}, 403)


def _not_for_you(request: HttpRequest) -> HttpResponse:
    is_staff = getattr(request, "staff", None)
    title = _("Your role does not include this") if is_staff else _("This page is for practice staff")
    return render(request, "access/not_for_you.jinja", {"title": title}, 403)


def around(request: HttpRequest) -> dict[str, Any]:
    """What stands around every page of somebody signed in (a context processor): name, practice, and where to go."""
    asking = asking_of(request) if hasattr(request, "session") else None
    if asking is None or asking.account is None:
        return {}
    return {"session_left": time_left(asking, now_seen=True).seconds, **_around(request, asking, asking.account)}


def _around(request: HttpRequest, asking: Asking, account: Account) -> dict[str, Any]:
    if staff := getattr(request, "staff", None):
        return _header(request, account.name, asking.works_at[0].practice_name, pages_for(staff))
    if asking.acts_for:
        return _header(request, account.name, asking.acts_for[0].practice_name, PATIENT_PAGES)
    return {"account_name": account.name}


PATIENT_PAGES = [
    ("home", N_("Home")),
    ("appointments:mine", N_("Appointments")),
    ("access:inbox", N_("Messages")),
    ("access:details", N_("Your practice")),
]
STAFF_PAGES = [
    ("appointments:day", N_("Appointment book")),
    ("appointments:patients", N_("Patients")),
    ("access:work", N_("Work list")),
    ("appointments:withdrawn", N_("To be seen to")),
    ("access:messages", N_("Messages")),
    ("access:setup", N_("Set up")),
]


def pages_for(staff: Staff) -> list[tuple[str, str]]:
    """The staff pages that somebody with these roles may open, with what each is called; the first is their start."""
    return [page for page in STAFF_PAGES if may_open(staff, page[0])]


def may_open(staff: Staff, name: str) -> bool:
    """Whether one of these roles opens the page of this name."""
    return _has_one_of(_roles_of(settings.ROOT_URLCONF, name), staff)


@functools.cache
def _roles_of(urls: str, name: str) -> Collection[Role]:
    roles: Collection[Role] = resolve(reverse(name)).func.roles  # type: ignore[attr-defined]
    return roles


def _header(request: HttpRequest, account: str, practice: str, pages: list[tuple[str, str]]) -> dict[str, Any]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    items = _navigation(settings.ROOT_URLCONF, get_language(), tuple(pages), here)
    return {"account_name": account, "practice_name": practice, "navigation": items}


@functools.lru_cache(maxsize=2048)
def _navigation(urls: str, language: str | None, pages: tuple[tuple[str, str], ...], here: str) -> list[dict[str, Any]]:
    """Where to go from here, the same for all who may open these pages."""
    return [{"text": _(text), "href": reverse(name), "current": name == here} for name, text in pages]
