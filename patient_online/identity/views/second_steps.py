"""A person's own second steps: what there is, an app, passkeys, printed codes. allauth does it; the pages are ours."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from patient_online.identity.forms_second_steps import RemovePasskeyForm
from patient_online.identity.rules import how_signed_in, set_up_here
from patient_online.identity.second_steps import FEW_CODES, let_set_up, must_keep_one, shown_in

GOING_TO = "second_step_going_to"  # where somebody was going when they were asked for a second step


class SecondSteps(IndexView):  # type: ignore[misc]
    """What second steps the account has, and what can be done with them."""

    template_name = "identity/second_steps.jinja"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them; remember where the person was going, if they were sent here."""
        if going_to := get_next_redirect_url(request):
            request.session[GOING_TO] = going_to
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The account's second steps, how many printed codes are left, and where to go on to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        session, codes = self.request.session, context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        context["codes_left"] = len(codes.get_unused_codes()) if codes else 0
        context["few"] = codes is not None and context["codes_left"] < FEW_CODES
        context["shown"], context["new_here"] = how_signed_in(session).two_steps, set_up_here(session)
        context["must"] = must_keep_one(self.request.user.pk)
        return {**context, "going_to": session.get(GOING_TO) if context["shown"] else None}


class _SettingUp:
    """Staff set up a second step after another one, or after a code that their manager gave them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        let_set_up(request)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class SetUpApp(_SettingUp, ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app."""

    template_name = "identity/app_set_up.jinja"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it: its code has just been shown."""
        response: HttpResponse = super().form_valid(form)
        shown_in(self.request, Authenticator.Type.TOTP)
        return response


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    """Remove the authenticator app."""

    template_name = "identity/app_remove.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form without a fault that nobody made: what may not be, the page says before the button is pressed."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["may"] = get_adapter().can_delete_authenticator(self.authenticator)
        return context if self.request.method == "POST" else {**context, "form": None}


class AddPasskey(_SettingUp, AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey that can sign in alone."""

    template_name = "identity/passkey_add.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make one that stays on the device and sees who it is."""
        context: dict[str, Any] = super().get_context_data(**kwargs) | kwargs
        return {**context, "js_data": {"creation_options": begin_registration(self.request.user, passwordless=True)}}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it: it has just been shown."""
        response: HttpResponse = super().form_valid(form)
        shown_in(self.request, Authenticator.Type.WEBAUTHN)
        return response


class NamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Give a passkey another name."""

    template_name = "identity/passkey_name.jinja"
    success_url = reverse_lazy("mfa_index")


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey."""

    template_name = "identity/passkey_remove.jinja"
    form_class = RemovePasskeyForm
    success_url = reverse_lazy("mfa_index")

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the passkey that is to go."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {**kwargs, "instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The passkey, and whether it may go."""
        may = get_adapter().can_delete_authenticator(self.object)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"may": may, "passkey": self.object.wrap()}


class PrintedCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """The printed codes, shown once to be printed or written down."""

    template_name = "identity/printed_codes.jinja"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The codes, and whose they are."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"account": self.request.user}


class MakePrintedCodes(_SettingUp, GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make printed codes; those from before end."""

    template_name = "identity/printed_codes_make.jinja"

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them: who asked has just confirmed that it is them, and reads them on the next page."""
        response: HttpResponse = super().form_valid(form)
        shown_in(self.request, Authenticator.Type.RECOVERY_CODES)
        return response
