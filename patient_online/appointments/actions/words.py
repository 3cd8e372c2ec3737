"""What can happen to a kind of slot: it is put into words."""

from datetime import datetime

from patient_online.appointments.models import SlotType
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record


@action("appointment.slot_type_worded")
def word_slot_type(
    kind: SlotType,
    *,
    label: str,
    guidance: str,
    national_category: str,
    most_future: int | None,
    by: Staff,
    at: datetime,
) -> SlotType:
    """Word what a kind of slot is for; without words or a national category patients cannot book it.

    `most_future` is how many of it a patient may have booked ahead; None sets no limit of its own.
    """
    by.require(Role.MANAGER, Role.RECEPTIONIST)
    SlotType.objects.filter(practice_id=by.practice_id, id=kind.id).update(
        label=label, guidance=guidance, national_category=national_category, most_future=most_future
    )
    record("appointment.slot_type_worded", by=by, at=at, subject=kind.id)
    return kind
