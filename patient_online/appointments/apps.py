"""The appointments app."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Booking, moving and cancelling a GP appointment."""

    name = "patient_online.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Say what patients are told of their appointments."""
        from patient_online.appointments.notices import register_all

        register_all()
