"""Who arrived, was sent in, left or did not attend, as the desk notes it and takes it back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.appointments import jobs
from patient_online.appointments.actions import mark, record_never_arrived
from patient_online.appointments.models import Appointment, Schedule, Slot
from patient_online.appointments.rules.desk import Mark, NotMarked
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.asking import Role, System
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    an_appointment,
    slots_in,
    staff_of,
    the_maker,
)
from patient_online.nhs.appointments import Mode
from patient_online.practices.actions import set_policy
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from tests.statements import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def test_a_patient_arrives_is_sent_in_and_leaves(desk: Desk) -> None:
    answer = desk.presses("arrived")
    assert answer.url == f"{desk.day}#a-{desk.appointment.id}"
    with time_machine.travel(TEN + timedelta(minutes=9), tick=False):
        shown = desk.main(desk.day)
        assert "Arrived 10am, waiting 9 minutes" in shown
        assert "Waiting longest Robin Testperson, 9 minutes" in shown
        desk.presses("sent-in")
    with time_machine.travel(TEN + timedelta(minutes=18), tick=False):
        desk.presses("left")
        assert "Left 10:18am" in desk.main(desk.day)
    row = desk.row()
    assert (row.arrived_at, row.sent_in_at) == (TEN, TEN + timedelta(minutes=9))
    assert (row.left_at, row.outcome) == (TEN + timedelta(minutes=18), "attended")
    entries = Entry.objects.filter(event="appointment.marked", patient_id=desk.robin.id).order_by("id")
    assert [entry.details["mark"] for entry in entries] == ["arrived", "sent-in", "left"]


def test_each_press_can_be_taken_back_in_turn(desk: Desk) -> None:
    before = Appointment.objects.filter(id=desk.appointment.id).values().get()
    for press in ("arrived", "sent-in", "left", "not-left", "not-sent-in", "not-arrived"):
        assert desk.presses(press).status_code == 302
    for press in ("did-not-attend", "not-recorded"):
        assert desk.presses(press).status_code == 302
    assert Appointment.objects.filter(id=desk.appointment.id).values().get() == before


def test_the_same_press_twice_is_noted_once(desk: Desk) -> None:
    desk.presses("arrived")
    with time_machine.travel(TEN + timedelta(minutes=5), tick=False):
        assert desk.presses("arrived").status_code == 302
    assert desk.row().arrived_at == TEN
    assert Entry.objects.filter(event="appointment.marked").count() == 1


def test_who_has_arrived_is_not_recorded_as_missing_by_an_old_page(desk: Desk) -> None:
    desk.presses("arrived")
    answer = desk.presses("did-not-attend")
    assert answer.status_code == 409
    assert "Somebody else has just noted something else of this appointment" in says(answer)
    assert desk.row().outcome == "attended"


def test_who_was_given_up_and_comes_after_all_has_arrived(desk: Desk) -> None:
    desk.presses("did-not-attend")
    assert "Did not attend" in desk.main(desk.day)
    desk.presses("arrived")
    assert (desk.row().outcome, desk.row().arrived_at) == ("attended", TEN)


def test_nobody_has_failed_to_attend_before_the_appointment_starts(desk: Desk) -> None:
    later = an_appointment(desk.today[2], desk.robin)
    answer = desk.presses("did-not-attend", later)
    assert answer.status_code == 409
    assert "This appointment has not started yet." in says(answer)
    assert desk.row(later).outcome == ""


def test_nobody_arrives_on_another_day(desk: Desk) -> None:
    for slot in (desk.tomorrow[0], a_slot_of(desk.practice, TEN - timedelta(days=1))):
        with pytest.raises(Refused) as no:
            mark(an_appointment(slot, desk.robin).id, what=Mark.ARRIVED, by=desk.rita, at=TEN)
        assert no.value.reason is NotMarked.NOT_TODAY


def test_of_a_day_that_has_been_one_still_records_who_attended(desk: Desk) -> None:
    yesterday = an_appointment(a_slot_of(desk.practice, TEN - timedelta(days=1)), desk.robin)
    shown = desk.main("/appointments/book-of-the-day/2026-03-02")
    assert "Attended Robin Testperson Did not attend Robin Testperson" in shown
    mark(yesterday.id, what=Mark.ATTENDED, by=desk.rita, at=TEN)
    assert (desk.row(yesterday).outcome, desk.row(yesterday).arrived_at) == ("attended", None)


def test_who_is_telephoned_is_reached_or_not_and_never_arrives(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[0].id).update(mode=Mode.TELEPHONE)
    shown = desk.main(desk.day)
    assert "Attended Robin Testperson Did not attend Robin Testperson" in shown
    assert "Arrived Robin Testperson" not in shown


def test_a_double_appointment_is_noted_as_one(desk: Desk) -> None:
    second = an_appointment(desk.today[1], desk.robin, continues_id=desk.appointment.id)
    desk.presses("arrived")
    assert desk.row(second).arrived_at == TEN
    shown = desk.main(desk.day)
    assert "Longer appointment, continued" in shown
    assert shown.count("Sent in Robin Testperson") == 1
    assert "Booked 1 Arrived 1 Free from now on 4" in shown


def test_what_is_cancelled_elsewhere_or_unknown_is_not_noted(desk: Desk) -> None:
    elsewhere = a_practice()
    theirs = an_appointment(a_slot_of(elsewhere, TEN), a_patient_of(elsewhere))
    off = {"status": "cancelled", "cancelled_at": TEN, "cancelled_by": uuid7(), "cancelled_through": "desk"}
    for id_ in (theirs.id, an_appointment(desk.today[3], desk.robin, **off).id, uuid7()):
        with pytest.raises(Refused) as no:
            mark(id_, what=Mark.ARRIVED, by=desk.rita, at=TEN)
        assert no.value.reason is NotMarked.NO_LONGER_BOOKED
    assert not Appointment.objects.filter(arrived_at__isnull=False).exists()


def test_a_press_that_says_nothing_is_pointed_out(desk: Desk) -> None:
    answer = desk.client.post(desk.day, {"mark": "vanished"})
    assert answer.status_code == 409
    assert "Press one of the buttons in the list" in says(answer)


def test_what_was_withdrawn_is_struck_through_with_a_word(desk: Desk) -> None:
    Schedule.objects.filter(id=desk.today[0].schedule_id).update(withdrawn_at=TEN, withdrawn_by=desk.rita.account_id)
    answer = desk.client.get(desk.day)
    assert says(answer).count("Withdrawn") == 6
    assert answer.content.decode().count("app-withdrawn") == 6
    assert "Free from now on 0" in says(answer)


def test_several_people_come_to_a_clinic_with_seats(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[0].id).update(seats=4)
    other = a_patient_of(desk.practice, given_name="Femi", family_name="Whatnot")
    an_appointment(desk.today[0], other, seat=2)
    shown = desk.main(desk.day)
    assert "Robin Testperson" in shown
    assert "Femi Whatnot" in shown
    assert "2 of 4 free" in shown
    assert "Booked 2 Arrived 0 Free from now on 5" in shown


def test_the_list_of_one_clinician_shows_and_audits_nobody_else(desk: Desk) -> None:
    other = a_slot_of(desk.practice, TEN)
    femi = a_patient_of(desk.practice, given_name="Femi", family_name="Whatnot")
    an_appointment(other, femi)
    assert "Femi Whatnot" in desk.main(desk.day)
    before = Entry.objects.filter(patient_id=femi.id).count()
    shown = desk.main(f"{desk.day}?clinician={desk.today[0].schedule.clinician_id}")
    assert "Robin Testperson" in shown
    assert "Femi Whatnot" not in shown
    assert Entry.objects.filter(patient_id=femi.id).count() == before


def test_one_jumps_to_a_day_and_keeps_the_clinician(desk: Desk) -> None:
    a_slot_of(desk.practice, TEN)
    ada = desk.today[0].schedule.clinician_id
    day = {"day_day": "27", "day_month": "3", "day_year": "2026", "clinician": str(ada), "site": ""}
    assert desk.client.get(desk.day, day).url == f"/appointments/book-of-the-day/2026-03-27?clinician={ada}"  # type: ignore[attr-defined]
    answer = desk.client.get(desk.day, day | {"day_month": "13"})
    assert "Day must be a real date" in says(answer)
    assert "Robin Testperson" in says(answer)


def test_a_day_of_two_hundred_costs_as_few_statements_as_an_empty_one(desk: Desk) -> None:
    with statements() as few:
        desk.client.get("/appointments/book-of-the-day/2026-03-08")
    for _ in range(20):
        for each in slots_in(a_schedule(desk.practice, TEN), most=10):
            an_appointment(each, desk.robin)
    with statements() as many:
        assert desk.main(desk.day).count("born 1 January 1980") == 201
    assert len(many) <= len(few) + 1 <= 5


def test_who_never_arrived_is_recorded_at_night_where_the_practice_wants_it(desk: Desk) -> None:
    yesterday = TEN - timedelta(days=1)
    missed = an_appointment(a_slot_of(desk.practice, yesterday), desk.robin)
    called = an_appointment(a_slot_of(desk.practice, yesterday, mode=Mode.TELEPHONE), desk.robin)
    came = an_appointment(a_slot_of(desk.practice, yesterday), desk.robin, arrived_at=yesterday, outcome="attended")
    on_paper = an_appointment(a_slot_of(desk.practice, TEN - timedelta(days=4)), desk.robin)
    night = System("record_never_arrived", desk.practice.ods_code)
    given: dict[str, Any] = {"before": TEN.date(), "by": night, "at": TEN}
    assert record_never_arrived(**given) == 0
    set_policy(desk.practice, name="auto_did_not_attend", value=True, by=the_maker(desk.practice), at=TEN)
    assert record_never_arrived(**given) == 1
    assert record_never_arrived(**given) == 0
    outcomes = [desk.row(each).outcome for each in (missed, called, came, on_paper, desk.appointment)]
    assert outcomes == ["dna", "", "attended", "", ""]
    assert Entry.objects.get(event="appointment.never_arrived").patient_id == desk.robin.id


def test_the_job_of_the_night_records_it_at_each_practice_that_wants_it(desk: Desk) -> None:
    yesterday = TEN - timedelta(days=1)
    missed = an_appointment(a_slot_of(desk.practice, yesterday), desk.robin)
    an_appointment(a_slot_of(desk.practice, yesterday), desk.robin, arrived_at=yesterday, outcome="attended")
    elsewhere = a_practice()
    theirs = an_appointment(a_slot_of(elsewhere, yesterday), a_patient_of(elsewhere))
    set_policy(desk.practice, name="auto_did_not_attend", value=True, by=the_maker(desk.practice), at=TEN)
    for practice in (desk.practice, elsewhere):
        jobs.record_never_arrived_at_practice(practice_id=practice.ods_code)
    assert (desk.row(missed).outcome, desk.row(theirs).outcome) == ("dna", "")


def test_somebody_without_a_role_at_the_desk_notes_nothing(desk: Desk) -> None:
    dispenser = staff_of(desk.practice, Role.DISPENSER)
    with pytest.raises(Refused):
        mark(desk.appointment.id, what=Mark.ARRIVED, by=dispenser, at=TEN)
    assert desk.row().arrived_at is None
