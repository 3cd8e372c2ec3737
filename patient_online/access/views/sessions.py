"""How long one is signed in yet, where else, and what was sent too late."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patient_online.access import actions, queries
from patient_online.access.audiences import account_page
from patient_online.access.kept_forms import in_words
from patient_online.access.late_forms import KEPT, keep
from patient_online.access.middleware import asking_of, by_a_script, time_left
from patient_online.access.sessions import hash_of
from patient_online.asking import AccountHolder
from patient_online.identity.guarding import device_of
from patient_online.web.audiences import public_page
from patient_online.web.browsers import browser_text
from patient_online.web.marks import FIELD, read_mark
from patient_online.web.page import render
from patient_online.web.views import csrf_failure


@public_page
@by_a_script
@require_safe
def seconds_left(request: HttpRequest) -> HttpResponse:
    """Tell the page's script how long its reader is signed in yet. To ask gives no time."""
    told = time_left(asking_of(request))
    return JsonResponse({"left": told.seconds, "can_stay": told.can_stay}, headers={"Cache-Control": "no-store"})


@account_page
def stay(request: Any) -> HttpResponse:
    """Give somebody more time, at one press; to a script that asks for no page, say only that it is done."""
    if request.method == "POST" and request.get_preferred_type(["text/html", "application/json"]) != "text/html":
        return HttpResponse(status=204)
    until = timezone.now() + timedelta(seconds=time_left(request.asking, now_seen=True).seconds)
    context = {"until": until, "stayed": request.method == "POST"}
    return render(request, "access/sessions/stay.jinja", {"title": _("You are signed in"), **context})


@account_page
def devices(request: Any) -> HttpResponse:
    """Show where the account is signed in; sign it out there when its owner says so."""
    holder, now = AccountHolder(request.asking.account_id, request.id), timezone.now()
    if request.method == "POST":
        return _sign_out(request, holder)
    rows = queries.signed_in_on(holder, key_hash=_hash(request), at=now)
    each = [(one, browser_text(one.device)) for one in rows]
    context = {"title": _("Where you are signed in"), "devices": each, "done": request.GET.get("done")}
    return render(request, "access/sessions/devices.jinja", context)


def _sign_out(request: Any, holder: AccountHolder) -> HttpResponseRedirect:
    asked, now = request.POST.get("session", ""), timezone.now()
    if asked == "others":
        actions.sign_out_others(by=holder, at=now, this=_hash(request), device=device_of(request))
    elif session_id := _id(asked):
        actions.sign_out_one(session_id, by=holder, at=now)
    return redirect(f"{reverse('access:devices')}?done={'others' if asked == 'others' else 'one'}")


@account_page
def send_again(request: Any) -> HttpResponse:
    """Show what was sent when the session was over, and let its owner send it now, or not."""
    holder = AccountHolder(request.asking.account_id, request.id)
    if request.method == "POST":
        actions.drop_form(_hash(request), request.POST.get(KEPT, ""), by=holder, at=timezone.now())
        return redirect("access:send_again")
    forms = [(form, in_words(form["path"], form["fields"])) for form in queries.forms_kept(holder, _hash(request))]
    title = _("You were signed out before this was saved") if forms else _("There is nothing left to send")
    return render(request, "access/sessions/send_again.jinja", {"title": title, "forms": forms, "field": KEPT})


@public_page
def form_too_old(request: Any, reason: str = "") -> HttpResponse:
    """Offer to send again what was sent from a page of this account made before the last sign-in; refuse all else."""
    asking, mark = asking_of(request), read_mark(request.POST.get(FIELD, ""))
    ours = mark and asking and mark.account_id == asking.account_id and reason.startswith("CSRF")
    if ours and request.resolver_match and keep(request, request.resolver_match.func, None):
        return redirect("access:send_again")
    return csrf_failure(request, reason)


def _hash(request: Any) -> str:
    return hash_of(request.session.session_key or "")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
