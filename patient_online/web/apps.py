"""The web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The NHS.UK design system in Django."""

    name = "patient_online.web"
    label = "web"
