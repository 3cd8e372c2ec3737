"""The addresses where a practice decides what is online and how."""

from django.urls import path

from patient_online.access.views import practice

app_name = "access"

urlpatterns = [
    path("policies", practice.policies, name="policies"),
    path("policies/<slug:name>", practice.policy, name="policy"),
    path("services", practice.services, name="services"),
    path("services/<slug:name>", practice.service, name="service"),
    path("details", practice.details, name="details"),
]
