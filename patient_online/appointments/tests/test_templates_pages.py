"""A manager's pages of sessions: what she types is looked at before it is saved, and nothing of it is lost."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import Schedule, SessionTemplate, Slot, TemplatePart
from patient_online.appointments.tests.planner import THU, Planner, days, sessions, typed
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_slot_type, an_account, an_appointment, staff_of
from patient_online.identity.models import Account
from patient_online.practices.models import Closure
from patient_online.web.tests.pages import Page, read
from tests.statements import statements

pytestmark = pytest.mark.django_db
NEW = "/practice/templates/new"
THURSDAY = date(2026, 3, 5)
NO_THURSDAY = {"from_day_day": "6", "to_day_day": "9", "to_day_month": "3", "to_day_year": "2026"}


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def main(page: Page) -> str:
    return " ".join(page.all("main")[0].text.split())


def sent_on(page: Page) -> dict[str, Any]:
    """What the look at a session sends on when Save is pressed."""
    given: dict[str, list[str]] = {}
    for each in page.all("input", type="hidden"):
        given.setdefault(each.attributes["name"], []).append(each.attributes["value"])
    return dict(given)


def problems(page: Page) -> list[tuple[str, str]]:
    """Each line of the summary of errors, with what it leads to."""
    links = [each for each in page.all("a") if each.attributes.get("href", "").startswith("#id_")]
    return [(each.attributes["href"], each.text.strip()) for each in links]


def test_mara_looks_at_every_other_thursday_before_it_is_saved(client: Client, planner: Planner) -> None:
    Closure.objects.create(
        practice=planner.practice,
        from_day=date(2026, 3, 19),
        to_day=date(2026, 3, 19),
        words="Training",
        entered_at=planner.now,
        entered_by=planner.ada.id,
    )
    page = read(client.post(NEW, typed(planner)))
    text = main(page)
    assert "Every other Thursday, 8:30am to 11:40am, Dr Ada Exampleby, Main building" in text
    assert "8:30am to 8:40am" in text
    assert "Thursday 19 March 2026 Session Left out: the practice is closed" in text
    assert text.count("8:30am to 11:40am") == 1 + 9
    assert not SessionTemplate.objects.exists()
    saved = client.post(NEW, {**sent_on(page), "do": "save"})
    assert saved.headers["Location"] == "/practice/templates?saved=1"
    assert days() == [THURSDAY + timedelta(weeks=n) for n in (0, 4, 6)]
    assert Slot.objects.filter(schedule=sessions()[0]).count() == 18
    listed = read(client.get(saved.headers["Location"]))
    assert "Every other Thursday, 8:30am to 11:40am, Dr Ada Exampleby, Main building" in main(listed)


def test_saving_twice_keeps_one_template(client: Client, planner: Planner) -> None:
    given = {**typed(planner), "do": "save"}
    answers = [client.post(NEW, given).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert SessionTemplate.objects.count() == 1


def test_more_parts_are_added_and_nothing_typed_is_lost(client: Client, planner: Planner) -> None:
    """Also not what could not be read, and not on the way back from the look at it."""
    given = typed(planner, starts="half eight", do="more", part2_type="break", from_day_month="March")
    page = read(client.post(NEW, given))
    values = {each.attributes["name"]: each.attributes.get("value", "") for each in page.all("input")}
    assert values["starts"] == "half eight"
    assert values["from_day_month"] == "March"
    assert values["rows"] == "5"
    assert values["key"] == given["key"]
    assert values["part0_count"] == "18"
    assert "part4_count" in values
    assert page.all("input", name="part0_online")[0].attributes.keys() >= {"checked"}
    again = read(client.post(NEW, {**typed(planner), "do": "change"}))
    assert again.all("input", name="weekdays", value="4")[0].attributes.keys() >= {"checked"}
    most = read(client.post(NEW, {**given, "rows": "8"}))
    assert "part7_count" in {each.attributes.get("name") for each in most.all("input")}
    assert "Add more parts" not in main(most)


def test_what_is_wrong_is_said_beside_its_field(client: Client, planner: Planner) -> None:
    lacking = a_slot_type(planner.practice, name="RAW", national_category="")
    wrong = {"starts": "25:00", "weekdays": [], "part0_type": str(lacking.id), "part0_minutes": "", "part1_count": "0"}
    page = read(client.post(NEW, typed(planner, name="", to_day_day="31", **wrong)))
    assert page.words("title")[0].startswith("Error: ")
    assert problems(page) == [
        ("#id_name", "Enter a name for the session"),
        ("#id_weekdays", "Choose at least one day of the week"),
        ("#id_starts", "Starts at: enter a time, like 8:30am or 14:00"),
        ("#id_to_day-month", "Last day must include a month and year"),
        ("#id_part0_minutes", "Part 1, minutes each: enter how many minutes each takes"),
        (
            "#id_part0_online",
            "Part 1: “RAW” cannot be put online: it has no national category, or no words for patients. "
            "Give it both at “Words for appointments”, or leave it offline",
        ),
        ("#id_part1_count", "Part 2, how many: enter a whole number from 1 to 100"),
    ]
    assert not SessionTemplate.objects.exists()


def test_a_session_in_the_way_is_named_on_the_form(client: Client, planner: Planner) -> None:
    planner.adds()
    page = read(client.post(NEW, typed(planner)))
    assert "Dr Ada Exampleby already has “Morning surgery” at Main building at this time" in main(page)
    assert page.all("input", name="part0_count")[0].attributes["value"] == "18"


def test_a_change_says_how_many_sessions_are_made_anew_and_which_stay(client: Client, planner: Planner) -> None:
    template = planner.adds()
    an_appointment(Slot.objects.order_by("starts_at")[0], a_patient_of(planner.practice))
    path = f"/practice/templates/{template.id}/change"
    opened = read(client.get(path))
    assert opened.all("input", name="starts")[0].attributes["value"] == "8:30am"
    assert opened.all("input", name="part2_count")[0].attributes["value"] == "6"
    page = read(client.post(path, typed(planner, starts="2pm", every="1")))
    assert "7 sessions to come are made anew." in main(page)
    assert "1 session stays as it is, because somebody has or had an appointment in it: Thursday 5 March" in main(page)
    assert "Left out: a session is there already and stays as it is" in main(page)
    client.post(path, {**sent_on(page), "do": "save"})
    assert sorted({row.ends_at - row.starts_at for row in sessions()}) == [
        timedelta(hours=3),
        timedelta(hours=3, minutes=10),
    ]
    assert TemplatePart.objects.count() == 2


def test_stopping_is_confirmed_and_what_is_booked_leads_to_withdrawing_it(client: Client, planner: Planner) -> None:
    template = planner.adds()
    an_appointment(Slot.objects.order_by("starts_at")[0], a_patient_of(planner.practice))
    path = f"/practice/templates/{template.id}/stop"
    assert client.get(path).status_code == 200
    sure = read(client.post(path, {"from_day_day": "5", "from_day_month": "3", "from_day_year": "2026"}))
    assert "no more of these sessions are made. 7 free sessions are taken out of the book." in main(sure)
    assert len(days()) == 8
    link = f"clinician={planner.ada.id}&from=2026-03-05&to=2026-03-05"
    assert any(each.attributes.get("href", "").endswith(link) for each in sure.all("a"))
    client.post(path, {**sent_on(sure), "do": "stop"})
    assert days() == [THURSDAY]
    past = read(client.post(path, {"from_day_day": "1", "from_day_month": "3", "from_day_year": "2026"}))
    assert "That day has been: what was in the book then stays as it was." in main(past)
    assert past.words("title")[0].startswith("Error: ")


def test_a_single_session_is_looked_at_and_put_into_the_book(client: Client, planner: Planner) -> None:
    given = typed(planner) | {"day_day": "7", "day_month": "3", "day_year": "2026"}
    page = read(client.post("/practice/sessions/new", given))
    assert "Saturday 7 March 2026" in main(page)
    saved = client.post("/practice/sessions/new", {**sent_on(page), "do": "save"})
    assert saved.headers["Location"] == "/appointments/book-of-the-day/2026-03-07?saved=1"
    assert "The session is in the appointment book." in main(read(client.get(saved.headers["Location"])))
    again = read(client.post("/practice/sessions/new", {**given, "key": str(uuid4())}))
    assert "Dr Ada Exampleby already has “Morning surgery”" in main(again)
    assert [row.template_id for row in Schedule.objects.all()] == [None]


def test_receptionists_look_and_change_nothing(client: Client, planner: Planner) -> None:
    template = planner.adds()
    rita = an_account()
    staff_of(planner.practice, Role.RECEPTIONIST, account=rita)
    client.force_login(rita)
    listed, one = client.get("/practice/templates"), client.get(f"/practice/templates/{template.id}")
    assert "Every Thursday" in main(read(listed))
    assert "8:30am to 11:30am" in main(read(one))
    assert not any("/change" in each.attributes.get("href", "") for each in read(one).all("a"))
    for path in (NEW, f"/practice/templates/{template.id}/change", f"/practice/templates/{template.id}/stop"):
        assert client.post(path, typed(planner)).status_code == 403
    assert THU in [day.isoweekday() for day in days()]


def test_an_empty_list_says_what_to_do(client: Client, planner: Planner) -> None:
    assert "There are no templates yet. Add one for each session" in main(read(client.get("/practice/templates")))


def test_a_longer_list_costs_no_more_statements(client: Client, planner: Planner) -> None:
    counts = []
    for hour in (8, 12, 16):
        planner.adds(planner.plan(time(hour, 30)))
        with statements() as made:
            assert client.get("/practice/templates").status_code == 200
        counts.append(len(made))
    assert len(set(counts)) == 1
    assert counts[0] <= 4


@pytest.mark.parametrize(
    ("changed", "where", "words"),
    [
        ({"part0_count": "100", "part0_minutes": "30"}, "#id_starts", "This session would go on after midnight."),
        ({"part1_count": "90", "starts": "0:05"}, "#id_part1_count", "This session would last longer than 14 hours."),
        (
            {"from_day_year": "2025", "to_day_day": "9", "to_day_month": "3", "to_day_year": "2025"},
            "#id_from_day-day",
            "",
        ),
        (NO_THURSDAY, "#id_from_day-day", "There is no day from now on that fits."),
        ({"part1_minutes": "some"}, "#id_part1_minutes", "Part 2, minutes each: enter a whole number from 1 to 480"),
        ({"part1_seats": "0"}, "#id_part1_seats", "Part 2, patients in each: enter a whole number from 1 to 100"),
        ({"part2_type": "gone"}, "#id_part2_type", "Part 3, kind of slot: choose one of the answers"),
        ({"part1_mode": ""}, "#id_part1_mode", "Part 2, how: choose one of the answers that are offered"),
        ({"clinician": ""}, "#id_clinician", "Choose a clinician"),
        ({"kind": ""}, "#id_kind", "Choose on which days the session comes"),
        ({"from_day_day": "31", "from_day_month": "2"}, "#id_from_day-day", "First day must be a real date"),
    ],
)
def test_each_error_names_its_row_and_leads_to_its_box(
    client: Client, planner: Planner, changed: dict[str, str], where: str, words: str
) -> None:
    page = read(client.post(NEW, typed(planner, name="Kept name", **changed)))
    [(link, said)] = problems(page)
    assert link == where
    assert said.startswith(words)
    assert where[1:] in page.ids()
    assert page.all("input", name="name")[0].attributes["value"] == "Kept name"


def test_a_single_session_says_which_box_is_wrong_too(client: Client, planner: Planner) -> None:
    day = {"day_day": "3", "day_month": "3", "day_year": "2026"}
    page = read(client.post("/practice/sessions/new", {**typed(planner), **day, "starts": "7am"}))
    [(link, said)] = problems(page)
    assert link == "#id_day-day"
    assert said.startswith("This session would have started already.")
    page = read(client.post("/practice/sessions/new", {**typed(planner), **day, "part0_minutes": "x"}))
    assert problems(page) == [
        ("#id_part0_minutes", "Part 1, minutes each: enter a whole number from 1 to 480"),
    ]
