"""The addresses of the desk: finding a patient, and booking, moving and cancelling for them."""

from django.urls import path

from patient_online.appointments.views import adding, booking_for, desk

ONE = "patients/<uuid:patient_id>/appointments/<uuid:appointment_id>"

urlpatterns = [
    path("sessions/<uuid:schedule_id>/add-slot", adding.add_slot, name="add_slot"),
    path("patients", desk.patients, name="patients"),
    path("patients/<uuid:patient_id>", desk.patient, name="patient"),
    path("patients/<uuid:patient_id>/book", booking_for.times, name="book_times"),
    path("patients/<uuid:patient_id>/book/<uuid:slot_id>", booking_for.book, name="book_for"),
    path(ONE, desk.booked, name="booked_for"),
    path(f"{ONE}/cancel", desk.cancel, name="cancel_for"),
    path(f"{ONE}/move", booking_for.move_times, name="move_times"),
    path(f"{ONE}/move/<uuid:slot_id>", booking_for.move, name="move_for"),
]
