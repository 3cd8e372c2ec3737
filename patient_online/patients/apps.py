"""The patients app."""

from django.apps import AppConfig


class PatientsConfig(AppConfig):
    """A person registered at a practice."""

    name = "patient_online.patients"
    label = "patients"
