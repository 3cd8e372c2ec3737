"""Where somebody goes to NHS login and comes back, and where NHS login reads our key."""

from allauth.account.decorators import reauthentication_required
from django.urls import path

from patient_online.access.audiences import account_page
from patient_online.identity.views import nhs_login as pages

# Connecting lets somebody in from then on, so it is asked for like every change of how one signs in.
confirmed = reauthentication_required(allow_get=True)

urlpatterns = [
    path("nhs-login", pages.start, name="nhs_login"),
    path("nhs-login/return", pages.returned, name="nhs_login_return"),
    path("nhs-login/step-up", account_page(pages.step_up), name="nhs_login_step_up"),
    path("nhs-login/confirm", account_page(pages.confirm), name="nhs_login_confirm"),
    path("nhs-login/connect", account_page(confirmed(pages.connect)), name="nhs_login_connect"),
    path("nhs-login/what-next/<slug:outcome>", account_page(pages.what_next), name="nhs_login_what_next"),
    path("nhs-login/jwks.json", pages.our_keys, name="nhs_login_keys"),
]
