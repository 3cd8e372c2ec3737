"""The desk's pages: finding a patient, their history, and the steps of booking, moving and cancelling for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment
from patient_online.nhs.appointments import Mode
from tests.statements import statements

pytestmark = pytest.mark.django_db
NO_WORDS = {"channel": "desk", "length": "1", "reason": "", "comment": ""}


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def sends(desk: Desk, path: str, **given: str) -> Any:
    """Send the form of the page."""
    return desk.client.post(path, {"key": str(uuid4()), **NO_WORDS, **given}, follow=True)


def test_nobody_is_listed_before_somebody_is_asked_for(desk: Desk) -> None:
    assert "Robin" not in desk.main("/practice/patients")
    assert "Enter a name, a date of birth, an NHS number or a reference" in says(desk.finds(""))
    assert "Nobody was found." in says(desk.finds("somebody else"))
    shown = says(desk.finds("robin"))
    assert "1 patient" in shown
    assert "1 January 1980" in shown


def test_a_free_time_of_the_day_leads_over_the_patient_to_its_booking(desk: Desk) -> None:
    assert f"/practice/patients?slot={desk.today[3].id}" in desk.client.get(desk.day).content.decode()
    page = desk.finds("robin", desk.today[3])
    assert "Find the patient first." in says(page)
    assert f'href="{desk.of()}/book/{desk.today[3].id}"' in page.content.decode()


def test_a_free_time_that_is_over_does_not_ask_to_be_booked(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[1].id).update(starts_at=TEN - timedelta(minutes=5), ends_at=TEN)
    page = desk.client.get(desk.day).content.decode()
    assert f"?slot={desk.today[1].id}" not in page
    assert f"?slot={desk.today[2].id}" in page


def test_the_whole_history_shows_what_became_of_each_and_who_did_it(desk: Desk) -> None:
    path = f"{desk.of()}/book/{desk.tomorrow[0].id}"
    assert "Appointment booked" in says(sends(desk, path, channel="telephone", reason="A cough"))
    missed = a_slot_of(desk.practice, TEN - timedelta(days=9))
    an_appointment(missed, desk.robin, outcome="dna")
    gone = {"status": "cancelled", "cancelled_at": TEN, "cancelled_by": None, "cancelled_through": "link"}
    an_appointment(a_slot_of(desk.practice, TEN + timedelta(days=3)), desk.robin, **gone)
    shown = desk.main(desk.of())
    assert "Booked 3 March 2026 at 10am by Rita Placeholder, on the telephone." in shown
    assert "by the patient or somebody for them, online." in shown
    assert "for them, online. Taken back 3 March 2026 at 10am by the patient or somebody for them, by the link" in shown
    assert "Did not attend" in shown
    assert "07700 900 982 (not confirmed)" in shown
    events = Entry.objects.filter(patient_id=desk.robin.id).values_list("event", flat=True)
    assert {"patient.seen", "appointment.history_seen"} <= set(events)


def test_what_the_practice_withdrew_is_told_apart_from_what_was_cancelled_at_the_desk(desk: Desk) -> None:
    gone = {"status": "cancelled", "cancelled_at": TEN, "cancelled_by": desk.rita.account_id}
    slots = [a_slot_of(desk.practice, TEN + timedelta(days=days)) for days in (3, 4)]
    an_appointment(slots[0], desk.robin, **gone, cancelled_through="desk", cancel_reason="withdrawn")
    an_appointment(slots[1], desk.robin, **gone, cancelled_through="telephone", cancel_reason="better")
    shown = desk.main(desk.of())
    assert "Withdrawn with its session 3 March 2026 at 10am by Rita Placeholder." in shown
    assert "Withdrawn by the practice" in shown
    assert shown.count("Taken back 3 March 2026 at 10am by Rita Placeholder, on the telephone.") == 1


def test_a_history_costs_as_few_statements_however_long_it_is(desk: Desk) -> None:
    with statements() as few:
        desk.main(desk.of())
    for days in range(1, 30):
        an_appointment(a_slot_of(desk.practice, TEN - timedelta(days=days)), desk.robin)
    with statements() as many:
        desk.main(desk.of())
    assert len(many) == len(few) <= 7


def test_the_times_of_a_day_show_what_patients_do_not_see_and_what_is_full(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[1].id).update(online=False)
    shown = desk.main(f"{desk.of()}/book?on=2026-03-03&over=1")
    assert "Tuesday 3 March 2026" in shown
    assert "not online" in shown
    assert shown.count("Add as an extra") == 1
    assert shown.count("Book this time") == 5
    assert "Robin Testperson" not in shown.split("Time With")[1]


def test_choosing_a_day_and_a_clinician_narrows_the_times(desk: Desk) -> None:
    other = a_slot_of(desk.practice, TEN + timedelta(days=1))
    day = {"day_day": "4", "day_month": "3", "day_year": "2026", "kind": ""}
    asked = {**day, "clinician": str(other.schedule.clinician_id)}
    answer = desk.client.get(f"{desk.of()}/book", asked, follow=True)
    assert answer.redirect_chain[0][0] == f"{desk.of()}/book?on=2026-03-04&clinician={other.schedule.clinician_id}"
    assert says(answer).count("Book this time") == 1
    assert "Day must be a real date" in says(desk.client.get(f"{desk.of()}/book", {**asked, "day_day": "32"}))


def test_a_day_without_free_times_names_the_next_with_some(desk: Desk) -> None:
    shown = desk.main(f"{desk.of()}/book?on=2026-03-07")
    assert "The book has nothing like that on this day." in shown
    for slot in desk.today[1:]:
        an_appointment(slot, a_patient_of(desk.practice))
    shown = desk.main(f"{desk.of()}/book")
    assert "see the next free times, on Wednesday 4 March 2026" in shown


def test_a_full_time_asks_for_the_reason_of_an_extra(desk: Desk) -> None:
    femi = a_patient_of(desk.practice, given_name="Femi", family_name="Whatnot")
    path = f"{desk.of(femi)}/book/{desk.today[0].id}"
    assert "This time is full" in desk.main(path)
    assert "Say why an extra appointment is needed" in says(sends(desk, path))
    assert "Appointment booked" in says(sends(desk, path, extra_reason="A baby with a fever"))
    shown = desk.main(desk.day)
    assert "Extra A baby with a fever" in shown


def test_a_time_that_is_taken_meanwhile_is_told_and_asks_for_the_reason_next(desk: Desk) -> None:
    femi, key = a_patient_of(desk.practice), str(uuid4())
    path = f"{desk.of(femi)}/book/{desk.tomorrow[0].id}"
    desk.client.get(path)
    an_appointment(desk.tomorrow[0], desk.robin)
    answer = desk.client.post(path, {"key": key, **NO_WORDS, "reason": "A cough"})
    assert "Say why an extra appointment is needed" in says(answer)
    assert 'value="A cough"' in answer.content.decode()


def test_a_clash_is_shown_and_asks_for_a_tick(desk: Desk) -> None:
    at_once = a_slot_of(desk.practice, desk.today[0].starts_at)
    path = f"{desk.of()}/book/{at_once.id}"
    assert "The patient has another appointment then" in desk.main(path)
    assert "Tick “Book it all the same”" in says(sends(desk, path))
    assert "Appointment booked" in says(sends(desk, path, knows_of_clash="on"))


def test_a_call_is_booked_with_the_number_in_the_details(desk: Desk) -> None:
    Slot.objects.filter(id=desk.tomorrow[0].id).update(mode=Mode.TELEPHONE)
    path = f"{desk.of()}/book/{desk.tomorrow[0].id}"
    assert 'value="07700 900 982"' in desk.client.get(path).content.decode()
    assert "Enter a telephone number, like" in says(sends(desk, path, telephone="his"))
    sends(desk, path, telephone="01632 960 001")
    assert Appointment.objects.get(slot=desk.tomorrow[0]).contact_telephone == "+441632960001"


def test_the_form_sent_twice_books_once_and_shows_the_same(desk: Desk) -> None:
    path, key = f"{desk.of()}/book/{desk.tomorrow[0].id}", str(uuid4())
    first, again = (sends(desk, path, key=key) for _ in range(2))
    assert first.redirect_chain == again.redirect_chain
    assert Appointment.objects.filter(slot=desk.tomorrow[0]).count() == 1


def test_an_appointment_is_moved_and_cancelled_from_the_patients_page(desk: Desk) -> None:
    one = f"{desk.of()}/appointments/{desk.appointment.id}"
    assert "stays until the new time is confirmed" in desk.main(f"{one}/move")
    answer = sends(desk, f"{one}/move/{desk.tomorrow[0].id}")
    assert "Appointment moved" in says(answer)
    moved = Appointment.objects.get(moved_from_id=desk.appointment.id)
    answer = sends(desk, f"{desk.of()}/appointments/{moved.id}/cancel", reason="practice", channel="telephone")
    assert "Appointment cancelled" in says(answer)
    row = desk.row(moved)
    assert (row.status, row.cancelled_through, row.cancel_reason) == ("cancelled", "telephone", "practice")
    answer = sends(desk, f"{desk.of()}/appointments/{moved.id}/cancel")
    assert "This appointment is already cancelled." in says(answer)


def test_a_move_opens_on_the_day_of_the_appointment_that_is_moved(desk: Desk) -> None:
    one = an_appointment(desk.tomorrow[0], desk.robin)
    shown = desk.main(f"{desk.of()}/appointments/{one.id}/move")
    assert "Wednesday 4 March 2026 Day before" in shown
    assert "Tuesday 3 March 2026 Day after" in desk.main(f"{desk.of()}/appointments/{one.id}/move?on=2026-03-03")


def test_a_double_is_offered_where_the_next_slot_is_free(desk: Desk) -> None:
    page = desk.client.get(f"{desk.of()}/book/{desk.tomorrow[3].id}")
    assert "10 minutes" in says(page)
    assert "30 minutes" in says(page)
    assert "40 minutes" not in says(page)
    sends(desk, f"{desk.of()}/book/{desk.tomorrow[3].id}", length="2")
    assert Appointment.objects.filter(slot__in=desk.tomorrow, patient=desk.robin).count() == 2


def test_what_is_of_another_practice_is_not_there(desk: Desk) -> None:
    elsewhere = a_practice()
    stranger = a_patient_of(elsewhere)
    theirs = a_slot_of(elsewhere, TEN + timedelta(days=1))
    made = an_appointment(theirs, stranger)
    paths = [
        desk.of(stranger),
        f"{desk.of(stranger)}/book",
        f"{desk.of()}/book/{theirs.id}",
        f"{desk.of(stranger)}/appointments/{made.id}",
        f"{desk.of()}/appointments/{made.id}/cancel",
        f"{desk.of()}/appointments/{desk.appointment.id}/move/{theirs.id}",
        f"{desk.of(a_patient_of(desk.practice))}/appointments/{desk.appointment.id}",
    ]
    assert [desk.client.get(path).status_code for path in paths] == [404] * len(paths)
