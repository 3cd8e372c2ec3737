"""The access app."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Who may use which online service for whom."""

    name = "patient_online.access"
    label = "access"

    def ready(self) -> None:
        """Say what patients are told about their access, and about where they are reached."""
        from patient_online.access.actions import amending, codes, nhs_login, opening, requests, tell_of_change
        from patient_online.access.notices import register_all
        from patient_online.access.notices_details import register_details
        from patient_online.access.second_steps import listen, works_with_patients
        from patient_online.identity.nhs_login.arrivals import when_arrived
        from patient_online.identity.second_steps import who_must_keep_one
        from patient_online.patients.replaced import when_replaced
        from patient_online.tasks.kinds import register

        register_all()
        register_details()
        when_arrived(nhs_login)
        register(amending.KIND, codes.KIND, requests.KIND, nhs_login.MISMATCH, opening.KIND)
        when_replaced(tell_of_change)
        who_must_keep_one(works_with_patients)
        listen()
        _end_what_a_closed_account_may()


def _end_what_a_closed_account_may() -> None:
    from patient_online.access.actions import close_account
    from patient_online.access.actions.sessions import end_closed, end_lost
    from patient_online.identity.closing import when_closed, when_steps_lost

    when_closed(close_account)
    when_closed(end_closed)
    when_steps_lost(end_lost)
