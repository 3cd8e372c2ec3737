"""The appointments of the people that the demonstration knows by name, each with something to show."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import Channel
from patient_online.demo import slot_types as kinds
from patient_online.demo.bookings import Diary, Outcome
from patient_online.demo.clinics import Book
from patient_online.demo.people import People
from patient_online.demo.slot_types import Kind
from patient_online.patients.models import Patient

ONLINE, TELEPHONE = Channel.ONLINE, Channel.TELEPHONE


def tell(diary: Diary, book: Book, people: People) -> None:
    """Book what those known by name have had and still have; the first login has nothing booked."""
    teller = Teller(diary, book)
    busy, older = people.known["busy@example.com"], people.known["older@example.com"]
    looking, parent = people.known["looking@example.com"], people.known["parent@example.com"]
    for days_ago, patient, outcome in (
        (14, older, Outcome.ATTENDED),
        (12, busy, Outcome.ATTENDED),
        (9, older, Outcome.ATTENDED),
        (8, busy, Outcome.DID_NOT_ATTEND),
        (7, looking, Outcome.UNKNOWN),
    ):
        teller.coming(patient, kinds.GP, TELEPHONE, days=-days_ago, outcome=outcome)
    teller.coming(busy, kinds.GP_TELEPHONE, ONLINE, reason="Results of my blood test")
    teller.coming(busy, kinds.PHYSIO, ONLINE, reason="Sore shoulder")
    teller.double(older)
    teller.moved(older)
    teller.coming(looking, kinds.GP, TELEPHONE, reason="Headaches")
    teller.cancelled(parent)
    teller.coming(people.known["Hana"], kinds.MINOR_ILLNESS, TELEPHONE, reason="Earache")


class Teller:
    """Finds slots for a story and books them."""

    def __init__(self, diary: Diary, book: Book) -> None:
        self._diary = diary
        self._book = book

    def coming(self, patient: Patient, kind: Kind, channel: Channel, *, days: int = 2, **more: Any) -> Appointment:
        """An appointment of this kind, the first after so many days; one of the past when that is negative."""
        for slot in self._free(kind, days):
            if self._diary.can_have(patient, slot) and (made := self._diary.book(slot, patient, channel, **more)):
                return made
        raise LookupError(f"The book has no {kind.name} for {patient.name}.")

    def double(self, patient: Patient) -> None:
        """Two slots that follow each other, booked as one."""
        free = list(self._free(kinds.GP, 3))
        for first, second in pairwise(free):
            if first.schedule_id == second.schedule_id and first.ends_at == second.starts_at:
                made = self._diary.book(first, patient, TELEPHONE, reason="Two things to talk about")
                if made:
                    at, reason = made.booked_at, made.reason
                    self._diary.book(second, patient, TELEPHONE, at=at, reason=reason, continues_id=made.id)
                    return
        raise LookupError("The book has no two free slots together.")

    def moved(self, patient: Patient) -> None:
        """An appointment that was moved to another day."""
        old = self.coming(patient, kinds.BLOOD_TEST, TELEPHONE, days=1)
        self._diary.cancel(old, "moved")
        new = self.coming(patient, kinds.BLOOD_TEST, TELEPHONE, days=5, moved_from_id=old.id)
        old.cancelled_at = new.booked_at = max(new.booked_at, old.booked_at + timedelta(minutes=30))

    def cancelled(self, patient: Patient) -> None:
        """An appointment to come that was cancelled."""
        self._diary.cancel(self.coming(patient, kinds.GP_VIDEO, ONLINE), "time")

    def _free(self, kind: Kind, days: int) -> Iterator[Slot]:
        """The free slots of the kind that are already released, in order; past ones only when `days` is negative."""
        midnight = self._diary.midnight
        earliest, latest = midnight + timedelta(days=days), midnight if days < 0 else datetime.max.replace(tzinfo=UTC)
        for slot in sorted(self._book.slots, key=lambda each: each.starts_at):
            free = slot.status == Slot.Status.OPEN and slot.online and slot.id not in self._diary.taken
            released = slot.release_at is None or slot.release_at < midnight
            if slot.type.name == kind.name and free and released and earliest <= slot.starts_at < latest:
                yield slot
