"""Many messages through workers that are killed, with a provider in a bad mood."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections, transaction
from django.utils import timezone
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager

from patient_online.appointments.actions import cancel_by_link, remind
from patient_online.appointments.models import Appointment, Slot
from patient_online.asking import LinkHolder, System
from patient_online.demo.factories import EARLY, a_patient_of, a_practice, a_slot_of
from patient_online.notify import actions, queueing
from patient_online.notify.models import Message
from patient_online.notify.tests.notify_api import KEY, TEMPLATE, NotifyApi, in_a_bad_mood
from patient_online.notify.tests.waiting import waited_for
from patient_online.notify.tests.worker import SILENT_SECONDS
from patient_online.patients.models import Patient
from patient_online.storage.ids import uuid7
from tests.test_serving import url_of

BATCH = 100
WORKERS = 3
BOOKED, MOVED, REMINDER = "appointment-booked", "appointment-moved", "appointment-reminder"
CANCELLED = "appointment-cancelled"
HANG_SECONDS = 2.5
LONGEST_SECONDS = 3600  # of ten thousand, on a machine that is busy with other things


@dataclass
class Storm:
    """What is sent, and what is to be known of it afterwards."""

    events: int
    kills: int
    api: NotifyApi
    worker: str = "patient_online.notify.tests.worker"
    takes_up: bool = True
    longest_seconds: float = LONGEST_SECONDS
    practice_id: str = ""
    about: dict[UUID, tuple[str, UUID]] = field(default_factory=dict)  # the kind of message, and the patient
    cancelled: dict[UUID, datetime] = field(default_factory=dict)
    killed: int = 0
    seconds: float = 0

    def rages(self) -> None:
        """Make the messages, let the workers at them, kill those one after the other, and wait for the calm."""
        self.api.behaves = in_a_bad_mood(HANG_SECONDS)
        self._make()
        begun = time.monotonic()
        with ExitStack() as workers:
            self._run([self._hire(workers) for _ in range(WORKERS)], workers)
        self.seconds = time.monotonic() - begun

    def times_taken(self) -> Counter[UUID]:
        """How often the provider took a message, by its id."""
        return Counter(UUID(taken["reference"]) for taken in self.api.taken)

    def told(self, *, sent: int, dropped: int) -> str:
        """What happened, in a line."""
        return (
            f"{self.events} messages and {len(self.cancelled)} of cancelling, {self.killed} workers killed,"
            f" {self.seconds:.0f} s: {sent} sent,"
            f" {dropped} dropped; the provider took {len(self.api.taken)}, was asked {len(self.api.asked)} times"
        )

    def _make(self) -> None:
        practice = a_practice()
        slot = a_slot_of(practice, timezone.now() + timedelta(hours=36))
        phone = {"telephone": "+447700900123", "telephone_verified_at": EARLY, "contact_by": "text"}
        patients = [a_patient_of(practice, **phone) for _ in range(20)]
        while len(self.about) < self.events:
            self._batch(slot, patients)
        while remind(by=System("storm", why="as the job does"), at=timezone.now(), look_back=timedelta(days=3)):
            pass
        for kind in (BOOKED, MOVED, CANCELLED):
            self._undone_batch(kind, slot, patients)
        for each in random.sample(list(self.about), len(self.about) // 10):
            self._cancel(each)

    def _batch(self, slot: Slot, patients: list[Patient]) -> None:
        """Appointments, a third each: just booked, just moved, and booked long ago, to be reminded of."""
        now, begun = timezone.now(), len(self.about)
        kinds = [(BOOKED, MOVED, REMINDER)[n % 3] for n in range(min(BATCH, self.events - begun))]
        rows = [
            Appointment(
                practice_id=slot.practice_id,
                slot_id=slot.id,
                seat=begun + n + 1,
                patient_id=patients[n % len(patients)].id,
                booked_at=now - timedelta(days=10) if kind == REMINDER else now,
                booked_by=UUID(int=1),
                booked_through="online",
            )
            for n, kind in enumerate(kinds)
        ]
        by, due_at = System("storm", slot.practice_id), now + timedelta(seconds=random.choice([0, 0, 5]))
        with transaction.atomic():
            Appointment.objects.bulk_create(rows)
            for kind in (BOOKED, MOVED):
                told = [(patients[n % len(patients)], row.id) for n, row in enumerate(rows) if kinds[n] == kind]
                actions.send_all(kind, to=told, by=by, at=now, due_at=due_at)
                actions.send_all(kind, to=told[:5], by=by, at=now)  # said twice
        self.about |= {row.id: (kind, row.patient_id) for row, kind in zip(rows, kinds, strict=True)}
        self.practice_id = slot.practice_id

    def _undone_batch(self, kind: str, slot: Slot, patients: list[Patient]) -> None:
        told = [(patient, uuid7()) for patient in patients]
        with transaction.atomic():
            actions.send_all(kind, to=told, by=System("storm", slot.practice_id), at=timezone.now())
            transaction.set_rollback(True)

    def _cancel(self, about: UUID) -> None:
        """The patient gives the appointment back, by the link in a message."""
        if about not in self.cancelled:
            by = LinkHolder(self.practice_id, self.about[about][1], about)
            cancel_by_link(by=by, at=timezone.now())
            self.cancelled[about] = timezone.now()

    def _hire(self, workers: ExitStack) -> subprocess.Popen[bytes]:
        known = {
            "DATABASE_URL": url_of("default"),
            "PATIENT_ONLINE_GOVUK_NOTIFY_KEY": KEY,
            "PATIENT_ONLINE_GOVUK_NOTIFY_TEMPLATE": TEMPLATE,
            "PATIENT_ONLINE_GOVUK_NOTIFY_URL": self.api.url,
        }
        worker = workers.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", self.worker], env={**os.environ, **known}, stderr=subprocess.DEVNULL
            )
        )
        workers.callback(worker.kill)
        return worker

    def _run(self, hired: list[subprocess.Popen[bytes]], workers: ExitStack) -> None:
        end = time.monotonic() + self.longest_seconds
        while self._waiting() and time.monotonic() < end:
            time.sleep(random.uniform(0.3, 1.5))
            if self.killed < self.kills and self._next_is_due() and self._has_begun():
                victim = random.randrange(len(hired))
                hired[victim].kill()
                hired[victim].wait()
                self.killed += 1
                hired[victim] = self._hire(workers)
            if self.killed * 2 < self.kills and self.about:
                self._cancel(random.choice(list(self.about)))
            if self.takes_up:
                self._a_minute_passes()

    def _next_is_due(self) -> bool:
        """Whether so much is done that it is time for the next kill: they are spread over the first three quarters."""
        done = max(0, self.events - self._waiting())
        return done >= self.events * 0.75 * self.killed / self.kills

    def _has_begun(self) -> bool:
        """Whether jobs are being done at this moment, so that a kill hits something."""
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'doing')")
            return bool(cursor.fetchone()[0])

    def _waiting(self) -> int:
        return Message.objects.filter(status="waiting").count()

    def _a_minute_passes(self) -> None:
        """What the workers do each minute, without waiting for it."""
        manager = JobManager(DjangoConnector())
        waited_for(queueing.take_up_stalled, manager, silent_seconds=SILENT_SECONDS)
        actions.call_up(by=System("call_up", why="no message is left lying"), at=timezone.now())
