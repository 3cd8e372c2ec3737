"""The identity app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People who sign in."""

    name = "patient_online.identity"
    label = "identity"

    def ready(self) -> None:
        """Hear of each sign-in and sign-out."""
        from patient_online.identity.adapters import listen

        listen()
