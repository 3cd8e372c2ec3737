"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may use which online service for whom."""

    name = "patient_online.access"
    label = "access"

    def ready(self) -> None:
        """Say what patients are told about their access."""
        from patient_online.access.notices import register_all

        register_all()
