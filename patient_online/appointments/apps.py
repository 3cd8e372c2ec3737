"""The appointments app."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Booking, moving and cancelling a GP appointment."""

    name = "patient_online.appointments"
    label = "appointments"
