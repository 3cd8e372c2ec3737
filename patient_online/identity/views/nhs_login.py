"""The pages around NHS login: going there, coming back, and what there is to do when it did not work."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.audit.actions import record_account
from patient_online.identity.nhs_login.arrivals import Arrived
from patient_online.identity.nhs_login.coming import CONFIRM, CONNECT, SIGN_IN, STEP_UP, come_back
from patient_online.identity.nhs_login.fetching import Unreachable, Untrue
from patient_online.identity.nhs_login.flow import Declined, Errand, send
from patient_online.identity.nhs_login.ours import NotSetUp, Ours, ours
from patient_online.identity.nhs_login.rules import PROVEN, NotByNhsLogin
from patient_online.identity.nhs_login.rules import SIGN_IN as ANY_LEVEL
from patient_online.identity.second_steps import let_set_up
from patient_online.identity.views.whose import ways_to_confirm_here
from patient_online.refusals import N_, Refused
from patient_online.web.audiences import health_page, public_page
from patient_online.web.page import render

OFF = N_("NHS login is not switched on here")
TROUBLE = {
    "declined": (N_("You did not agree to share your NHS login information"), 200),
    "unreachable": (N_("NHS login does not answer at the moment"), 503),
    "untrue": (N_("We could not sign you in with NHS login"), 403),
    "off": (OFF, 404),
}
GOES_ON = {
    Arrived.ELSEWHERE: N_("We could not find you at a GP practice that uses this service"),
    Arrived.LEFT: N_("You are not registered at this GP practice any more"),
    Arrived.ENDED: N_("Your online access was ended"),
    Arrived.UNPROVEN: N_("NHS login does not know yet who you are"),
}


@public_page
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody to NHS login once they press the button."""
    if request.user.is_authenticated:
        return render(request, "identity/nhs_login_signed_in.jinja", {"title": _("You are signed in already")})
    return _sent(request, SIGN_IN, ANY_LEVEL, _("Continue with NHS login"))


def step_up(request: HttpRequest) -> HttpResponse:
    """Send somebody who is signed in by NHS login there again, to prove who they are."""
    return _sent(request, STEP_UP, PROVEN, _("Prove who you are with NHS login"))


def connect(request: HttpRequest) -> HttpResponse:
    """Let somebody who has an account sign in to it with NHS login too."""
    let_set_up(request)
    return _sent(request, CONNECT, ANY_LEVEL, _("Connect NHS login to your account"))


def confirm(request: HttpRequest) -> HttpResponse:
    """Send somebody whose account has nothing but NHS login there again, to show that it is them."""
    if request.method != "POST" or ways_to_confirm_here(request):
        return redirect("account_reauthenticate")
    return _sent(request, CONFIRM, ANY_LEVEL, _("Confirm with NHS login"))


def _sent(request: HttpRequest, purpose: str, vtr: tuple[str, ...], title: str) -> HttpResponse:
    try:
        if (known := ours()) is None:
            return _trouble(request, "off")
        if request.method != "POST":
            context = {"title": title, "purpose": purpose, "next": _next(request)}
            return render(request, "identity/nhs_login.jinja", context)
        return HttpResponseRedirect(_where(request, known, purpose, vtr))
    except (NotSetUp, Unreachable, Untrue) as error:
        return _turned_back(request, error)


def _where(request: HttpRequest, known: Ours, purpose: str, vtr: tuple[str, ...]) -> str:
    account = "" if purpose == SIGN_IN else str(request.user.pk)
    return send(request.session, known, Errand(purpose, vtr, _next(request), account), at=timezone.now())


@public_page
def returned(request: HttpRequest) -> HttpResponse:
    """Take in whoever comes back from NHS login, and send them on to where they were going."""
    try:
        if (known := ours()) is None:
            return _trouble(request, "off")
        back = come_back(request, known, at=timezone.now())
    except (Declined, NotSetUp, Unreachable, Untrue) as error:
        return _turned_back(request, error)
    except Refused as refused:
        return _refused(request, refused)
    if back.arrived is Arrived.LINKED:
        return redirect(back.next or "home")
    return redirect("nhs_login_what_next", back.arrived.value)


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    _note(request, refused.reason.rule)
    if refused.reason is NotByNhsLogin.CLOSED:
        return redirect("account_inactive")
    context = {"title": _("We could not sign you in with NHS login"), "refused": refused}
    return render(request, "identity/nhs_login_refused.jinja", context, 403)


def _turned_back(request: HttpRequest, error: Exception) -> HttpResponse:
    """Leave a trail of why, and say what to do: not what was wrong, which helps nobody but somebody who tries."""
    _note(request, error.why if isinstance(error, Untrue) else type(error).__name__.lower())
    kinds = {Declined: "declined", Untrue: "untrue"}
    return _trouble(request, kinds.get(type(error), "unreachable"))


def _trouble(request: HttpRequest, what: str) -> HttpResponse:
    title, status = TROUBLE[what]
    return render(request, "identity/nhs_login_trouble.jinja", {"title": _(title), "what": what}, status)


def _note(request: HttpRequest, why: str) -> None:
    account, now = request.user.pk, timezone.now()
    request_id = getattr(request, "id", None)
    record_account("account.nhs_login_failed", account_id=account, at=now, request_id=request_id, why=why)


def what_next(request: HttpRequest, outcome: str) -> HttpResponse:
    """Say to somebody who is signed in, but whom no practice of ours knows as a patient, what they can do."""
    if outcome not in list(GOES_ON):
        raise Http404
    context = {"title": _(GOES_ON[Arrived(outcome)]), "outcome": outcome}
    return render(request, "identity/nhs_login_what_next.jinja", context)


@health_page
def our_keys(request: HttpRequest) -> HttpResponse:
    """Our public key as NHS login reads it; none where it is switched off."""
    try:
        known = ours()
    except NotSetUp:
        known = None
    keys: dict[str, Any] = known.public_keys if known else {"keys": []}
    return JsonResponse(keys, headers={"Cache-Control": "public, max-age=300"})


def _next(request: HttpRequest) -> str:
    """Where they were going, if that is here."""
    wanted = (request.POST.get("next") or request.GET.get("next") or "").strip()
    return wanted if wanted.startswith("/") and get_adapter().is_safe_url(wanted) else ""
