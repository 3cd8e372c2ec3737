"""What staff see before they withdraw, what is refused in words, and what patients read of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.appointments.models import Appointment, Schedule, Slot, Withdrawal, WithdrawnAppointment
from patient_online.appointments.tests.clinics import Morning, a_morning
from patient_online.appointments.tests.test_move_session import moves, to
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_account, an_account_for, an_appointment, staff_of
from patient_online.web.tests.pages import read
from tests.statements import statements

pytestmark = pytest.mark.django_db
WITHDRAW, LIST = "/practice/withdraw", "/practice/withdrawn"


@pytest.fixture
def desk(client: Client, morning: Morning) -> Client:
    """A receptionist's browser."""
    account = an_account()
    staff_of(morning.practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    return client


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def typed(response: Any) -> dict[str, str]:
    """What the page's form holds."""
    boxes = [one.attributes for one in read(response).all("input")]
    return {one.get("name", ""): one.get("value", "") for one in boxes}


def confirmed(desk: Client, address: str, **given: str) -> Any:
    """Look at the preview, and send its form with a reason."""
    form = {
        one.attributes.get("name", ""): one.attributes.get("value", "") for one in read(desk.get(address)).all("input")
    }
    return desk.post(address, {**form, "reason": "clinician ill", "words": "", **given})


def this_session(morning: Morning) -> str:
    return f"{WITHDRAW}?session={morning.schedule.id}"


def test_staff_choose_days_and_see_who_is_touched_and_whom_to_ring(desk: Client, morning: Morning) -> None:
    morning.booked(0, patient=morning.patient(family_name="Whatnot", telephone="+441632960777"))
    day = {"first_day": "4", "first_month": "3", "first_year": "2026"}
    chosen: Any = desk.post(WITHDRAW, {"clinician": str(morning.doctor.id), "site": "", **day})
    assert chosen.url == f"{WITHDRAW}?clinician={morning.doctor.id}&from=2026-03-04"
    page = main(desk.get(chosen.url))
    assert "1 session" in page
    assert "6 times are still to come. 1 appointment is booked." in page
    assert "Madeup Whatnot" in page
    assert "Letter to print, or ring: 01632 960 777" in page
    assert "None is free" in page
    assert Slot.objects.filter(status="open").count() == 6


def test_days_the_wrong_way_round_are_pointed_out(desk: Client, morning: Morning) -> None:
    wrong = {f"first_{part}": value for part, value in zip(("day", "month", "year"), ("4", "3", "2026"), strict=True)}
    wrong |= {"last_day": "3", "last_month": "3", "last_year": "2026"}
    assert "The last day must be the first day or later" in main(desk.post(WITHDRAW, wrong))
    wrong |= {"last_year": "2027"}
    assert "Choose three months at most" in main(desk.post(WITHDRAW, wrong))


@pytest.mark.parametrize(
    "address", ["?session=x", "?from=yesterday", "?from=0001-01-01", "?clinician=x&from=2026-03-04"]
)
def test_an_address_that_names_nothing_asks_what_to_withdraw(desk: Client, address: str) -> None:
    assert "Choose the sessions that cannot take place." in main(desk.get(WITHDRAW + address))


def test_a_day_without_sessions_says_so(desk: Client) -> None:
    page = main(desk.get(f"{WITHDRAW}?day=2026-03-20"))
    assert "There is nothing to come in the book that this would touch." in page


def test_withdrawing_goes_on_to_the_list_and_pressed_twice_is_done_once(desk: Client, morning: Morning) -> None:
    morning.booked(0, patient=morning.patient(family_name="Whatnot"))
    key = str(uuid4())
    first = confirmed(desk, this_session(morning), key=key)
    page = main(desk.get(first.url))
    assert "The sessions are withdrawn. 1 appointment is cancelled." in page
    assert "Madeup Whatnot" in page
    assert "clinician ill" in page
    assert Withdrawal.objects.count() == 1
    assert confirmed(desk, this_session(morning), key=key).status_code == 409
    assert Withdrawal.objects.count() == 1


def test_a_reason_is_asked_for_and_what_was_typed_stays(desk: Client, morning: Morning) -> None:
    response = confirmed(desk, this_session(morning), reason="", words="The heating failed.")
    assert "Enter a reason, so that colleagues know why" in main(response)
    assert "The heating failed." in main(response)
    assert read(response).all("title")[0].text.startswith("Error: ")


def test_when_somebody_books_meanwhile_nothing_is_done_and_the_new_is_marked(desk: Client, morning: Morning) -> None:
    preview = desk.get(this_session(morning))
    form = typed(preview)
    patient = morning.patient(family_name="Latecomer")
    morning.booked(2, patient=patient, booked_at=morning.now + timedelta(minutes=1))
    response = desk.post(this_session(morning), {**form, "reason": "ill", "words": ""})
    assert response.status_code == 409
    page = main(response)
    assert "The book has changed since you looked. Nothing was done." in page
    assert "New since you looked" in page
    assert "Cancelled or moved away since you looked" not in page
    assert Appointment.objects.get().status == "booked"
    again = typed(response)
    assert desk.post(this_session(morning), {**again, "words": ""}).status_code == 302
    assert Appointment.objects.get().status == "cancelled"


def test_a_session_is_moved_from_the_page_and_put_back_from_the_list(desk: Client, morning: Morning) -> None:
    morning.booked(0)
    address = f"/practice/sessions/{morning.schedule.id}/move"
    where = {"clinician": str(morning.doctor.id), "site": str(morning.schedule.site_id), "time": "2pm"}
    day = {"day_day": "5", "day_month": "3", "day_year": "2026"}
    asked: Any = desk.post(address, {**where, **day})
    preview = asked.url
    assert "Thursday 5 March 2026 at 2pm" in main(desk.get(preview))
    assert "The session is moved. 1 appointment is moved with it." in main(desk.get(confirmed(desk, preview).url))
    assert confirmed(desk, this_session(morning)).status_code == 302
    back = f"/practice/sessions/{morning.schedule.id}/put-back"
    assert back in desk.get(LIST).content.decode()
    assert "Madeup" in main(desk.get(back))
    done: Any = desk.post(back, {"key": str(uuid4())})
    assert "The session is put back." in main(desk.get(done.url))
    assert Schedule.objects.get().withdrawn_at is None


def test_a_move_to_the_past_says_so_before_anybody_confirms(desk: Client, morning: Morning) -> None:
    where = f"clinician={morning.doctor.id}&site={morning.schedule.site_id}"
    page = main(desk.get(f"/practice/sessions/{morning.schedule.id}/move?to=2026-03-02T09:00:00%2B00:00&{where}"))
    assert "The new time is in the past." in page
    assert "Move and tell the patients" not in page


def test_a_tick_is_kept_and_can_be_taken_back(desk: Client, morning: Morning) -> None:
    morning.booked(0)
    morning.withdraws()
    row = WithdrawnAppointment.objects.get()
    desk.post(LIST, {"touched": str(row.id), "done": "1"})
    assert "Seen to in the last fourteen days" in main(desk.get(LIST))
    desk.post(LIST, {"touched": str(row.id), "done": ""})
    assert "Seen to in the last fourteen days" not in main(desk.get(LIST))


def test_another_practice_s_rows_cannot_be_ticked_or_opened(desk: Client, morning: Morning) -> None:
    other = a_morning(morning.now)
    other.booked(0)
    other.withdraws()
    row = WithdrawnAppointment.objects.get()
    desk.post(LIST, {"touched": str(row.id), "done": "1"})
    assert WithdrawnAppointment.objects.get().settled_at is None
    assert desk.get(f"/practice/sessions/{other.schedule.id}/move").status_code == 404
    assert desk.get(f"/practice/sessions/{other.schedule.id}/put-back").status_code == 404


def test_the_preview_and_the_list_cost_as_many_statements_for_fifty_as_for_five(desk: Client, morning: Morning) -> None:
    def costs(address: str) -> int:
        with statements() as made:
            assert desk.get(address).status_code == 200
        return len(made)

    morning.booked(0)
    one = costs(this_session(morning))
    Slot.objects.filter(id=morning.slots[1].id).update(seats=50)
    for seat in range(50):
        an_appointment(morning.slots[1], a_patient_of(morning.practice), seat=seat + 1)
    assert costs(this_session(morning)) == one <= 17
    morning.withdraws()
    assert costs(LIST) <= 6


@pytest.fixture
def robin(client: Client, morning: Morning) -> Client:
    """A patient's browser, with the first time of the morning booked."""
    patient = a_patient_of(morning.practice)
    morning.booked(0, patient=patient)
    client.force_login(an_account_for(patient))
    return client


def test_a_patient_reads_that_the_practice_cancelled_and_can_choose_a_new_time_of_the_same_kind(
    robin: Client, morning: Morning
) -> None:
    morning.withdraws(words="The heating failed.")
    listed = main(robin.get("/appointments/"))
    assert "Your practice had to cancel this appointment" in listed
    page = robin.get(f"/appointments/{Appointment.objects.get().id}")
    assert "Your practice had to cancel this appointment" in main(page)
    assert "The heating failed." in main(page)
    assert "The time is free for somebody else" not in main(page)
    [link] = [one for one in read(page).all("a") if one.text.strip() == "Choose a new time"]
    assert link.attributes["href"] == "/appointments/book?label=Appointment%20with%20a%20GP"
    morning.another(morning.now + timedelta(days=3))
    assert "Friday 6 March 2026" in main(robin.get(link.attributes["href"]))


def test_a_patient_reads_from_when_to_when_the_practice_moved_their_appointment(
    robin: Client, morning: Morning
) -> None:
    moves(morning, to(morning, timedelta(days=1)))
    said = "Your practice moved this appointment from Wednesday 4 March 2026 at 8am to Thursday 5 March 2026 at 8am."
    assert said in main(robin.get("/appointments/"))
    page = main(robin.get(f"/appointments/{Appointment.objects.get().id}"))
    assert said in page
    assert "Move to another time" in page


def test_the_preview_names_who_has_arrived_and_stays(desk: Client, morning: Morning) -> None:
    here = morning.patient(given_name="Robin", family_name="Whatnot")
    morning.booked(0, patient=here, arrived_at=morning.now, outcome="attended")
    page = main(desk.get(this_session(morning)))
    assert "Who stays in the book" in page
    assert "Robin Whatnot (has arrived)" in page
    assert "5 times are still to come. 0 appointments are booked." in page


def test_who_moves_a_session_to_a_bank_holiday_is_warned_and_may(desk: Client, morning: Morning) -> None:
    where = f"clinician={morning.doctor.id}&site={morning.schedule.site_id}"
    address = f"/practice/sessions/{morning.schedule.id}/move?to=2026-12-25T09:00:00%2B00:00&{where}"
    assert "The new day is a bank holiday in England: Christmas Day." in main(desk.get(address))
    assert confirmed(desk, address).status_code == 302
