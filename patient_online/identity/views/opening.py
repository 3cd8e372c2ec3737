"""Opening an account: a name, a password, and an e-mail address or none."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.identity import notices, queries
from patient_online.identity.actions import open_account as open_it
from patient_online.identity.actions import try_once
from patient_online.identity.forms import OpenAccountForm, WrittenDownForm
from patient_online.identity.going_on import gone_on, keep_going_to
from patient_online.identity.guarding import bucket, network_of
from patient_online.identity.mailed_codes import send_code, six_digits
from patient_online.identity.rules import ACCOUNTS_FROM_A_NETWORK
from patient_online.identity.views.email import CONFIRM
from patient_online.identity.views.whose import anyone_of, holder_of
from patient_online.web.audiences import public_page, signed_in
from patient_online.web.page import posted, render


@public_page
def open_account(request: HttpRequest) -> HttpResponseBase:
    """Open an account and sign in to it; an address that has one already gets word, and the page is the same."""
    if signed_in(request):
        return redirect("account")
    keep_going_to(request)
    form = OpenAccountForm(posted(request))
    if form.is_valid():
        if _too_many(request):
            form.add_error(None, _("Too many accounts were opened here. Wait an hour, then try again."))
        else:
            return _opened(request, form)
    return render(request, "identity/open_account.jinja", {"title": _("Open an account"), "form": form})


def _too_many(request: HttpRequest) -> bool:
    key = bucket(ACCOUNTS_FROM_A_NETWORK.kind, network_of(request))
    tried = try_once(key, ACCOUNTS_FROM_A_NETWORK, by=anyone_of(request), at=timezone.now())
    return tried.held_until is not None


def _opened(request: HttpRequest, form: OpenAccountForm) -> HttpResponseBase:
    known, by, at = form.cleaned_data, anyone_of(request), timezone.now()
    account = open_it(known["name"], password=known["password"], by=by, at=at)
    login = Login(user=account, signup=True, redirect_url="/")
    signing_in: HttpResponse = perform_password_login(request, {"username": account.sign_in_name}, login)
    if known["email"]:
        code, taken = six_digits(), queries.account_named(by, known["email"])
        mail = notices.address_taken() if taken else notices.confirm_code(code)
        send_code(request, CONFIRM, six_digits() if taken else code, mail, to=known["email"], account=account.id)
    signing_in["Location"] = redirect("confirm_email" if known["email"] else "sign_in_name").url
    return signing_in


def sign_in_name(request: HttpRequest) -> HttpResponse:
    """Show the sign-in name in large letters, to be printed or written down."""
    form = WrittenDownForm(posted(request))
    if form.is_valid():
        return redirect(gone_on(request) or "home")
    account = queries.own_account(holder_of(request))
    shown = {"title": _("Your sign-in name"), "form": form, "account": account}
    return render(request, "identity/sign_in_name.jinja", shown)
