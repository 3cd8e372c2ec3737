"""The practices app."""

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    """The GP practice."""

    name = "patient_online.practices"
    label = "practices"
