"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may use which online service for whom."""

    name = "patient_online.access"
    label = "access"
