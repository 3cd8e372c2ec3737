"""The desk is told when the rules that bind patients would have said no, before it books on purpose."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.appointments.models import Absence, Appointment, BookingRule, Slot
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_slot_of, an_appointment, the_maker
from patient_online.practices.actions import set_policy
from patient_online.storage.ids import uuid7
from tests.statements import statements

pytestmark = pytest.mark.django_db
SAYS_NO = "The online rules would say no: "
TICK = "Tick “Book it on purpose”, or choose another time"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning; patients may book two ahead, up to a quarter of an hour before."""
    with at_the_desk(client) as desk:
        yield desk


def sends(desk: Desk, path: str, **given: str) -> Any:
    """Send the form of the page."""
    given = {"key": str(uuid4()), "channel": "desk", "length": "1", "reason": "", "comment": "", **given}
    return desk.client.post(path, given, follow=True)


def booking(desk: Desk, slot: Slot) -> str:
    """The page that books the slot for Robin."""
    return f"{desk.of()}/book/{slot.id}"


def ruled(desk: Desk, slot: Slot, **rule: Any) -> None:
    """Say for whom or from when the kind of this slot is online."""
    BookingRule.objects.create(practice=desk.practice, type_id=slot.type_id, **rule)


def reached(desk: Desk) -> None:
    """Let Robin have as many as patients may book ahead."""
    for days in (2, 3):
        an_appointment(a_slot_of(desk.practice, TEN + timedelta(days=days)), desk.robin)


def test_a_time_of_today_that_is_over_is_not_offered_but_can_still_be_written_down(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[0].id).update(ends_at=TEN, seats=2)
    shown = desk.main(f"{desk.of()}/book")
    assert "9:50am" not in shown
    assert "10am to 10:10am" in shown
    assert "Show times of today that are over" in shown
    written = desk.main(f"{desk.of()}/book?on=2026-03-03&over=1")
    assert "9:50am to 10am (over)" in written
    assert "Show times of today that are over" not in written
    assert "Show times of today that are over" not in desk.main(f"{desk.of()}/book?on=2026-03-04")


def test_what_the_online_rules_allow_is_booked_without_being_asked(desk: Desk) -> None:
    assert SAYS_NO not in desk.main(booking(desk, desk.tomorrow[0]))
    assert "Appointment booked" in says(sends(desk, booking(desk, desk.tomorrow[0])))
    entry = Entry.objects.get(event="appointment.booked_at_desk")
    assert "against" not in entry.details


def test_who_has_as_many_as_patients_may_is_booked_on_purpose(desk: Desk) -> None:
    reached(desk)
    path = booking(desk, desk.tomorrow[0])
    shown = desk.main(path)
    assert f"{SAYS_NO}The patient has as many as they may" in shown
    assert "“You have booked as many appointments ahead as your practice allows online: 2.”" in shown
    assert TICK in says(sends(desk, path, reason="A cough"))
    assert not Appointment.objects.filter(slot=desk.tomorrow[0]).exists()
    assert "Appointment booked" in says(sends(desk, path, on_purpose="on"))
    entry = Entry.objects.get(event="appointment.booked_at_desk")
    assert entry.details["against"] == NotBooked.LIMIT_REACHED.rule


def test_the_limit_is_told_of_what_is_not_online_too_and_nothing_else(desk: Desk) -> None:
    slot = desk.tomorrow[0]
    ruled(desk, slot, least_age=70)
    Slot.objects.filter(id=slot.id).update(online=False, release_at=TEN + timedelta(hours=20))
    assert SAYS_NO not in desk.main(booking(desk, slot))
    reached(desk)
    assert f"{SAYS_NO}The patient has as many as they may" in desk.main(booking(desk, slot))


def test_whom_a_kind_of_slot_is_not_for_is_told(desk: Desk) -> None:
    ruled(desk, desk.tomorrow[0], least_age=70)
    shown = desk.main(booking(desk, desk.tomorrow[0]))
    assert f"{SAYS_NO}Not for this patient" in shown
    assert "only to some patients: people aged 70 or over" in shown


def test_a_time_that_is_not_released_yet_is_told_with_when_it_will_be(desk: Desk) -> None:
    ruled(desk, desk.tomorrow[0], embargo_until=TEN + timedelta(hours=2))
    shown = desk.main(booking(desk, desk.tomorrow[0]))
    assert f"{SAYS_NO}Not released yet" in shown
    assert "can be booked from midday on Tuesday 3 March 2026" in shown


def test_the_shortest_notice_and_a_time_too_far_ahead_are_told(desk: Desk) -> None:
    ten_past = desk.today[2]
    assert f"{SAYS_NO}Too late to book online" in desk.main(booking(desk, ten_past))
    set_policy(desk.practice, name="minimum_notice_minutes", value=10, by=the_maker(desk.practice), at=TEN)
    assert SAYS_NO not in desk.main(booking(desk, ten_past))
    far = a_slot_of(desk.practice, TEN + timedelta(days=40))
    assert f"{SAYS_NO}Too far ahead" in desk.main(booking(desk, far))


def test_who_is_put_into_a_time_that_has_started_is_asked_nothing_more(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[1].id).update(starts_at=TEN - timedelta(minutes=3))
    assert SAYS_NO not in desk.main(booking(desk, desk.today[1]))
    reached(desk)
    assert f"{SAYS_NO}The patient has as many as they may" in desk.main(booking(desk, desk.today[1]))


def test_an_extra_with_its_reason_needs_no_second_yes(desk: Desk) -> None:
    path = f"{desk.of(a_patient_of(desk.practice))}/book/{desk.today[2].id}"
    an_appointment(desk.today[2], desk.robin)
    assert f"{SAYS_NO}Too late to book online" in desk.main(path)
    assert "Appointment booked" in says(sends(desk, path, extra_reason="A baby with a fever"))


def test_a_time_when_the_clinician_is_away_is_warned_of_and_asks_for_a_tick(desk: Desk) -> None:
    day = date(2026, 3, 4)
    who = {"practice": desk.practice, "clinician_id": desk.tomorrow[0].schedule.clinician_id}
    Absence.objects.create(**who, from_day=day, to_day=day, entered_at=TEN, entered_by=uuid7())
    path = booking(desk, desk.tomorrow[0])
    assert "The practice is closed then, or the clinician is away" in desk.main(path)
    assert TICK in says(sends(desk, path))
    assert "Appointment booked" in says(sends(desk, path, on_purpose="on"))


def test_a_move_is_told_the_same_but_never_of_the_limit(desk: Desk) -> None:
    reached(desk)
    one = an_appointment(a_slot_of(desk.practice, TEN + timedelta(days=4)), desk.robin)
    path = f"{desk.of()}/appointments/{one.id}/move/{desk.tomorrow[0].id}"
    assert SAYS_NO not in desk.main(path)
    ruled(desk, desk.tomorrow[0], least_age=70)
    assert f"{SAYS_NO}Not for this patient" in desk.main(path)
    assert TICK in says(sends(desk, path))
    assert "Appointment moved" in says(sends(desk, path, on_purpose="on", knows_of_other="on"))
    entry = Entry.objects.get(event="appointment.moved_at_desk")
    assert entry.details["against"] == NotBooked.NOT_FOR_YOU.rule


def test_a_page_sent_twice_is_not_asked_anew_though_its_own_booking_reached_the_limit(desk: Desk) -> None:
    set_policy(desk.practice, name="most_future_appointments", value=1, by=the_maker(desk.practice), at=TEN)
    path, key = booking(desk, desk.tomorrow[0]), str(uuid4())
    first, again = (sends(desk, path, key=key) for _ in range(2))
    assert "Appointment booked" in says(first)
    assert first.redirect_chain == again.redirect_chain


def test_how_the_patient_asked_must_be_said_and_nothing_is_chosen_beforehand(desk: Desk) -> None:
    path = booking(desk, desk.tomorrow[0])
    assert " checked" not in desk.client.get(path).content.decode()
    assert "Say how the patient asked: at the desk or on the telephone" in says(sends(desk, path, channel=""))


def test_how_the_patient_asked_is_kept_for_this_patient_and_this_call_alone(desk: Desk) -> None:
    sends(desk, booking(desk, desk.tomorrow[0]), channel="telephone")
    femi = a_patient_of(desk.practice)
    one = Appointment.objects.get(slot=desk.tomorrow[0])
    for path in (booking(desk, desk.tomorrow[1]), f"{desk.of()}/appointments/{one.id}/cancel"):
        assert 'value="telephone" checked' in desk.client.get(path).content.decode()
    assert " checked" not in desk.client.get(f"{desk.of(femi)}/book/{desk.tomorrow[1].id}").content.decode()


def test_after_a_quarter_of_an_hour_it_is_another_call(desk: Desk, time_machine: Any) -> None:
    sends(desk, booking(desk, desk.tomorrow[0]), channel="telephone")
    time_machine.move_to(TEN + timedelta(minutes=16), tick=False)
    assert " checked" not in desk.client.get(booking(desk, desk.tomorrow[1])).content.decode()


def test_what_the_page_of_a_booking_asks_of_the_database_stays_little(desk: Desk) -> None:
    with statements() as made:
        desk.main(booking(desk, desk.tomorrow[0]))
    assert len(made) <= 12
