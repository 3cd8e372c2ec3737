"""The notify app."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """A person registered at a practice."""

    name = "patient_online.notify"
    label = "notify"
