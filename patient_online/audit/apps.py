"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what to which record."""

    name = "patient_online.audit"
    label = "audit"
