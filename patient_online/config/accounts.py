"""Where people open, keep, find again and close their accounts, and whom each page is for."""

from allauth.account import views as allauth
from allauth.account.decorators import reauthentication_required
from django.urls import path

from patient_online.access.audiences import account_page
from patient_online.identity.views import account, email, forgotten, opening

confirmed = reauthentication_required()  # a first password lets somebody in from then on

urlpatterns = [
    path("account", account_page(account.account), name="account"),
    path("account/email", account_page(email.change_email), name="change_email"),
    path("account/email/code", account_page(email.confirm_email), name="confirm_email"),
    path("account/email/code/again", account_page(email.send_again), name="send_code_again"),
    path("account/close", account_page(account.close), name="close_account"),
    path("account/closed", account.closed, name="closed"),
    path("account-closed", account.account_closed, name="account_inactive"),
    path("open-account", opening.open_account, name="open_account"),
    path("open-account/sign-in-name", account_page(opening.sign_in_name), name="sign_in_name"),
    path("forgotten-password", forgotten.forgotten_password, name="forgotten_password"),
    path("forgotten-password/code", forgotten.forgotten_code, name="forgotten_code"),
    path("choose-password", forgotten.choose_password, name="choose_password"),
    path("password-chosen", forgotten.password_chosen, name="password_chosen"),
    path("way-in", forgotten.way_in, name="way_in"),
    path("password", account_page(allauth.password_change), name="account_change_password"),
    path("password/set", account_page(confirmed(allauth.password_set)), name="account_set_password"),
    path("password-changed", account.password_changed, name="password_changed"),
]
