"""An account's e-mail address: another one is confirmed by a code that is sent there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from patient_online.identity import notices, queries
from patient_online.identity.actions import confirm_email as confirm_it
from patient_online.identity.forms import CodeForm, EmailForm
from patient_online.identity.going_on import gone_on
from patient_online.identity.mailed_codes import MailedCode, code_fits, code_sent, forget_code, send_code, six_digits
from patient_online.identity.views.whose import ask_again_who_it_is, holder_of
from patient_online.web.page import posted, render
from patient_online.web.views import problem

CONFIRM = "code_to_confirm_email"


def change_email(request: HttpRequest) -> HttpResponse:
    """Ask for the address, and send a code there."""
    ask_again_who_it_is(request)
    form = EmailForm(posted(request))
    if form.is_valid():
        if _send(request, form.cleaned_data["email"]):
            return redirect("confirm_email")
        form.add_error("email", _too_many())
    has_one = queries.own_account(holder_of(request)).email
    title = _("Change your email address") if has_one else _("Add an email address")
    return render(request, "identity/email.jinja", {"title": title, "form": form})


def confirm_email(request: HttpRequest) -> HttpResponse:
    """Take the code, and make the address the account's."""
    sent = code_sent(request, CONFIRM)
    if sent is None or sent.account != str(holder_of(request).account_id):
        return redirect("change_email")
    form = CodeForm(posted(request))
    if form.is_valid():
        if _confirmed(request, sent, form.cleaned_data["code"]):
            return redirect(gone_on(request) or f"{reverse('account')}?saved=email")
        form.add_error("code", _("This code is not right or has run out. Check it, or ask for a new one."))
    account, again = queries.own_account(holder_of(request)), "again" in request.GET
    shown = {"title": _("Check your email"), "form": form, "sent": sent, "account": account, "again": again}
    return render(request, "identity/confirm_email.jinja", shown)


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same address; the first one is worth nothing any more."""
    sent = code_sent(request, CONFIRM)
    if sent is None or sent.account != str(holder_of(request).account_id):
        return redirect("change_email")
    if _send(request, sent.email):
        return redirect(f"{reverse('confirm_email')}?again=1")
    return problem(request, 429)


def _send(request: HttpRequest, email: str) -> bool:
    holder, code = holder_of(request), six_digits()
    owner = queries.account_named(holder, email)
    taken = owner is not None and owner.id != holder.account_id
    mail = notices.address_taken() if taken else notices.confirm_code(code)
    return send_code(request, CONFIRM, six_digits() if taken else code, mail, to=email, account=holder.account_id)


def _confirmed(request: HttpRequest, sent: MailedCode, typed: str) -> bool:
    if not code_fits(request, sent, typed):
        return False
    forget_code(request, CONFIRM)
    return confirm_it(holder_of(request).account_id, sent.email, by=holder_of(request), at=timezone.now())


def _too_many() -> str:
    return _("Too many emails were sent. Wait an hour, then try again.")
