"""Before words, groups and policies are saved, the preview says what any patient would see with them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from patient_online.appointments.models import BookingRule, Cohort, CohortMember, Slot, SlotType
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk, says
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_account, an_appointment, staff_of
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
WORDS = {"label": "Seen by a nurse", "guidance": "", "national_category": "General Consultation Routine"}


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """The manager at ten: Robin could book three times of today and six of tomorrow."""
    with at_the_desk(client) as desk:
        account = an_account()
        staff_of(desk.practice, Role.MANAGER, account=account)
        client.force_login(account)
        yield desk


def words_page(desk: Desk) -> str:
    return f"/appointments/words/{desk.today[0].type_id}"


def tried(desk: Desk, path: str, **typed: str) -> Any:
    """What Robin would see with what was typed."""
    return desk.client.post(path, {"preview": "1", "patient": str(desk.robin.id), **typed})


def test_words_that_are_taken_away_leave_nothing_to_book(desk: Desk) -> None:
    page = tried(desk, words_page(desk), **{**WORDS, "label": ""})
    assert "They can book 9 times now, and could book 0 then." in says(page)
    assert "no words for patients, General Consultation Routine. It is not saved." in says(page)
    assert SlotType.objects.get().label == "Appointment with a GP"


def test_words_for_a_kind_that_has_none_open_it(desk: Desk) -> None:
    SlotType.objects.update(label="")
    page = tried(desk, words_page(desk), **WORDS)
    assert "They can book 0 times now, and could book 9 then." in says(page)
    assert not SlotType.objects.get().label


def test_a_limit_for_the_kind_is_tried_and_told_with_the_new_words(desk: Desk) -> None:
    an_appointment(desk.tomorrow[0], desk.robin)
    page = tried(desk, words_page(desk), **WORDS, most_future="1")
    assert "They can book 8 times now, and could book 0 then." in says(page)
    assert "1 of “Seen by a nurse”" in says(page)
    back = desk.client.post(words_page(desk), {**WORDS, "most_future": "1", "edit": "1"})
    assert read(back).all("input", name="label")[0].attributes["value"] == "Seen by a nurse"
    assert SlotType.objects.get().most_future is None
    assert desk.client.post(words_page(desk), {**WORDS, "most_future": "1"}).status_code == 302


def test_a_patient_is_tried_in_a_group_before_they_join_it_and_before_they_leave_it(desk: Desk) -> None:
    group = Cohort.objects.create(practice=desk.practice, name="Invited")
    BookingRule.objects.create(practice=desk.practice, type_id=desk.today[0].type_id, cohort=group)
    join = f"/practice/groups/{group.id}/add-patients"
    page = tried(desk, join, numbers="999 000 0000")
    assert "They can book 0 times now, and could book 9 then." in says(page)
    assert "If the patient were in the group “Invited”. It is not saved." in says(page)
    assert not CohortMember.objects.exists()
    back = desk.client.post(join, {"edit": "1", "numbers": str(desk.robin.nhs_number)})
    assert str(desk.robin.nhs_number) in back.content.decode()
    assert not CohortMember.objects.exists()
    member = CohortMember.objects.create(
        practice=desk.practice, cohort=group, patient=desk.robin, added_at=TEN, added_by=uuid7()
    )
    leave = f"/practice/groups/{group.id}/members/{member.id}/remove"
    page = desk.client.post(leave, {"preview": "1"})
    assert "Robin Testperson, born" in says(page)
    assert "They can book 9 times now, and could book 0 then." in says(page)
    assert desk.client.post(leave, {"edit": "1"}).status_code == 200
    assert CohortMember.objects.exists()


@pytest.mark.parametrize(
    ("name", "value", "then"),
    [("most_future_appointments", "1", 0), ("book_ahead_days", "1", 7), ("minimum_notice_minutes", "0", 9)],
)
def test_each_policy_that_binds_a_booking_is_tried(desk: Desk, name: str, value: str, then: int) -> None:
    """Robin has one appointment to come; one time lies two days ahead, and one in ten minutes."""
    an_appointment(desk.tomorrow[0], desk.robin)
    at: datetime = TEN + timedelta(days=2)
    Slot.objects.filter(id=desk.tomorrow[5].id).update(starts_at=at, ends_at=at + timedelta(minutes=10))
    seen = says(tried(desk, f"/practice/preview/policies/{name}", value=value))
    assert f"They can book 8 times now, and could book {then} then." in seen


def test_an_embargo_is_tried_before_it_is_saved(desk: Desk) -> None:
    femi = a_patient_of(desk.practice)
    path = f"/practice/slot-types/{desk.today[0].type_id}/rules/add"
    day = {"embargo_day_day": "4", "embargo_day_month": "3", "embargo_day_year": "2026", "sex": "any"}
    page = tried(desk, path, **day, embargo_time="8am", patient=str(femi.id), key=str(uuid7()))
    assert "They can book 9 times now, and could book 0 then." in says(page)
    assert "Not released yet" in says(page)
