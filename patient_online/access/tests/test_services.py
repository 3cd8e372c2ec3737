"""A manager switches an online service: looked at first, with whom it touches, and it holds from the next page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from patient_online.access.tests.test_pages import staff
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_slot_of, an_account_for
from patient_online.nhs.dates import date_short, date_text, time_text
from patient_online.nhs.services import Level, Service
from patient_online.practices.models import Practice, ServiceStatus
from patient_online.web.tests.pages import read, said, signed_in

pytestmark = pytest.mark.django_db
WHERE = "/practice/services/appointments"
LOST = "Patients of your practice who lose this service online: "


def given(status: str, day: datetime, *, ceiling: str = "manage", **more: str) -> dict[str, str]:
    """What a manager types."""
    parts = {"from_day_day": str(day.day), "from_day_month": str(day.month), "from_day_year": str(day.year)}
    return {"status": status, "ceiling": ceiling, **parts, **more}


@pytest.fixture
def manager(practice: Practice) -> Client:
    """A manager's browser."""
    return staff(practice, Role.MANAGER)


def test_before_anything_is_saved_the_manager_reads_what_will_happen_and_to_how_many(
    practice: Practice, manager: Client, now: datetime
) -> None:
    for _ in range(2):
        an_account_for(a_patient_of(practice))
    an_account_for(a_patient_of(practice), services={Service.DEMOGRAPHICS: Level.MANAGE})
    page = said(manager.post(WHERE, given("available", now)))
    assert f"{LOST}2." in page
    assert "It holds from the next page that anybody opens." in page
    assert ServiceStatus.objects.count() == 1
    later = said(manager.post(WHERE, given("available", now + timedelta(days=9))))
    assert "It holds from midnight at the beginning of that day." in later


def test_switching_off_needs_a_tick_and_switching_on_none(practice: Practice, manager: Client, now: datetime) -> None:
    answer = manager.post(WHERE, given("available", now, do="save"))
    assert read(answer).words("title")[0].startswith("Error: ")
    assert "Tick that patients cannot use it from that day" in said(answer)
    assert ServiceStatus.objects.count() == 1
    assert manager.post(WHERE, given("available", now, do="save", sure="on")).status_code == 302
    assert manager.post(WHERE, given("switched-on", now, do="save")).status_code == 302
    assert ServiceStatus.objects.get(from_day=now.date()).status == "switched-on"


def test_the_next_page_of_an_open_session_obeys(practice: Practice, manager: Client, now: datetime) -> None:
    """Switched off, on again, and lowered to looking: each holds from the very next page."""
    robin = signed_in(an_account_for(a_patient_of(practice)))
    slot = a_slot_of(practice, now + timedelta(days=2))
    page = f"/appointments/slots/{slot.id}/before-you-book"
    assert robin.get(page).status_code == 200
    manager.post(WHERE, given("available", now, do="save", sure="on"))
    assert robin.get(page).status_code == 403
    manager.post(WHERE, given("switched-on", now, do="save"))
    assert robin.get(page).status_code == 200
    manager.post(WHERE, given("switched-on", now, ceiling="view", do="save"))
    assert robin.get(page).status_code == 403
    assert robin.get("/appointments/").status_code == 200


def test_a_planned_change_holds_from_local_midnight(practice: Practice, manager: Client, now: datetime) -> None:
    """In summer that is 11pm the evening before in UTC."""
    robin = signed_in(an_account_for(a_patient_of(practice)))
    day = now.replace(month=7, day=1)
    manager.post(WHERE, given("available", day, do="save", sure="on"))
    midnight = day.replace(hour=0) - timedelta(hours=1)
    found = {}
    for name, at in (("before", midnight - timedelta(seconds=1)), ("after", midnight)):
        with time_machine.travel(at, tick=False):
            robin = signed_in(robin_account(practice))
            found[name] = robin.get("/appointments/book").status_code
    assert found == {"before": 200, "after": 403}


def robin_account(practice: Practice) -> Any:
    """An account of another patient."""
    return an_account_for(a_patient_of(practice))


def test_a_planned_change_is_shown_and_taken_back(practice: Practice, manager: Client, now: datetime) -> None:
    day = now + timedelta(days=40)
    manager.post(WHERE, given("available", day, do="save", sure="on"))
    row = ServiceStatus.objects.get(from_day=day.date())
    assert f"Available, not switched on from {date_short(day)}" in said(manager.get("/practice/services"))
    where = f"{WHERE}/{row.id}/take-back"
    assert "Without this change the service stays as it is" in said(manager.get(where))
    assert "The planned change is taken back." in said(manager.post(where, follow=True))
    assert manager.get(where).status_code == 404
    assert staff(practice, Role.GP).post(where).status_code == 403


def test_all_nine_are_listed_and_what_patients_cannot_use_yet_is_said(manager: Client, now: datetime) -> None:
    page = read(manager.get("/practice/services"))
    assert len(page.all("tr")) == 1 + len(Service)
    assert "They cannot order prescriptions or read their record in this version yet" in page.words("main")[0]
    for name in ("messages", "proxies", "nonsense"):
        assert manager.get(f"/practice/services/{name}").status_code == 404
        assert manager.get(f"/practice/services/{name}/history").status_code == 404
    look = manager.post("/practice/services/summary-record", given("switched-on", now))
    assert "Patients cannot use this service in this version yet." in said(look)
    assert not read(look).all("input", name="sure")


def test_documents_before_the_detailed_record_are_refused_on_the_form(manager: Client, now: datetime) -> None:
    answer = manager.post("/practice/services/documents", given("switched-on", now))
    assert "A level of the record cannot be on while a level below it is off." in said(answer)
    assert "practices.switching.needs_the_level_below" in answer.content.decode()


def test_who_sends_the_same_again_reads_since_when_it_is_so(manager: Client, now: datetime) -> None:
    before = ServiceStatus.objects.values().get()
    answer = manager.post(WHERE, given("switched-on", now, do="save"))
    assert f"It is so already, since {date_text(before['from_day'])}." in said(answer)
    assert read(answer).words("title")[0].startswith("Error: ")
    assert ServiceStatus.objects.values().get() == before


def test_the_history_page_shows_each_decision_of_a_day_with_its_time(manager: Client, now: datetime) -> None:
    """Off, and on again four minutes later."""
    for minutes, status in ((0, "available"), (4, "switched-on")):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            manager.post(WHERE, given(status, now, do="save", sure="on"))
    with time_machine.travel(now + timedelta(minutes=5), tick=False):
        rows = [" ".join(row.split()) for row in read(manager.get(f"{WHERE}/history")).words("tr")]
    off, on = "Available, not switched on", "Switched on"
    times = [time_text(now + timedelta(minutes=minutes)) for minutes in (0, 4)]
    assert f"It was {on} It is {off}" in rows[2]
    assert f"It was {off} It is {on}" in rows[1]
    assert times[0] in rows[2]
    assert times[1] in rows[1]
    assert len(rows) == 4


def test_the_history_is_there_for_all_staff_who_see_settings(
    practice: Practice, manager: Client, now: datetime
) -> None:
    manager.post(WHERE, given("switched-on", now, ceiling="view", do="save"))
    page = said(staff(practice, Role.GP).get(f"{WHERE}/history"))
    assert "Switched on, look only" in page
    assert "Madeup Person" in page
    empty = said(manager.get("/practice/services/documents/history"))
    assert "Nothing was ever decided about this service." in empty
