"""From the day's list the desk goes on to withdraw or move a session; who may not is not asked to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from patient_online.appointments.models import Schedule
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.asking import Role
from patient_online.demo.factories import a_clinician_of, a_schedule, an_account, slots_in, staff_of
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
WITHDRAW = "/practice/withdraw"


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten in the morning."""
    with at_the_desk(client) as desk:
        yield desk


def links(client: Client, address: str) -> dict[str, str]:
    """Where the page's links to withdrawing lead, by what they say."""
    found = [one for one in read(client.get(address)).all("a") if one.attributes["href"].startswith(f"{WITHDRAW}?")]
    return {one.attributes["href"]: " ".join(one.text.split()) for one in found}


def test_each_session_and_the_whole_day_can_be_withdrawn_from_the_list(desk: Desk) -> None:
    later = slots_in(
        a_schedule(desk.practice, TEN + timedelta(hours=5), hours=1, clinician=a_clinician_of(desk.practice))
    )
    found = links(desk.client, desk.day)
    whole, first, second = (
        f"{WITHDRAW}?day=2026-03-03",
        *(f"{WITHDRAW}?session={slots[0].schedule_id}" for slots in (desk.today, later)),
    )
    assert set(found) == {whole, first, second}
    assert found[whole] == "Withdraw appointments of this day"
    assert found[first].startswith("Withdraw or move")
    assert found[first] != found[second]
    assert "Check before you withdraw" in says(desk.client.get(first))
    assert "2 sessions" in desk.main(whole)


def test_what_is_filtered_out_of_the_list_is_not_withdrawn_with_the_day(desk: Desk) -> None:
    ada = desk.today[0].schedule.clinician_id
    slots_in(a_schedule(desk.practice, TEN, hours=1, clinician=a_clinician_of(desk.practice)))
    [whole] = [each for each in links(desk.client, f"{desk.day}?clinician={ada}") if "day=" in each]
    assert whole == f"{WITHDRAW}?day=2026-03-03&clinician={ada}"
    assert "1 session " in desk.main(whole)


def test_what_is_withdrawn_or_over_has_no_link(desk: Desk) -> None:
    Schedule.objects.filter(id=desk.today[0].schedule_id).update(withdrawn_at=TEN, withdrawn_by=desk.rita.account_id)
    assert list(links(desk.client, desk.day)) == [f"{WITHDRAW}?day=2026-03-03"]
    slots_in(a_schedule(desk.practice, TEN - timedelta(days=1), hours=1))
    assert links(desk.client, "/appointments/book-of-the-day/2026-03-02") == {}
    assert links(desk.client, "/appointments/book-of-the-day/2026-03-01") == {}


def test_none_of_it_is_printed(desk: Desk) -> None:
    page = desk.client.get(desk.day).content.decode()
    before = page.split(f'href="{WITHDRAW}?')[:-1]
    assert len(before) == 2
    assert all("app-no-print" in each.rsplit("<p", 1)[1] for each in before)


def test_a_gp_sees_the_day_without_these_links(desk: Desk) -> None:
    account = an_account()
    staff_of(desk.practice, Role.GP, account=account)
    desk.client.force_login(account)
    assert "Robin Testperson" in desk.main(desk.day)
    assert links(desk.client, desk.day) == {}


def test_after_a_session_was_added_the_day_says_that_it_is_saved(desk: Desk) -> None:
    assert "The session is in the appointment book." in says(desk.client.get(f"{desk.day}?saved=1"))
    assert "The session is in the appointment book." not in desk.main(desk.day)
