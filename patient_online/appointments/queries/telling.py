"""What messages about appointments are made of: the appointment at this instant, and whom to remind of which."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import connection

from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.asking import System
from patient_online.patients.models import Patient
from patient_online.practices.rules import POLICIES

MOST_AT_ONCE = 500
PARTS = 2
ANY_TIME = timedelta(days=366)
# The practices that have a book are found by leaping from one to the next along the index, so that those without one
# cost nothing. Hours are reckoned in UTC: a night on which the clocks change makes no reminder come twice or never.
# A reminder is of one start: each move by the practice to another time raises the part, so that the new time has
# reminders of its own. Who was told of the move after the hour of the reminder is not reminded besides.
TO_REMIND = """
WITH RECURSIVE book AS (
  (SELECT practice_id FROM appointments_slot ORDER BY practice_id LIMIT 1)
  UNION ALL
  SELECT (SELECT s.practice_id FROM appointments_slot s WHERE s.practice_id > book.practice_id
          ORDER BY s.practice_id LIMIT 1)
  FROM book WHERE book.practice_id IS NOT NULL
), chosen AS (
  SELECT book.practice_id,
    make_interval(hours => coalesce((SELECT (c.value #>> '{}')::int FROM practices_policysetting c
      WHERE c.practice_id = book.practice_id AND c.name = 'reminder_hours'), %(first)s)) AS first,
    make_interval(hours => coalesce((SELECT (c.value #>> '{}')::int FROM practices_policysetting c
      WHERE c.practice_id = book.practice_id AND c.name = 'second_reminder_hours'), %(second)s)) AS second
  FROM book WHERE book.practice_id IS NOT NULL
), reminder AS (
  SELECT practice_id, 1 AS part, first AS ahead, CASE WHEN second < first THEN second ELSE '0' END AS until
  FROM chosen WHERE first > '0'
  UNION ALL
  SELECT practice_id, 2, second, CASE WHEN first < second THEN first ELSE '0' END
  FROM chosen WHERE second > '0' AND second <> first
)
SELECT r.practice_id, a.patient_id, a.id, r.part + %(parts)s * moved.times AS part
FROM reminder r
JOIN appointments_slot s ON s.practice_id = r.practice_id AND s.status = 'open'
  AND s.starts_at > %(at)s + greatest(r.until, r.ahead - %(look_back)s) AND s.starts_at <= %(at)s + r.ahead
JOIN appointments_appointment a ON a.practice_id = s.practice_id AND a.slot_id = s.id
  AND a.status = 'booked' AND a.continues_id IS NULL AND a.booked_at <= s.starts_at - r.ahead
CROSS JOIN LATERAL (
  SELECT count(*) AS times, max(move.made_at) AS last FROM (
    SELECT w.was_starts_at, d.made_at, coalesce(lead(w.was_starts_at) OVER (ORDER BY w.id), s.starts_at) AS became
    FROM appointments_withdrawnappointment w
    JOIN appointments_withdrawal d ON d.practice_id = w.practice_id AND d.id = w.withdrawal_id
    WHERE w.practice_id = a.practice_id AND w.appointment_id = a.id
  ) move WHERE move.was_starts_at <> move.became
) moved
WHERE (moved.last IS NULL OR moved.last <= s.starts_at - r.ahead)
AND NOT EXISTS (SELECT FROM notify_message m WHERE m.practice_id = a.practice_id
  AND m.kind = 'appointment-reminder' AND m.about = a.id AND m.part = r.part + %(parts)s * moved.times)
LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A patient who is to be reminded of an appointment now.

    `part` tells the first reminder from the second, and those of one start from those of the next.
    """

    patient: Patient
    about: UUID
    part: int


def appointment_to_tell(system: System, appointment_id: UUID) -> Appointment | None:
    """The appointment with all that a message says of it, as it is at this instant."""
    rows = Appointment.objects.filter(practice_id=system.practice_id, id=appointment_id)
    return rows.select_related("practice", "slot__schedule__site", "moved_from__slot").first()


def reminds_of_its_start(system: System, appointment: Appointment, part: int) -> bool:
    """Whether a reminder of this part was made since the practice last moved the appointment to another time."""
    touched = WithdrawnAppointment.objects.filter(practice_id=system.practice_id, appointment_id=appointment.id)
    starts = [*touched.order_by("id").values_list("was_starts_at", flat=True), appointment.slot.starts_at]
    moves = sum(was != became for was, became in pairwise(starts))
    return bool(max(part - 1, 0) // PARTS == moves)


def to_remind(system: System, *, at: datetime, look_back: timedelta = ANY_TIME) -> list[Reminder]:
    """Who is to be reminded now at any practice and was not yet, `MOST_AT_ONCE` at most. One statement.

    Only those whose time to be reminded came within `look_back`. Who booked after that time is not reminded: they have
    just chosen it. When the time for the later reminder has come too, the earlier one is left out.
    """
    if system.practice_id:
        raise ValueError("Reminders are made for all practices at once.")
    hours = {"first": POLICIES["reminder_hours"].default, "second": POLICIES["second_reminder_hours"].default}
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"at": at, "look_back": look_back, "most": MOST_AT_ONCE, "parts": PARTS}
        cursor.execute(TO_REMIND, given | hours)
        return [Reminder(Patient(practice_id=practice_id, id=id_), *rest) for practice_id, id_, *rest in cursor]
