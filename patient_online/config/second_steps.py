"""Where second steps are set up and shown: allauth's views, listed one by one, each with whom it is for."""

from django.conf import settings
from django.urls import path

from patient_online.access.audiences import account_page
from patient_online.demo.second_steps import code_now
from patient_online.identity.views import second_step_shown as shown
from patient_online.identity.views import second_steps as steps
from patient_online.web.audiences import public_page

# In the demonstration only: what the made-up person's app would show.
EXTRAS = {"code_now": code_now} if settings.DEMO else {}
MINE = "account/second-step"
CONFIRM = "confirm-it-is-you"

urlpatterns = [
    path("second-step", public_page(shown.SecondStep.as_view(extra_context=EXTRAS)), name="mfa_authenticate"),
    path("sign-in/passkey", public_page(shown.SignInByPasskey.as_view()), name="mfa_login_webauthn"),
    path(CONFIRM, account_page(shown.ConfirmByPassword.as_view()), name="account_reauthenticate"),
    path(f"{CONFIRM}/code", account_page(shown.ConfirmByCode.as_view(extra_context=EXTRAS)), name="mfa_reauthenticate"),
    path(f"{CONFIRM}/passkey", account_page(shown.ConfirmByPasskey.as_view()), name="mfa_reauthenticate_webauthn"),
    path(MINE, account_page(steps.SecondSteps.as_view()), name="mfa_index"),
    path(f"{MINE}/app", account_page(steps.SetUpApp.as_view()), name="mfa_activate_totp"),
    path(f"{MINE}/app/remove", account_page(steps.RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path(f"{MINE}/printed-codes", account_page(steps.PrintedCodes.as_view()), name="mfa_view_recovery_codes"),
    path(
        f"{MINE}/printed-codes/new", account_page(steps.MakePrintedCodes.as_view()), name="mfa_generate_recovery_codes"
    ),
    path(f"{MINE}/passkeys/add", account_page(steps.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path(f"{MINE}/passkeys/<int:pk>", account_page(steps.NamePasskey.as_view()), name="mfa_edit_webauthn"),
    path(f"{MINE}/passkeys/<int:pk>/remove", account_page(steps.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
]
