"""The pages around signing in and out that allauth does not bring."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from patient_online.web.audiences import public_page
from patient_online.web.page import render


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
