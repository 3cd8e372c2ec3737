"""Where a second step is shown: after the password, instead of it, and again before anything about sign-in changes."""

from typing import Any

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from patient_online.identity.second_steps import FEW_CODES, codes_left
from patient_online.identity.views.second_steps import GOING_TO
from patient_online.identity.views.whose import ways_to_confirm_here
from patient_online.web.page import render

JSON = "application/json"


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """The second step after the password: until it is shown, nobody is signed in."""

    template_name = "identity/second_step.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What this account can show."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        account = self.stage.login.user
        has = {kind.value: is_mfa_enabled(account, [kind]) for kind in Authenticator.Type}
        shown = self.webauthn_form if self.webauthn_form and self.webauthn_form.is_bound else self.auth_form
        return {**context, "has": has, "account": account, "form": shown, "code_form": self.auth_form}

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; who has few printed codes left is shown what to do before they run out."""
        going_to = self.stage.login.redirect_url
        response: HttpResponse = super().form_valid(form)
        by_paper = (
            getattr(form, "authenticator", form.cleaned_data.get("credential")).type
            == Authenticator.Type.RECOVERY_CODES
        )
        account = self.request.user
        if not by_paper or not account.is_authenticated or codes_left(account.pk) >= FEW_CODES:
            return response
        self.request.session[GOING_TO] = going_to or "/"
        return redirect("mfa_index")


class SignInByPasskey(LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey alone."""

    template_name = "identity/passkey_sign_in.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or for its script what the browser shall ask of the passkey."""
        if JSON in request.headers.get("Accept", ""):
            response: HttpResponse = super().get(request, *args, **kwargs)
            return response
        page: HttpResponse = self.render_to_response(self.get_context_data())
        return page

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with what was wrong."""
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return page

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and go on to where the person was going."""
        shown = form.cleaned_data["credential"]
        login = Login(user=shown.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, shown, login)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where the person was going."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "next": get_next_redirect_url(self.request)}


class _Confirming:
    """Leads back to the page that asked, which is opened anew: a form that waited is not sent a second time."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session.pop(STATE_SESSION_KEY, None)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response


class ConfirmByPassword(_Confirming, ReauthenticateView):  # type: ignore[misc]
    """Confirm with the password."""

    template_name = "identity/confirm.jinja"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has NHS login alone confirms there."""
        if request.user.is_authenticated and not ways_to_confirm_here(request):
            context = {"title": _("Confirm that it is you"), "next": get_next_redirect_url(request) or ""}
            return render(request, "identity/confirm_by_nhs_login.jinja", context)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class ConfirmByCode(_Confirming, ReauthenticateByCodeView):  # type: ignore[misc]
    """Confirm with a code of the app or of the paper."""

    template_name = "identity/confirm.jinja"


class ConfirmByPasskey(_Confirming, ReauthenticateWebAuthnView):  # type: ignore[misc]
    """Confirm with a passkey."""

    template_name = "identity/confirm_passkey.jinja"

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again, with what was wrong."""
        page: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser shall ask of the passkey."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | kwargs
