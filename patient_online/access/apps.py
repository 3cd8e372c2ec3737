"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may use which online service for whom."""

    name = "patient_online.access"
    label = "access"

    def ready(self) -> None:
        """Say what patients are told about their access, and about where they are reached."""
        from patient_online.access.actions import tell_of_change
        from patient_online.access.notices import register_all
        from patient_online.patients.replaced import when_replaced

        register_all()
        when_replaced(tell_of_change)
