"""The addresses of the appointment pages below /appointments/, whole in `urls`."""

from datetime import date

from django.urls import path, register_converter

from patient_online.appointments.views import day, patient, practice
from patient_online.nhs.dates import day_read


class DayConverter:
    """A day in an address, as ISO 8601 writes it."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        """The day; ValueError makes the page unknown."""
        return day_read(value)

    def to_url(self, value: date) -> str:
        """The day as it stands in an address."""
        return value.isoformat()


register_converter(DayConverter, "day")

urlpatterns = [
    path("book-of-the-day", day.day, name="day"),
    path("book-of-the-day/<day:on>", day.day, name="day"),
    path("words", practice.words, name="words"),
    path("words/<uuid:type_id>", practice.word, name="word"),
    path("", patient.mine, name="mine"),
    path("book", patient.search, name="search"),
    path("slots/<uuid:slot_id>/before-you-book", patient.red_flags, name="red_flags"),
    path("slots/<uuid:slot_id>", patient.confirm, name="confirm"),
    path("<uuid:appointment_id>", patient.one, name="one"),
    path("<uuid:appointment_id>/booked", patient.booked, name="booked"),
    path("<uuid:appointment_id>/calendar.ics", patient.calendar, name="calendar"),
    path("<uuid:appointment_id>/cancel", patient.cancel, name="cancel"),
    path("<uuid:appointment_id>/move", patient.move, name="move"),
    path("<uuid:appointment_id>/move/<uuid:slot_id>", patient.confirm_move, name="confirm_move"),
]
