"""The demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The made-up world."""

    name = "patient_online.demo"
    label = "demo"
