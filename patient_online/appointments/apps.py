"""The appointments app."""

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Booking, moving and cancelling a GP appointment."""

    name = "patient_online.appointments"
    label = "appointments"

    def ready(self) -> None:
        """Say what patients are told of their appointments, in messages and on their home page."""
        from patient_online.access.views.home import show_at_the_top
        from patient_online.appointments.notices import register_all
        from patient_online.appointments.views.heard import changed_by_practice, first_booked

        register_all()
        show_at_the_top("appointments/at_the_top.jinja", changed_by_practice)
        show_at_the_top("appointments/first_at_home.jinja", first_booked, ends_first=True)
