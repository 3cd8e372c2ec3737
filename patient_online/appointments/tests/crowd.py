"""Patients who book, cancel and move at random, and write down what they asked, when, and what they were told."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from time import monotonic_ns
from typing import Any

from django.db import connection

from patient_online.appointments.actions import book, cancel, put_back, rearrange, withdraw
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.queries import sessions_seen
from patient_online.appointments.rules.withdraw import Choice
from patient_online.appointments.tests.history import Answer, Held, Kind, Name, Operation
from patient_online.appointments.tests.plain_book import WITHDRAWN
from patient_online.asking import Acting, Staff
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7

REMEMBERED = 6


@dataclass
class Clinic:
    """Some slots and the patients who want them. What a patient was told of they remember, old appointments too.

    Where there is a `desk`, it now and then withdraws the session that these slots are all of, or puts it back.
    """

    slots: list[Slot]
    patients: list[Acting]
    known: list[tuple[Acting, Appointment]] = field(default_factory=list)
    desk: Staff | None = None


@dataclass
class Presser:
    """One browser that presses buttons for whichever patient comes along."""

    clinics: list[Clinic]
    random: Random
    at: datetime
    history: list[Operation] = field(default_factory=list)

    def press(self, times: int) -> list[Operation]:
        """Press that many buttons, and give what came of each."""
        for _ in range(times):
            clinic = self.random.choice(self.clinics)
            known = clinic.known[-REMEMBERED:]
            if clinic.desk and self.random.random() < 0.1:
                self._withdraw_or_put_back(clinic, clinic.desk)
            elif known and self.random.random() < 0.6:
                self._change(clinic, *self.random.choice(known))
            else:
                self._book(clinic)
        return self.history

    def _book(self, clinic: Clinic) -> None:
        acting, slot, started = self.random.choice(clinic.patients), self.random.choice(clinic.slots), monotonic_ns()
        made, answer = None, Answer.DONE
        try:
            made = book(slot, by=acting, key=uuid7(), at=self.at)
            clinic.known.append((acting, made))
        except Refused as refused:
            answer = Answer(refused.reason.name.lower())
        self._note(Kind.BOOK, acting, slot.id, started, answer, made=made.id if made else None)

    def _change(self, clinic: Clinic, acting: Acting, old: Appointment) -> None:
        to, started = self.random.choice([None, *clinic.slots[:2], *clinic.slots]), monotonic_ns()
        made, answer = None, Answer.DONE
        try:
            if to is None or self.random.random() < 0.4:
                to = None
                cancel(old, by=acting, key=uuid7(), at=self.at)
            else:
                made = rearrange(old, to=to, by=acting, key=uuid7(), at=self.at)
                clinic.known.append((acting, made))
        except Refused as refused:
            answer = Answer(refused.reason.name.lower())
        if to is None:
            self._note(Kind.CANCEL, acting, old.slot_id, started, answer, old=old.id)
        else:
            names = {"made": made.id if made else None, "old": old.id, "old_slot": old.slot_id}
            self._note(Kind.MOVE, acting, to.id, started, answer, **names)

    def _withdraw_or_put_back(self, clinic: Clinic, desk: Staff) -> None:
        """Look, and then do it: others press meanwhile."""
        kind = self.random.choice([Kind.WITHDRAW, Kind.PUT_BACK])
        schedule, day = clinic.slots[0].schedule, local_day(self.at)
        choice = Choice(day, day, schedule=schedule.id)
        plan = sessions_seen(desk, choice, at=self.at)
        started, answer = monotonic_ns(), Answer.DONE
        try:
            if kind is Kind.WITHDRAW:
                withdraw(choice, shown=plan.shown, reason="ill", by=desk, key=uuid7(), at=self.at)
            else:
                put_back(schedule, by=desk, key=uuid7(), at=self.at)
        except Refused as refused:
            answer = Answer(refused.reason.name.lower())
        shown = frozenset((row.slot_id, Held(row.id, row.patient_id)) for row in plan.rows)
        session = frozenset(slot.id for slot in clinic.slots)
        name, ended = schedule.id, monotonic_ns()
        self.history.append(Operation(kind, name, name, started, ended, answer, session=session, shown=shown))

    def _note(self, kind: Kind, acting: Acting, slot: Name, started: int, answer: Answer, **names: Any) -> None:
        self.history.append(Operation(kind, acting.patient_id, slot, started, monotonic_ns(), answer, **names))


def the_book(practice_id: str) -> list[tuple[Name, Held]]:
    """Who has which slot at the practice, and which are withdrawn, as the database has it at the end."""
    gone = Slot.objects.using(connection.alias).filter(practice_id=practice_id, status="withdrawn")
    rows = Appointment.objects.using(connection.alias).filter(practice_id=practice_id, status="booked")
    held = [(row.slot_id, Held(row.id, row.patient_id)) for row in rows]
    return [*held, *((slot.id, WITHDRAWN) for slot in gone)]
