"""Facts for the booking rules with which nothing is wrong, until a test makes something so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from patient_online.appointments.rules.booking import BookingFacts, SlotFacts
from patient_online.appointments.rules.cancel import CancelFacts
from patient_online.nhs.appointments import Mode

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
NINE = NOW + timedelta(hours=1)
TEN_MINUTES = timedelta(minutes=10)
MINUTE, SECOND, DAY = timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)


def a_slot(starts_at: datetime = NINE, **given: Any) -> SlotFacts:
    """A slot of ten minutes that is offered."""
    row: dict[str, Any] = {"id": UUID(int=1), "schedule_id": UUID(int=2), "type_id": UUID(int=3)}
    row |= {"mode": Mode.IN_PERSON, "ends_at": starts_at + TEN_MINUTES, "offered": True, "release_at": None}
    return SlotFacts(starts_at=starts_at, **{**row, **given})


def facts(*slots: SlotFacts, **given: Any) -> BookingFacts:
    """A booking with which nothing is wrong."""
    row: dict[str, Any] = {"wanted": len(slots) or 1, "joins_up_to": 2, "taken": False, "registered": True}
    row |= {"booked_ahead": 0, "clashes": False, "limit": 2, "book_ahead_days": 28, "minimum_notice_minutes": 15}
    return BookingFacts(slots=slots or (a_slot(),), **{**row, **given})


def to_cancel(starts_at: datetime, **given: Any) -> CancelFacts:
    """A booked appointment at a practice that lets patients cancel until 30 minutes before."""
    row: dict[str, Any] = {"booked": True, "cancel_online": True, "cutoff_minutes": 30}
    return CancelFacts(starts_at=starts_at, **{**row, **given})
