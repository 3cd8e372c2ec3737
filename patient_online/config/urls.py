"""Every address of the product, and whom each page is for."""

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.urls import include, path

from patient_online.access.views.home import home
from patient_online.appointments.views.link import cancel as cancel_by_link
from patient_online.demo.logins import PASSWORD, logins
from patient_online.identity.views.account import signed_out
from patient_online.web import views
from patient_online.web.audiences import public_page

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler429 = views.too_many_tries
handler500 = views.server_error


def sign_in_extras() -> dict[str, Any]:
    """What the sign-in page shows besides: in the demonstration, who one can be."""
    return {"demo_logins": logins(), "demo_password": PASSWORD} if settings.DEMO else {}


urlpatterns = [
    path("", home, name="home"),
    path("", include("patient_online.web.urls")),
    path("sign-in", public_page(allauth.LoginView.as_view(extra_context=sign_in_extras())), name="account_login"),
    path("sign-out", public_page(allauth.logout), name="account_logout"),
    path("signed-out", signed_out, name="signed_out"),
    path("", include("patient_online.config.accounts")),
    path("", include("patient_online.config.second_steps")),
    path("", include("patient_online.config.nhs_login")),
    path("", include("patient_online.appointments.urls")),
    path("", include("patient_online.access.addresses")),
    path("cancel/<str:token>", cancel_by_link, name="cancel_by_link"),
]
