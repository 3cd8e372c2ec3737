"""The tasks app."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """What a practice must decide or do."""

    name = "patient_online.tasks"
    label = "tasks"
