"""What people at their browsers could not get is counted, and nobody can be found from a count."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from patient_online.appointments import jobs
from patient_online.appointments.models import Appointment, Slot, UnmetDemand
from patient_online.appointments.notices.links import token_of
from patient_online.appointments.queries.unmet import GIVEN_UP, SEARCH_EMPTY
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.rules.cancel import NotCancelled
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.asking import NotAllowed, Role
from patient_online.demo.factories import a_patient_of, an_account, an_appointment, staff_of, the_maker
from patient_online.nhs.dates import from_wall_clock, local_day
from patient_online.practices.actions import set_policy
from patient_online.practices.models import ServiceStatus
from patient_online.web.tests.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def yesterday() -> datetime:
    """Yesterday morning at ten: the ids of the trail are made by the real clock."""
    return from_wall_clock(local_day(timezone.now()) - timedelta(days=1), time(10))


@pytest.fixture
def book(client: Client, yesterday: datetime) -> Iterator[OpenBook]:
    """Robin's browser, yesterday; the next day there is a clinic."""
    with time_machine.travel(yesterday, tick=False):
        yield OpenBook.of(client, yesterday)


def counted(book: OpenBook) -> dict[str, int]:
    """What stands in the counts of the day once the night's job has run."""
    with time_machine.travel(book.now + timedelta(days=1), tick=False):
        jobs.count_unmet_of_practice(book.practice.ods_code)
    rows = UnmetDemand.objects.filter(practice=book.practice, day=local_day(book.now))
    found: dict[str, int] = {}
    for row in rows:
        found[row.what] = found.get(row.what, 0) + row.count
    return found


def goes_past_the_signs(browser: Client, slot: Slot) -> str:
    """Somebody opens a slot that they could have, and goes past the signs of an emergency; the page to confirm it."""
    path = f"/appointments/slots/{slot.id}"
    assert browser.get(f"{path}/before-you-book").status_code == 200
    assert browser.post(f"{path}/before-you-book", {"key": str(uuid4())}).status_code == 302
    assert browser.get(path).status_code == 200
    return path


def is_refused(browser: Client, path: str, slot: Slot) -> None:
    """They confirm, and are told why not."""
    sent = {"key": str(uuid4()), "length": "1", "reason": "", "comment": "", "starts": slot.starts_at.isoformat()}
    assert browser.post(path, sent).status_code == 409


def test_a_day_on_which_everybody_got_what_they_wanted_counts_nothing(book: OpenBook) -> None:
    book.client.get("/appointments/book")
    slot = book.slots[0]
    assert book.confirms(slot, starts=slot.starts_at.isoformat()).status_code == 302
    made = Appointment.objects.get()
    book.client.post(f"/appointments/{made.id}/cancel", {"key": str(uuid4()), "reason": ""})
    assert Appointment.objects.get().status == "cancelled"
    assert counted(book) == {}


def test_a_search_without_a_result_counts_once_for_each_who_looks(book: OpenBook) -> None:
    for browser in (book.client, signed_in(book.account_for(a_patient_of(book.practice)))):
        for _look in range(3):
            assert browser.get("/appointments/book?sex=male").status_code == 200
    assert counted(book) == {SEARCH_EMPTY: 2}


def test_who_finds_no_time_to_move_to_and_who_comes_too_late_with_a_link_are_counted(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    assert book.client.get(f"/appointments/{mine.id}/move?sex=male").status_code == 200
    with time_machine.travel(book.slots[0].starts_at, tick=False):
        Client().post(f"/cancel/{token_of(book.practice.ods_code, mine.id)}", {"key": str(uuid4())})
    with time_machine.travel(book.now + timedelta(days=2), tick=False):
        jobs.count_unmet_of_practice(book.practice.ods_code)
    rows = UnmetDemand.objects.filter(practice=book.practice)
    assert {(row.day, row.what) for row in rows} == {
        (local_day(book.now), SEARCH_EMPTY),
        (local_day(book.slots[0].starts_at), NotCancelled.IN_THE_PAST.rule),
    }


def test_who_goes_no_further_than_the_signs_or_the_page_to_confirm_gave_up(book: OpenBook) -> None:
    other = signed_in(book.account_for(a_patient_of(book.practice)))
    assert book.client.get(f"/appointments/slots/{book.slots[0].id}/before-you-book").status_code == 200
    goes_past_the_signs(other, book.slots[0])
    assert not Appointment.objects.exists()
    assert counted(book) == {GIVEN_UP: 2}


def test_each_refusal_counts_under_its_rule(book: OpenBook) -> None:
    """A slot that somebody takes meanwhile, a third appointment, and one that is too late to cancel."""
    taken, third = book.slots[0], book.slots[2]
    path = goes_past_the_signs(book.client, taken)
    an_appointment(taken, a_patient_of(book.practice))
    is_refused(book.client, path, taken)
    path = goes_past_the_signs(book.client, third)
    soon = an_appointment(book.slot_at(timedelta(minutes=20)), book.robin)
    an_appointment(book.slots[1], book.robin)
    is_refused(book.client, path, third)
    gone = book.client.post(f"/appointments/{soon.id}/cancel", {"key": str(uuid4()), "reason": ""})
    assert gone.status_code == 409
    found = counted(book)
    assert found.pop(GIVEN_UP) == 1
    assert found == {
        NotBooked.JUST_TAKEN.rule: 1,
        NotBooked.LIMIT_REACHED.rule: 1,
        NotCancelled.TOO_LATE.rule: 1,
    }


def test_a_service_that_is_switched_off_and_a_policy_that_says_no_count_too(book: OpenBook) -> None:
    mine = an_appointment(book.slots[0], book.robin)
    set_policy(book.practice, name="cancel_online", value=False, by=the_maker(book.practice), at=book.now)
    book.client.post(f"/appointments/{mine.id}/cancel", {"key": str(uuid4()), "reason": ""})
    ServiceStatus.objects.update(status="available")
    assert book.client.get("/appointments/book").status_code == 403
    assert counted(book) == {NotCancelled.NOT_ONLINE.rule: 1, NotAllowed.SERVICE_OFF.rule: 1}


def test_no_cell_of_the_counts_and_of_what_a_manager_takes_away_names_anybody(book: OpenBook) -> None:
    """Neither an id, nor a name, nor a number; and no column could be joined to a person."""
    book.client.get("/appointments/book?sex=male")
    taken = book.slots[0]
    path = goes_past_the_signs(book.client, taken)
    an_appointment(taken, a_patient_of(book.practice))
    is_refused(book.client, path, taken)
    assert set(counted(book)) == {SEARCH_EMPTY, GIVEN_UP, NotBooked.JUST_TAKEN.rule}
    staff_of(book.practice, Role.MANAGER, account=(account := an_account()))
    with time_machine.travel(book.now + timedelta(days=1), tick=False):
        mara = signed_in(account)
        shown = "".join(mara.get(path).content.decode() for path in ("/practice/unmet", "/practice/unmet.csv"))
    shown += " ".join(str(cell) for row in UnmetDemand.objects.values_list() for cell in row)
    robin, theirs = book.robin, book.accounts[0]
    named = [robin.id, theirs.id, theirs.email, robin.nhs_number, robin.family_name, taken.id]
    assert [each for each in named if str(each) in shown] == []
    assert tables_referred_to() == {"practices_practice"}


def tables_referred_to() -> set[str]:
    """The tables to which the database lets a row of the counts point."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text FROM pg_constraint"
            " WHERE conrelid = 'appointments_unmetdemand'::regclass AND contype = 'f'"
        )
        return {name for (name,) in cursor.fetchall()}


def test_six_refusals_by_one_rule_are_one_row_that_tells_nothing_of_how_many_people(book: OpenBook) -> None:
    """Who was refused twice cannot be told from two who were refused once."""
    browsers, taken = [book.client, signed_in(book.account_for(a_patient_of(book.practice)))], book.slots[0]
    paths = [goes_past_the_signs(browser, taken) for browser in browsers]
    an_appointment(taken, a_patient_of(book.practice))
    for browser, path in zip(browsers, paths, strict=True):
        for _press in range(3):
            is_refused(browser, path, taken)
    assert counted(book)[NotBooked.JUST_TAKEN.rule] == 6
    assert UnmetDemand.objects.filter(what=NotBooked.JUST_TAKEN.rule).count() == 1
