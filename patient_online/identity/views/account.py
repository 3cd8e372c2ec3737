"""The account's own page, closing it, and the pages around signing in and out that allauth does not bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.identity import queries
from patient_online.identity.actions import close_account
from patient_online.identity.forms import CloseForm
from patient_online.identity.mailed_codes import code_sent
from patient_online.identity.owners import told_once
from patient_online.identity.views.email import CONFIRM
from patient_online.identity.views.whose import ask_again_who_it_is, holder_of
from patient_online.web.audiences import public_page
from patient_online.web.page import posted, render


@public_page
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that the person is signed out."""
    return render(request, "identity/signed_out.jinja", {"title": _("You have signed out")})


@public_page
def account_closed(request: HttpRequest) -> HttpResponse:
    """Say that the account can no longer be used."""
    return render(request, "identity/account_closed.jinja", {"title": _("This account is closed")}, 403)


@public_page
def password_changed(request: HttpRequest) -> HttpResponse:
    """Say that the password was changed."""
    return render(request, "identity/password_changed.jinja", {"title": _("Your password has been changed")})


def account(request: HttpRequest) -> HttpResponse:
    """Show the account, and what its holder can change about it."""
    own = queries.own_account(holder_of(request))
    saved = _("Your email address is confirmed.") if request.GET.get("saved") == "email" else ""
    told = told_once(own.id)
    waits = code_sent(request, CONFIRM)
    unconfirmed = waits.email if waits and waits.account == str(own.id) and waits.email != own.email else ""
    shown = {
        "unconfirmed": unconfirmed,
        "told": told,
        "account": own,
        "saved": saved,
        "by_nhs_login": queries.has_nhs_login(holder_of(request)),
    }
    return render(request, "identity/account.jinja", {"title": _("Your account"), **shown})


def close(request: HttpRequest) -> HttpResponse:
    """Say what it means, and close the account when they say so; staff ask their manager."""
    ask_again_who_it_is(request)
    asking: Any = request.asking  # type: ignore[attr-defined]
    form = CloseForm(posted(request))
    if form.is_valid() and not asking.works_at:
        close_account(holder_of(request).account_id, by=holder_of(request), at=timezone.now())
        request.session.flush()
        return redirect("closed")
    shown = {"title": _("Close your account"), "form": form, "works": bool(asking.works_at)}
    return render(request, "identity/close.jinja", shown)


@public_page
def closed(request: HttpRequest) -> HttpResponse:
    """Say that the account is closed."""
    return render(request, "identity/closed.jinja", {"title": _("Your account is closed")})
