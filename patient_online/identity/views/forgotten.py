"""Ways back in: by a code that comes by e-mail, or by one on a letter from the practice. Then a new password."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.identity import notices, queries
from patient_online.identity.actions import choose_password as choose_it
from patient_online.identity.actions import know_device, take_back, try_once, try_way_in
from patient_online.identity.forms import CodeForm, EmailForm, NewPasswordForm, WayInForm
from patient_online.identity.going_on import going_to, keep_going_to
from patient_online.identity.guarding import bucket, mark, network_of, new_mark, place_of
from patient_online.identity.mailed_codes import code_fits, code_sent, eight_signs, forget_code, send_code
from patient_online.identity.rules import FROM_A_NETWORK, GIVEN_A_WAY_IN
from patient_online.identity.views.whose import anyone_of
from patient_online.storage.codes import grouped
from patient_online.web.audiences import public_page
from patient_online.web.page import posted, render

RESET = "code_for_a_new_password"
MAY_CHOOSE = "may_choose_a_password"
LASTS = timedelta(minutes=15)


@public_page
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for the address and send a code there; the same answer whether an account has it or not."""
    keep_going_to(request)
    form = EmailForm(posted(request))
    if form.is_valid():
        email, code = form.cleaned_data["email"], eight_signs()
        account = queries.account_named(anyone_of(request), email)
        known = account if account and account.is_active and account.email == email.lower() else None
        mail = notices.reset_code(grouped(code)) if known else notices.no_account()
        kept = code if known else eight_signs()
        if send_code(request, RESET, kept, mail, to=email, account=known.id if known else ""):
            return redirect("forgotten_code")
        form.add_error("email", _("Too many emails were sent. Wait an hour, then try again."))
    return render(request, "identity/forgotten.jinja", {"title": _("Forgotten your password?"), "form": form})


@public_page
def forgotten_code(request: HttpRequest) -> HttpResponse:
    """Take the code from the e-mail."""
    if (sent := code_sent(request, RESET)) is None:
        return redirect("forgotten_password")
    form = CodeForm(posted(request))
    if form.is_valid():
        if code_fits(request, sent, form.cleaned_data["code"]) and sent.account:
            forget_code(request, RESET)
            return _let_choose(request, sent.account, "")
        form.add_error("code", _("This code is not right or has run out. Check it, or start again."))
    return render(request, "identity/forgotten_code.jinja", {"title": _("Check your email"), "form": form})


@public_page
def way_in(request: HttpRequest) -> HttpResponse:
    """Take the code from a letter; whatever is wrong, the answer is one."""
    keep_going_to(request)
    form = WayInForm(posted(request))
    if form.is_valid():
        by, at, known = anyone_of(request), timezone.now(), form.cleaned_data
        key = bucket(FROM_A_NETWORK.kind, network_of(request))
        held = try_once(key, FROM_A_NETWORK, by=by, at=at).held_until
        if not held and (way := try_way_in(known["login"], known["code"], by=by, at=at)):
            take_back([key], by=by, at=at)
            return _let_choose(request, str(way.account_id), str(way.id))
        form.add_error(None, _not_together())
    return render(request, "identity/way_in.jinja", {"title": _("Use the code from your letter"), "form": form})


@public_page
def choose_password(request: HttpRequest) -> HttpResponse:
    """Take a new password from who has shown a code, and let them sign in with it: the second step is still needed."""
    let: dict[str, Any] = request.session.get(MAY_CHOOSE) or {}
    if not let or datetime.fromisoformat(let["until"]) < timezone.now():
        return redirect("forgotten_password")
    form = NewPasswordForm(posted(request), account=queries.account_let_in(anyone_of(request), UUID(let["account"])))
    if form.is_valid():
        del request.session[MAY_CHOOSE]
        given: dict[str, Any] = {"way_id": UUID(let["way"]) if let["way"] else None}
        password, by = form.cleaned_data["password"], anyone_of(request)
        if choose_it(UUID(let["account"]), password, by=by, at=timezone.now(), **given):
            if let["way"]:  # a practice has made sure who it is: a second step that is set up next counts at once
                request.session[GIVEN_A_WAY_IN] = let["account"]
            return _known_here(request, UUID(let["account"]))
        return redirect("way_in")
    return render(request, "identity/choose_password.jinja", {"title": _("Choose a new password"), "form": form})


@public_page
def password_chosen(request: HttpRequest) -> HttpResponse:
    """Say that the new password holds."""
    context = {"title": _("Your new password is set"), "next": going_to(request)}
    return render(request, "identity/password_chosen.jinja", context)


def _known_here(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Go on, in a browser that is known from now on: who guesses at the old password holds its owner back no more."""
    place, response = place_of(request), redirect("password_chosen")
    place = replace(place, device=place.device or new_mark())
    know_device(account_id, place, by=anyone_of(request), at=timezone.now())
    mark(response, place.device)
    return response


def _let_choose(request: HttpRequest, account: str, way: str) -> HttpResponse:
    request.session.cycle_key()
    until = (timezone.now() + LASTS).isoformat()
    request.session[MAY_CHOOSE] = {"account": account, "way": way, "until": until}
    return redirect("choose_password")


def _not_together() -> str:
    return _(
        "We cannot let you in with these. Check your letter, then try again. The code may have run out or been used:"
        " your GP practice can give you another."
    )
