"""What can happen to an appointment through the link in a message about it: it is given back."""

from datetime import datetime

from patient_online.appointments import queries
from patient_online.appointments.actions.taking import free
from patient_online.appointments.models import Appointment
from patient_online.appointments.rules.cancel import NotCancelled, why_not_cancel
from patient_online.asking import LinkHolder
from patient_online.audit.actions import action, record
from patient_online.notify.actions import send
from patient_online.refusals import Refused


@action("appointment.cancelled")
def cancel_by_link(*, by: LinkHolder, at: datetime) -> Appointment:
    """Take back the one appointment that the link is about and free its slot, or raise Refused.

    No account is asked for: the desk books for people who have none, and gets the time back from them too.
    """
    rows = queries.appointment_to_give_back(by)
    if not rows:
        raise Refused(NotCancelled.NOT_FOUND)
    if refusal := why_not_cancel(queries.cancel_facts(by, rows[0]), at=at):
        raise Refused(refusal)
    free(rows, by=by, at=at, reason="")
    record("appointment.cancelled", by=by, at=at, subject=rows[0].id)
    send("appointment-cancelled", to=rows[0].patient, about=rows[0].id, by=by, at=at)
    return rows[0]
