"""The desk is told what it is about to change, finds free times first, and answers no question that nobody asked."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.appointments.tests.test_day_shut import away
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_schedule,
    a_slot_type,
    an_appointment,
    slots_in,
)
from patient_online.nhs.appointments import Mode
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
TICK = "Tick “The patient knows what is different”, or choose another time"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning; Robin has the first time of today."""
    with at_the_desk(client) as desk:
        yield desk


def sends(desk: Desk, path: str, **given: str) -> Any:
    """Send the form of the page."""
    return desk.client.post(path, {"key": str(uuid4()), "channel": "desk", **given}, follow=True)


def one(desk: Desk) -> str:
    """Robin's appointment."""
    return f"{desk.of()}/appointments/{desk.appointment.id}"


def a_smear(desk: Desk) -> Slot:
    """A time of another kind tomorrow, by telephone, with a nurse."""
    nurse = a_clinician_of(desk.practice, name="Nurse Nia Madeup", job="Practice nurse")
    schedule = a_schedule(desk.practice, TEN + timedelta(days=1), hours=1, clinician=nurse)
    slot = slots_in(schedule, kind=a_slot_type(desk.practice, name="Smear"), most=1)[0]
    Slot.objects.filter(id=slot.id).update(mode=Mode.TELEPHONE)
    return slot


def test_a_move_starts_with_the_times_of_the_same_kind_until_another_is_chosen(desk: Desk) -> None:
    other = a_smear(desk)
    assert "Nurse Nia Madeup 10am" not in desk.main(f"{one(desk)}/move?on=2026-03-04")
    assert desk.main(f"{one(desk)}/move?on=2026-03-04").count("Move to this time") == 6
    day = {"day_day": "4", "day_month": "3", "day_year": "2026", "kind": "", "clinician": ""}
    answer = desk.client.get(f"{one(desk)}/move", day, follow=True)
    assert says(answer).count("Move to this time") == 7
    assert f"{one(desk)}/move/{other.id}" in answer.content.decode()


def test_a_move_to_another_kind_way_and_job_says_so_and_asks_for_a_tick(desk: Desk) -> None:
    other = a_smear(desk)
    path = f"{one(desk)}/move/{other.id}"
    shown = desk.main(path)
    was = desk.today[0]
    assert f"What: {other.type.label} (Smear), not {was.type.label} ({was.type.name})" in shown
    assert f"With: Practice nurse, not {was.schedule.clinician.job}" in shown
    assert "How: By telephone, not In person" in shown
    assert TICK in says(sends(desk, path))
    assert desk.row().status == "booked"
    assert "Appointment moved" in says(sends(desk, path, knows_of_other="on"))
    assert Appointment.objects.get(moved_from_id=desk.appointment.id).slot_id == other.id


def test_a_move_to_the_same_kind_shows_both_and_asks_for_no_tick(desk: Desk) -> None:
    path = f"{one(desk)}/move/{desk.tomorrow[0].id}"
    shown = desk.main(path)
    assert shown.count("In person") == 2
    assert "It would be another appointment" not in shown
    assert "Appointment moved" in says(sends(desk, path))


@pytest.mark.parametrize("reason", ["practice", "mistake"])
def test_what_no_patient_asked_for_is_cancelled_without_saying_how_the_patient_asked(desk: Desk, reason: str) -> None:
    answer = sends(desk, f"{one(desk)}/cancel", reason=reason, channel="")
    assert "Appointment cancelled" in says(answer)
    row = desk.row()
    assert (row.status, row.cancelled_through, row.cancel_reason) == ("cancelled", "desk", reason)
    other = an_appointment(desk.tomorrow[0], desk.robin)
    page = read(desk.client.get(f"{desk.of()}/appointments/{other.id}/cancel"))
    assert not [box for box in page.all("input") if "checked" in box.attributes]


@pytest.mark.parametrize("reason", ["", "better", "time"])
def test_who_cancels_because_the_patient_asked_says_how_they_did(desk: Desk, reason: str) -> None:
    answer = sends(desk, f"{one(desk)}/cancel", reason=reason, channel="")
    assert "Say how the patient asked: at the desk or on the telephone" in says(answer)
    assert desk.row().status == "booked"
    assert "Appointment cancelled" in says(sends(desk, f"{one(desk)}/cancel", reason=reason, channel="telephone"))
    assert desk.row().cancelled_through == "telephone"


def test_the_reasons_speak_of_the_patient(desk: Desk) -> None:
    shown = desk.main(f"{one(desk)}/cancel")
    assert "The patient feels better" in shown
    assert "I feel better" not in shown
    assert "no longer suits me" not in shown


def test_full_times_stand_behind_the_free_ones(desk: Desk) -> None:
    shown = desk.main(f"{desk.of()}/book?on=2026-03-03&over=1")
    assert shown.index("Book this time") < shown.index("Show 1 full time") < shown.index("Add as an extra")
    for slot in desk.today[1:]:
        an_appointment(slot, a_patient_of(desk.practice))
    shown = desk.main(f"{desk.of()}/book")
    assert "Every time of this day is full." in shown
    assert "Show 5 full times" in shown


def test_the_times_say_that_the_clinician_is_away_and_lead_to_the_next_when_somebody_is_there(desk: Desk) -> None:
    away(desk)
    shown = desk.main(f"{desk.of()}/book")
    assert shown.count("Away then") == 5
    assert "see the next free times, on Wednesday 4 March 2026" in shown
    assert "Away then" not in desk.main(f"{desk.of()}/book?on=2026-03-04")


def test_the_printed_day_says_when_and_whom_to_ring(desk: Desk) -> None:
    page = read(desk.client.get(desk.day))
    printed = " ".join(
        " ".join(each.text.split()) for each in page.all("span") if each.attributes.get("class") == "app-print-only"
    )
    assert "printed on Tuesday 3 March 2026 at 10am" in printed
    assert "NHS number 999" in printed
    assert "07700 900 982" in printed


@pytest.mark.parametrize(
    ("text", "reference", "spelling"), [("ZZZZ-ZZZZ", True, False), ("Robinsen", True, True), ("nobody", False, True)]
)
def test_an_unknown_reference_is_not_taken_for_a_misspelt_name(
    desk: Desk, text: str, reference: bool, spelling: bool
) -> None:
    shown = says(desk.finds(text))
    assert ("No appointment with this reference from the last hundred days on." in shown) is reference
    assert ("Check the spelling" in shown) is spelling


def test_a_full_time_says_too_that_the_clinician_is_away(desk: Desk) -> None:
    away(desk)
    assert desk.main(f"{desk.of()}/book?on=2026-03-03&over=1").count("(full) Away then") == 1
