"""The identity app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """People who sign in."""

    name = "patient_online.identity"
    label = "identity"

    def ready(self) -> None:
        """Hear of each sign-in and sign-out."""
        from patient_online.identity.actions.nhs_login import forget_login
        from patient_online.identity.adapters import listen
        from patient_online.identity.closing import when_closed
        from patient_online.identity.nhs_login import checks as checks
        from patient_online.identity.second_steps import listen as listen_to_second_steps

        listen()
        when_closed(forget_login)
        listen_to_second_steps()
