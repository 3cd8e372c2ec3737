"""What people could not get is counted, without a person, and a count never goes down."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.appointments import actions, jobs
from patient_online.appointments.models import Appointment, Slot, UnmetDemand
from patient_online.appointments.queries.unmet import GIVEN_UP, SEARCH_EMPTY
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.asking import Acting, Role, System
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_of,
    acting_as,
    an_account,
    an_appointment,
    staff_of,
)
from patient_online.nhs.dates import from_wall_clock, local_day
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.web.tests.pages import read
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(client: Client, now: datetime) -> Iterator[OpenBook]:
    """Robin's browser, signed in at 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        yield OpenBook.of(client, now)


@pytest.fixture
def yesterday() -> datetime:
    """Yesterday morning: the ids of the trail are made by the real clock."""
    return from_wall_clock(local_day(timezone.now()) - timedelta(days=1), time(10))


def counts(what: str, practice: Practice | None = None) -> int:
    """How often it was counted, at one practice or at all."""
    rows = UnmetDemand.objects.filter(what=what, **({"practice": practice} if practice else {}))
    return sum(rows.values_list("count", flat=True))


def count_the_day(practice: Practice, at: datetime) -> None:
    """What the nightly job does for one day."""
    by = System("count_unmet", practice.ods_code)
    actions.count_unmet(local_day(at), by=by, at=timezone.now())


def signs(acting: Acting, slot: Slot, at: datetime) -> None:
    """The person is shown the signs of an emergency before booking the slot."""
    actions.show_red_flags(slot, by=acting, at=at)


def books(acting: Acting, slot: Slot, at: datetime) -> Appointment:
    """The person books the slot."""
    return actions.book(slot, by=acting, key=None, at=at)


def test_a_search_that_finds_nothing_counts_once_a_day_however_often_one_looks(book: OpenBook) -> None:
    book.client.get("/appointments/book")
    assert counts(SEARCH_EMPTY) == 0
    for _look in range(3):
        book.client.get("/appointments/book?sex=male")
    assert counts(SEARCH_EMPTY) == 1
    with time_machine.travel(book.now + timedelta(days=1), tick=False):
        book.client.force_login(book.accounts[0])
        book.client.get("/appointments/book?sex=male")
    assert counts(SEARCH_EMPTY) == 2
    assert sorted(UnmetDemand.objects.values_list("day", flat=True)) == [
        book.now.date(),
        book.now.date() + timedelta(days=1),
    ]


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_of_forty_who_find_nothing_at_once_each_is_counted(now: datetime) -> None:
    acting = acting_as(a_patient_of(a_practice()))
    at_once([lambda: actions.count_empty_search(by=acting, at=now)] * 40)
    assert counts(SEARCH_EMPTY) == 40
    assert 1 < UnmetDemand.objects.count() <= 8


def test_who_saw_the_signs_and_never_booked_gave_up(practice: Practice, yesterday: datetime) -> None:
    """Whoever booked within the hour did not, though they looked at another time first."""
    slots = [a_slot_of(practice, yesterday + timedelta(days=3, hours=n)) for n in range(3)]
    gave_up, booked, late = (acting_as(a_patient_of(practice)) for _person in range(3))
    signs(gave_up, slots[0], yesterday)
    signs(gave_up, slots[1], yesterday + timedelta(minutes=5))
    signs(booked, slots[0], yesterday)
    signs(booked, slots[1], yesterday + timedelta(minutes=5))
    books(booked, slots[1], yesterday + timedelta(minutes=59))
    signs(late, slots[2], yesterday)
    books(late, slots[2], yesterday + timedelta(minutes=61))
    count_the_day(practice, yesterday)
    assert counts(GIVEN_UP) == 2


def test_a_booking_that_was_refused_is_a_refusal_and_given_up(practice: Practice, yesterday: datetime) -> None:
    slot = a_slot_of(practice, yesterday + timedelta(days=3))
    an_appointment(slot, a_patient_of(practice))
    acting = acting_as(a_patient_of(practice))
    signs(acting, slot, yesterday)
    for _try in range(2):
        with pytest.raises(Refused):
            books(acting, slot, yesterday + timedelta(minutes=1))
    count_the_day(practice, yesterday)
    assert counts(NotBooked.JUST_TAKEN.rule) == 2
    assert counts(GIVEN_UP) == 1


def test_counting_a_night_again_changes_nothing_and_other_days_and_practices_are_left_out(
    practice: Practice, yesterday: datetime
) -> None:
    elsewhere = a_practice()
    for where, at in ((practice, yesterday), (elsewhere, yesterday), (practice, yesterday - timedelta(days=1))):
        signs(acting_as(a_patient_of(where)), a_slot_of(where, at + timedelta(days=3)), at)
    for _night in range(3):
        count_the_day(practice, yesterday)
    assert (counts(GIVEN_UP, practice), counts(GIVEN_UP, elsewhere)) == (1, 0)
    assert UnmetDemand.objects.get().day == local_day(yesterday)


def test_a_count_never_goes_down(practice: Practice, yesterday: datetime) -> None:
    """Nor where an earlier night knew of more than the trail tells now."""
    day = local_day(yesterday)
    UnmetDemand.objects.create(practice=practice, day=day, what=GIVEN_UP, count=5)
    signs(acting_as(a_patient_of(practice)), a_slot_of(practice, yesterday + timedelta(days=3)), yesterday)
    count_the_day(practice, yesterday)
    assert counts(GIVEN_UP) == 5


def test_what_staff_are_refused_is_nobodys_unmet_demand(practice: Practice, yesterday: datetime) -> None:
    worker = staff_of(practice, Role.GP)
    slot = a_slot_of(practice, yesterday + timedelta(days=3))
    given: dict[str, Any] = dict.fromkeys(("label", "guidance", "national_category"), "") | {"most_future": None}
    with pytest.raises(Refused):
        actions.word_slot_type(slot.type, **given, by=worker, at=yesterday)
    count_the_day(practice, yesterday)
    assert not UnmetDemand.objects.exists()


def test_the_job_of_the_night_counts_each_open_practice(practice: Practice, yesterday: datetime) -> None:
    closed = a_practice(status=Practice.Status.CLOSED)
    for where in (practice, closed):
        signs(acting_as(a_patient_of(where)), a_slot_of(where, yesterday + timedelta(days=3)), yesterday)
    deferred: list[str] = []
    jobs.count_unmet(0)
    for row in _jobs():
        deferred.append(row["practice_id"])
        jobs.count_unmet_of_practice(**row)
    assert deferred == [practice.ods_code]
    assert counts(GIVEN_UP) == 1


def _jobs() -> list[dict[str, str]]:
    rows = ProcrastinateJob.objects.filter(task_name="patient_online.appointments.jobs.count_unmet_of_practice")
    return [row.args for row in rows]


def test_no_person_is_in_the_counts() -> None:
    """Neither by a column nor by what could be joined to one."""
    columns = {field.name for field in UnmetDemand._meta.get_fields()}
    assert columns == {"pk", "practice", "id", "day", "what", "stripe", "count"}
    related = {field.related_model for field in UnmetDemand._meta.get_fields() if field.is_relation}
    assert related == {Practice}


def test_a_manager_reads_four_weeks_in_words_and_takes_them_away_as_a_file(book: OpenBook) -> None:
    today = book.now.date()
    told = [(today, SEARCH_EMPTY, 7), (today - timedelta(days=27), NotBooked.LIMIT_REACHED.rule, 3)]
    for day, what, count in [*told, (today - timedelta(days=28), SEARCH_EMPTY, 99)]:
        UnmetDemand.objects.create(practice=book.practice, day=day, what=what, count=count)
    UnmetDemand.objects.create(practice=book.practice, day=today, what=SEARCH_EMPTY, stripe=4, count=2)
    UnmetDemand.objects.create(practice=a_practice(), day=today, what=SEARCH_EMPTY, count=55)
    staff_of(book.practice, Role.MANAGER, account=(account := an_account()))
    book.client.force_login(account)
    page = read(book.client.get("/practice/unmet"))
    rows = [row for row in page.words("tr") if "Four weeks" in row][1:]
    assert rows[0].startswith("What A search for a free appointment found nothing")
    assert rows[0].endswith("Four weeks 9")
    assert "Refused: You have booked as many appointments ahead as your practice allows online…The limit is" in rows[1]
    [lede] = page.words("p", **{"class": "nhsuk-lede-text"})
    assert lede.startswith("In the last four weeks people could not get what they came for 12 times.")
    assert "Most often, 9 times: A search for a free appointment found nothing" in lede
    lines = book.client.get("/practice/unmet.csv").content.decode().splitlines()
    assert lines[0] == "day,what,words,count"
    assert [line.split(",")[1::2][0] for line in lines[1:]] == [NotBooked.LIMIT_REACHED.rule, SEARCH_EMPTY]
    assert lines[2] == f"{today.isoformat()},{SEARCH_EMPTY},A search for a free appointment found nothing,9"


def test_who_has_reached_the_limit_is_told_at_the_top_of_the_search(book: OpenBook) -> None:
    assert "as many appointments ahead" not in _main(book)
    for slot in book.slots[2:4]:
        an_appointment(slot, book.robin)
    assert "You have booked as many appointments ahead as your practice allows online: 2. Cancel or move" in _main(book)


def test_who_has_left_the_practice_is_told_at_the_top_of_the_search(book: OpenBook) -> None:
    type(book.robin).objects.filter(id=book.robin.id).update(left_on=book.now.date())
    assert NotBooked.NOT_REGISTERED.words in _main(book)


def test_who_moves_an_appointment_is_shown_its_kind_first_and_can_see_all_kinds(book: OpenBook) -> None:
    other = book.slot_at(timedelta(days=2))
    type(other.type).objects.filter(id=other.type_id).update(label="Blood test")
    appointment = an_appointment(book.slots[0], book.robin)
    where = f"/appointments/{appointment.id}/move"
    page = read(book.client.get(where))
    assert "the kind of appointment that you have" in page.all("main")[0].text
    assert not page.all("a", href=f"{where}/{other.id}")
    assert page.all("a", href=f"{where}?label=")
    everything = read(book.client.get(f"{where}?label=&day={other.day.isoformat()}"))
    assert everything.all("a", href=f"{where}/{other.id}")


def _main(book: OpenBook) -> str:
    return " ".join(read(book.client.get("/appointments/book")).all("main")[0].text.split())
