"""Receptionists who book, move, cancel, let one more in and note who arrived, while patients press too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic_ns
from typing import Any
from uuid import UUID

from patient_online.appointments.actions import book_for, cancel_for, mark, rearrange_for
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.rules.desk import Mark
from patient_online.appointments.tests.crowd import Clinic, Presser
from patient_online.appointments.tests.history import Answer, Held, Kind, Name, Operation, Place
from patient_online.asking import Acting, Staff
from patient_online.audit.actions import Busy
from patient_online.patients.models import Patient
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

REMEMBERED_AT_DESK = 12
WHY = "A child with a fever"


@dataclass
class Receptionist(Presser):
    """One browser that is the desk's half of the time, and some patient's for the rest."""

    desk: Staff = field(kw_only=True)

    def press(self, times: int) -> list[Operation]:
        """Press that many buttons, and give what came of each."""
        for _ in range(times):
            if self.random.random() < 0.5:
                super().press(1)
            else:
                self._at_desk(self.random.choice(self.clinics))
        return self.history

    def _at_desk(self, clinic: Clinic) -> None:
        known, what = clinic.known[-REMEMBERED_AT_DESK:], self.random.random()
        if not known or what < 0.25:
            self._books_for(clinic, self.random.choice(clinic.patients), self.random.choice(clinic.slots))
        else:
            change = self._marks if what < 0.55 else self._cancels_for if what < 0.8 else self._moves_for
            change(clinic, *self.random.choice(known))

    def _books_for(self, clinic: Clinic, whom: Acting, slot: Slot) -> None:
        extra = self.random.random() < 0.2
        given: dict[str, Any] = {"extra_reason": WHY if extra else "", **self._given()}
        patient = Patient(practice_id=whom.practice_id, id=whom.patient_id)
        asked = self._asked(lambda: book_for(slot, patient, **given))
        self._remember(clinic, whom, asked)
        self._note_at_desk(Kind.BOOK, whom, slot.id, asked, extra=extra)

    def _moves_for(self, clinic: Clinic, whom: Acting, old: Appointment) -> None:
        to, extra = self.random.choice(clinic.slots), self.random.random() < 0.2
        given: dict[str, Any] = {"extra_reason": WHY if extra else "", **self._given()}
        asked = self._asked(lambda: rearrange_for(old, to=to, **given))
        self._remember(clinic, whom, asked)
        self._note_at_desk(Kind.MOVE, whom, to.id, asked, extra=extra, old=old.id, old_slot=old.slot_id)

    def _cancels_for(self, clinic: Clinic, whom: Acting, old: Appointment) -> None:
        asked = self._asked(lambda: cancel_for(old, **self._given()))
        self._note_at_desk(Kind.CANCEL, whom, old.slot_id, asked, made=None, old=old.id)

    def _marks(self, clinic: Clinic, whom: Acting, old: Appointment) -> None:
        arrives = self.random.random() < 0.4
        what = Mark.ARRIVED if arrives else Mark.NOT_ARRIVED
        asked = self._asked(lambda: mark(old.id, what=what, by=self.desk, at=self.at))
        self._note_at_desk(Kind.MARK, whom, old.slot_id, asked, made=None, old=old.id, arrives=arrives)

    def _given(self) -> dict[str, Any]:
        return {"by": self.desk, "key": uuid7(), "at": self.at}

    def _asked(self, ask: Callable[[], Appointment]) -> tuple[int, Answer, Appointment | None]:
        """When it was asked, what was said, and the appointment that came of it."""
        started = monotonic_ns()
        try:
            return started, Answer.DONE, ask()
        except Refused as refused:
            busy = refused.reason is Busy.TRY_AGAIN
            return started, Answer.FAILED if busy else Answer(refused.reason.name.lower()), None

    def _remember(self, clinic: Clinic, whom: Acting, asked: tuple[int, Answer, Appointment | None]) -> None:
        if asked[2]:
            clinic.known.append((whom, asked[2]))

    def _note_at_desk(
        self, kind: Kind, whom: Acting, slot: Name, asked: tuple[int, Answer, Appointment | None], **more: Any
    ) -> None:
        started, answer, made = asked
        names = {"made": made.id if made else None, "at_desk": True, **more}
        self._note(kind, whom, slot, started, answer, **names)


def the_book_with_extras(practice_id: str) -> list[tuple[Name, Held]]:
    """Who has which slot at the practice, who was let in beside them, and who has arrived, as the database has it."""
    lines: list[tuple[Name, Held]] = []
    for row in Appointment.objects.filter(practice_id=practice_id, status="booked"):
        held, slot = Held(row.id, row.patient_id), row.slot_id
        lines.append((Place(slot, row.id) if row.extra_reason else slot, held))
        if row.arrived_at:
            lines.append((Place(slot, row.id, arrived=True), held))
    return lines


def seats_shared(practice_id: str) -> list[UUID]:
    """The slots of which one seat is booked twice."""
    rows = Appointment.objects.filter(practice_id=practice_id, status="booked").values_list("slot_id", "seat")
    taken = list(rows)
    return [slot for slot, seat in set(taken) if taken.count((slot, seat)) > 1]
