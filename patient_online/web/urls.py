"""The addresses of the pages that need no app, and of health."""

from django.urls import path

from patient_online.web import health, views

app_name = "web"

urlpatterns = [
    path("accessibility-statement", views.accessibility, name="accessibility"),
    path("privacy-and-cookies", views.privacy, name="privacy"),
    path("help-without-going-online", views.offline, name="offline"),
    path("about", views.about, name="about"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("version", health.version, name="version"),
]
