"""A manager tells patients something, sees it as they will, and finds every version again."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, a_practice, an_account, an_account_for, staff_of
from patient_online.nhs.dates import date_text, local_day
from patient_online.practices.models import Closure, Notice, Practice
from patient_online.web.tests.pages import read, signed_in

pytestmark = pytest.mark.django_db
SHARP = "Open <b>late</b>\r\non Fridays\r\nhttps://example.com/late"


@pytest.fixture
def practice() -> Practice:
    """A practice."""
    return a_practice()


def manager_of(practice: Practice, name: str = "Margery Mockup") -> Client:
    """The browser of a manager of the practice."""
    staff_of(practice, Role.MANAGER, account=(account := an_account(name=name)))
    return signed_in(account)


def patient_of(practice: Practice) -> Client:
    """The browser of a patient of the practice."""
    return signed_in(an_account_for(a_patient_of(practice)))


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def welcome(text: str, *, seen: int = 0, **more: str) -> dict[str, str]:
    """A welcome message as the page sends it."""
    return {"key": str(uuid4()), "seen": str(seen), "text": text, **more}


def way(n: int, for_: str, how: str, when: str = "") -> dict[str, str]:
    """A way to reach the practice as the page sends it."""
    return {f"for_{n}": for_, f"how_{n}": how, f"when_{n}": when}


def days(first: date, last: date) -> dict[str, str]:
    """The days of a closure as the page sends them."""
    both = {"from_day": first, "to_day": last}
    return {
        f"{name}_{part}": str(getattr(day, part)) for name, day in both.items() for part in ("day", "month", "year")
    }


def test_a_patient_reads_the_welcome_as_it_was_written_and_nothing_of_it_is_markup(practice: Practice) -> None:
    saved = manager_of(practice).post("/practice/notices/welcome", welcome(SHARP), follow=True)
    assert "Patients see the new version from now on." in main(saved)
    page = patient_of(practice).get("/").content.decode()
    assert "Open &lt;b&gt;late&lt;/b&gt;<br>on Fridays<br>https://example.com/late" in page
    assert 'href="https://example.com' not in page


def test_a_preview_shows_it_as_patients_will_see_it_and_saves_nothing(practice: Practice) -> None:
    page = manager_of(practice).post("/practice/notices/welcome", welcome(SHARP, do="preview"))
    assert read(page).words("button")[-2:] == ["See it as patients will", "Save"]
    assert "What patients will see" in main(page)
    assert "Open &lt;b&gt;late&lt;/b&gt;<br>on Fridays" in page.content.decode()
    assert "Open <b>late</b>" in read(page).all("textarea", name="text")[0].text
    assert not Notice.objects.exists()


def test_of_two_managers_the_second_is_shown_both_texts_and_can_save_what_they_agree_on(practice: Practice) -> None:
    first, second = manager_of(practice, "Margery Mockup"), manager_of(practice, "Manfred Madeup")
    first.post("/practice/notices/welcome", welcome("Written by the first"))
    page = second.post("/practice/notices/welcome", welcome("Written by the second"))
    assert page.status_code == 409
    assert read(page).words("title")[0].startswith("Error: ")
    assert "a newer version" in main(page)
    assert "by Margery Mockup" in main(page)
    assert "Written by the first" in main(page)
    assert "Written by the second" in read(page).all("textarea", name="text")[0].text
    sent = {name: read(page).all("input", name=name)[0].attributes["value"] for name in ("key", "seen")}
    second.post("/practice/notices/welcome", {**sent, "text": "Both together"})
    assert [row.text for row in Notice.objects.order_by("version")] == ["Written by the first", "Both together"]


def test_a_text_that_is_too_long_is_pointed_out_and_kept(practice: Practice) -> None:
    page = manager_of(practice).post("/practice/notices/welcome", welcome("long " * 201))
    assert "Welcome message must be 1000 characters or fewer" in main(page)
    assert read(page).all("textarea", name="text")[0].text.count("long") == 201
    assert not Notice.objects.exists()


def test_an_end_of_line_counts_as_one_character(practice: Practice) -> None:
    manager_of(practice).post("/practice/notices/welcome", welcome("\r\n".join(["a" * 99] * 10)))
    assert len(Notice.objects.get().text) == 999


def test_an_old_text_is_compared_with_the_one_of_now_and_told_again(practice: Practice) -> None:
    manager = manager_of(practice)
    manager.post("/practice/notices/welcome", welcome("We are open.\r\nCall 111."))
    manager.post("/practice/notices/welcome", welcome("We have moved.\r\nCall 111.", seen=1))
    assert "Compare version 1 with" in main(manager.get("/practice/notices/welcome/versions"))
    page = manager.get("/practice/notices/welcome/versions/1")
    assert "Only in the old text We are open. Only in the text now We have moved." in main(page)
    sent = {name: read(page).all("input", name=name)[0].attributes["value"] for name in ("key", "seen")}
    manager.post("/practice/notices/welcome/versions/1", sent)
    assert Notice.objects.order_by("version").values_list("text", flat=True).last() == "We are open.\nCall 111."
    assert Notice.objects.count() == 3


def test_an_old_text_is_not_told_again_over_a_version_that_the_manager_has_not_seen(practice: Practice) -> None:
    manager = manager_of(practice)
    for seen, text in enumerate(["First", "Second", "Third"]):
        manager.post("/practice/notices/welcome", welcome(text, seen=seen))
    page = manager.post("/practice/notices/welcome/versions/1", {"key": str(uuid4()), "seen": "2"})
    assert page.status_code == 409
    assert "Third" in main(page)
    assert Notice.objects.count() == 3


def test_the_ways_to_reach_the_practice_are_on_its_page_and_where_somebody_is_told_to_telephone(
    practice: Practice,
) -> None:
    ways = way(0, "Appointments", "01632 960 002", "8am to 6pm") | way(1, "Test results", "01632 960 003")
    manager_of(practice).post("/practice/notices/routes", {"key": str(uuid4()), "seen": "0", "rows": "3", **ways})
    patient = patient_of(practice)
    page = main(patient.get("/practice/details"))
    assert "Appointments 01632 960 002 8am to 6pm" in page
    assert "Test results 01632 960 003" in page
    empty = main(patient.get("/appointments/book"))
    assert "Appointments: 01632 960 002, 8am to 6pm" in empty
    assert "Test results" not in empty
    practice.services.update(status="available")
    refused = patient.get("/appointments/book")
    assert refused.status_code == 403
    assert "Appointments 01632 960 002" in main(refused)


def test_a_way_without_a_number_is_pointed_out_and_another_way_can_be_added(practice: Practice) -> None:
    manager = manager_of(practice)
    half = {"key": str(uuid4()), "seen": "0", "rows": "1", **way(0, "Appointments", "")}
    page = manager.post("/practice/notices/routes", half)
    assert "Enter the number or address" in main(page)
    assert read(page).all("input", name="for_0")[0].attributes["value"] == "Appointments"
    more = manager.post("/practice/notices/routes", {**half, "how_0": "01632 960 002", "do": "add"})
    assert read(more).all("input", name="for_1")
    assert read(more).all("input", name="how_0")[0].attributes["value"] == "01632 960 002"
    assert not Notice.objects.exists()


def test_a_closure_is_seen_first_then_saved_told_to_patients_and_taken_back(practice: Practice) -> None:
    manager, patient, day = manager_of(practice), patient_of(practice), local_day(timezone.now()) + timedelta(days=3)
    given = {"key": str(uuid4()), "words": "Training.\r\nCall 111.", **days(day, day)}
    seen = manager.post("/practice/closures/new", {**given, "do": "preview"})
    assert f"Closed on {date_text(day)}" in main(seen)
    assert not Closure.objects.exists()
    saved = manager.post("/practice/closures/new", given, follow=True)
    assert f"Closed on {date_text(day)}" in read(saved).words("div", role="alert")[0]
    for path in ("/", "/practice/details"):
        assert f"Closed on {date_text(day)}" in main(patient.get(path))
        assert "Training.<br>Call 111." in patient.get(path).content.decode()
    closure = Closure.objects.get()
    manager.post(f"/practice/closures/{closure.id}/take-back")
    assert "Training" not in main(patient.get("/"))
    assert "Taken back on" in main(manager.get("/practice/closures"))
    assert manager.get(f"/practice/closures/{closure.id}/take-back").status_code == 403


def test_a_closure_leads_to_the_sessions_that_are_in_the_book_for_its_days(practice: Practice) -> None:
    manager, day = manager_of(practice), local_day(timezone.now()) + timedelta(days=3)
    given = {"key": str(uuid4()), "words": "Training", **days(day, day + timedelta(days=1))}
    manager.post("/practice/closures/new", given)
    links = [one.attributes["href"] for one in read(manager.get("/practice/closures")).all("a")]
    ending = f"?from={day.isoformat()}&to={(day + timedelta(days=1)).isoformat()}"
    assert [link for link in links if link.endswith(ending)]


def test_a_closure_that_ends_before_it_begins_is_refused_and_can_be_put_right(practice: Practice) -> None:
    manager, day = manager_of(practice), local_day(timezone.now()) + timedelta(days=3)
    wrong = {"key": str(uuid4()), "words": "Training", **days(day, day - timedelta(days=1))}
    page = manager.post("/practice/closures/new", wrong)
    assert "The closure would end before it begins." in main(page)
    right = {"key": read(page).all("input", name="key")[0].attributes["value"], "words": "Training", **days(day, day)}
    assert manager.post("/practice/closures/new", right).status_code == 302
    assert Closure.objects.count() == 1


def test_another_practices_patients_are_told_nothing_of_ours(practice: Practice) -> None:
    manager_of(practice).post("/practice/notices/welcome", welcome("Only for ours"))
    assert "Only for ours" not in main(patient_of(a_practice()).get("/"))
