"""What can happen shortly before an appointment: the patient is reminded."""

from datetime import datetime, timedelta

from patient_online.appointments import queries
from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.notify.actions import send_all


@action("appointment.reminders_made")
def remind(*, by: System, at: datetime, look_back: timedelta) -> int:
    """Send the reminders whose time came within `look_back`, and say how many.

    It sends `queries.MOST_AT_ONCE` at most: ask again until there are none. Two who do so at once are harmless, because
    one thing is told once.
    """
    reminders = queries.to_remind(by, at=at, look_back=look_back)
    for part in sorted({reminder.part for reminder in reminders}):
        told = [(reminder.patient, reminder.about) for reminder in reminders if reminder.part == part]
        send_all("appointment-reminder", to=told, part=part, by=by, at=at)
    if reminders:
        record("appointment.reminders_made", by=by, at=at, number=len(reminders))
    return len(reminders)
