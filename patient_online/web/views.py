"""The public pages, and a page for each error: what happened, what to do, and a reference to quote."""

import sys
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patient_online.refusals import N_
from patient_online.web.audiences import public_page
from patient_online.web.page import render
from patient_online.web.shares import cookie_name


@dataclass(frozen=True)
class Problem:
    """What an error page says."""

    title: str
    happened: str
    next_step: str


PROBLEMS = {
    400: Problem(
        N_("We could not understand that request"),
        N_("Something in what was sent was not right."),
        N_("Go back, check what you entered and send it again."),
    ),
    403: Problem(
        N_("You cannot see this page"),
        N_("The account that you are using has not been given this page."),
        N_("If you think that you should see it, ask your GP practice."),
    ),
    404: Problem(
        N_("Page not found"),
        N_("The page is not here, or it is not yours to see."),
        N_("If you typed the address, check it. If you pasted it, check that you copied all of it."),
    ),
    405: Problem(
        N_("That cannot be done here"),
        N_("This page was asked for in a way that it does not know."),
        N_("Go to the start page and choose what you want to do from there."),
    ),
    413: Problem(
        N_("That is too much to send at once"),
        N_("What you sent is larger than this service can take. Nothing was changed."),
        N_("Go back, make it shorter or send less, then try again."),
    ),
    429: Problem(
        N_("You have tried too many times"),
        N_("To protect people's accounts, we stop for a while after many tries."),
        N_("Wait a few minutes, then try again. If you need an appointment now, telephone your GP practice."),
    ),
    500: Problem(
        N_("Sorry, there is a problem with the service"),
        N_("Something went wrong on our side. We do not know yet whether your last step was finished."),
        N_("Check before you do it again: go to the start page and look. If it goes on, telephone your GP practice."),
    ),
    503: Problem(
        N_("Sorry, the service is not available"),
        N_("It is not working at the moment."),
        N_("Try again in a few minutes. If it goes on, telephone your GP practice: they can do the same for you."),
    ),
}
FORM_TOO_OLD = Problem(
    N_("This page has been open too long"),
    N_("For your safety we did not use what you sent. Nothing was changed."),
    N_("Go back, load the page again and send it once more. Cookies have to be switched on."),
)
TOO_BUSY = Problem(
    N_("Very many people are using the service at this moment"),
    N_("We could not take your request. Nothing was changed."),
    N_("Wait a few seconds, then load the page again. If you need help now, telephone your GP practice."),
)


MEDIA_TYPES = ["text/html", "application/problem+json", "application/json"]


def problem(request: HttpRequest, status: int, words: Problem | None = None) -> HttpResponse:
    """Answer with the page of an error, or with problem details (RFC 9457) where the client would rather have JSON."""
    words = words or PROBLEMS[status]
    as_json = request.get_preferred_type(MEDIA_TYPES) in MEDIA_TYPES[1:]
    return _said(words, status, str(getattr(request, "id", "")), as_json)


def too_busy(as_json: bool) -> HttpResponse:
    """Say that there are too many people for the moment; made without a request, once for everybody."""
    return _said(TOO_BUSY, 503, "", as_json)


def _said(words: Problem, status: int, reference: str, as_json: bool) -> HttpResponse:
    said = {"title": _(words.title), "happened": _(words.happened), "next_step": _(words.next_step)}
    if as_json:
        body = {"title": said["title"], "detail": f"{said['happened']} {said['next_step']}", "status": status}
        return JsonResponse({**body, "reference": reference}, status=status, content_type="application/problem+json")
    return HttpResponse(_page({**said, "reference": reference}), status=status)


def _page(context: dict[str, str]) -> str:
    """The error page. It is made without the request, so it needs neither session nor database nor who is asking."""
    try:
        return get_template("web/problem.jinja").render(dict(context))
    except Exception:  # whatever is broken, the person still gets a page
        texts = (context["happened"], context["next_step"], f"{_('Reference')}: {context['reference']}")
        paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts)
        title = escape(context["title"])
        return f'<!DOCTYPE html><html lang="en"><title>{title}</title><main><h1>{title}</h1>{paragraphs}</main></html>'


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a request made no sense, or that it was too large (handler400)."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return problem(request, 413 if too_large else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the page is not for this person (handler403)."""
    return problem(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page (handler404)."""
    return problem(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours, or that the service is away when its database does not answer (handler500)."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return problem(request, 500)
    page = problem(request, 503)
    page["Retry-After"] = "60"
    return page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old to be trusted (CSRF_FAILURE_VIEW)."""
    return problem(request, 403, FORM_TOO_OLD)


def too_many_tries(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that somebody has tried too often for now."""
    return problem(request, 429)


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Who can use these pages, what is not right yet, and how to say so."""
    return render(request, "web/accessibility.jinja", {"title": _("Accessibility statement")})


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a person and which cookies are set."""
    signs = "__Host-signs" if settings.SESSION_COOKIE_SECURE else "signs"
    device = "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"
    cookies = (
        (settings.SESSION_COOKIE_NAME, _("Keeps you signed in. It goes when you sign out.")),
        (settings.CSRF_COOKIE_NAME, _("Makes sure that what is sent in your name was sent from these pages.")),
        (
            device,
            _("Remembers for a year that you signed in here. Strangers who guess passwords cannot lock you out then."),
        ),
        (signs, _("Remembers for an hour that you have read the signs of an emergency.")),
        (cookie_name(), _("Gives each GP practice its fair share of this website when many people come at once.")),
    )
    return render(request, "web/privacy.jinja", {"title": _("Privacy and cookies"), "cookies": cookies})


@public_page
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """How to do the same without going online."""
    return render(request, "web/offline.jinja", {"title": _("Help without going online")})


@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this service is and which version of it runs."""
    return render(request, "web/about.jinja", {"title": _("About this service")})
