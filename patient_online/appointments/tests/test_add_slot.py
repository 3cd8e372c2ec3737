"""One more slot in a session: at a free time, before or after the others, counted, and never over another one."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from patient_online.appointments.actions import add_slot
from patient_online.appointments.models import Absence, Schedule, Slot
from patient_online.appointments.rules.adding import NotOneMore
from patient_online.appointments.rules.templates import NotMade
from patient_online.appointments.tests.desk import TEN, Desk, a_desk, at_the_desk, says
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_practice, a_schedule, a_slot_of, a_slot_type, staff_of
from patient_online.nhs.dates import london
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Iterator[Desk]:
    """Rita at ten; Ada has six slots from 9:50am, in a session that ends at 10:50am."""
    with at_the_desk(client) as desk:
        yield desk


def session(desk: Desk) -> Schedule:
    """Ada's session of today."""
    return Schedule.objects.get(id=desk.today[0].schedule_id)


def added(desk: Desk, starts: time, **given: Any) -> Slot:
    """What Rita adds to it: ten minutes, in person, not online."""
    wanted = {"minutes": 10, "kind": desk.today[0].type_id, "mode": "in-person", "online": False, "at": TEN, **given}
    to = wanted.pop("to", None) or session(desk)
    made = add_slot(to, starts=starts, **{"by": desk.rita, "key": uuid7(), **wanted})
    return Slot.objects.get(id=made.id)


def refused(desk: Desk, starts: time, **given: Any) -> tuple[Refusal, str]:
    """Why Rita cannot add it, and in which words; nothing is changed."""
    before = list(Slot.objects.order_by("id").values()), list(Schedule.objects.order_by("id").values())
    with pytest.raises(Refused) as no:
        added(desk, starts, **given)
    assert before == (list(Slot.objects.order_by("id").values()), list(Schedule.objects.order_by("id").values()))
    return no.value.reason, no.value.reason.words % no.value.facts


def test_a_slot_is_squeezed_in_where_the_session_has_a_gap(desk: Desk) -> None:
    Slot.objects.filter(id=desk.today[3].id).delete()
    slot = added(desk, time(10, 20), minutes=5, online=True)
    assert (slot.starts_at, slot.ends_at) == (london(2026, 3, 3, 10, 20), london(2026, 3, 3, 10, 25))
    assert (slot.schedule_id, slot.type_id, slot.seats) == (desk.today[0].schedule_id, desk.today[0].type_id, 1)
    assert slot.online
    entry = Entry.objects.get(event="appointment.slot_added")
    assert (entry.subject_id, entry.staff_id) == (slot.id, desk.rita.staff_id)


def test_the_session_grows_for_a_slot_before_it_or_after_it(desk: Desk) -> None:
    added(desk, time(10, 50))
    added(desk, time(9, 40))
    now = session(desk)
    assert (now.starts_at, now.ends_at) == (london(2026, 3, 3, 9, 40), london(2026, 3, 3, 11))


def test_a_slot_that_overlaps_another_of_the_clinician_is_refused_with_its_times(desk: Desk) -> None:
    reason, words = refused(desk, time(10, 5))
    assert reason is NotOneMore.SLOT_THEN
    assert words == "Dr Ada Exampleby has a slot at this time already: 10am to 10:10am."


def test_the_session_does_not_grow_into_another_one_of_the_clinician(desk: Desk) -> None:
    ada = session(desk).clinician
    a_schedule(desk.practice, london(2026, 3, 3, 11), hours=2, clinician=ada, name="Blood tests")
    for starts in (time(10, 55), time(11, 30), time(14)):
        reason, words = refused(desk, starts)
        assert reason is NotOneMore.OTHER_SESSION
        assert words == "Dr Ada Exampleby has another session then: “Blood tests”, 11am to 1pm."
    assert added(desk, time(10, 50)).starts_at == london(2026, 3, 3, 10, 50)


def test_what_would_not_be_counted_is_not_added_and_nothing_goes_online_without_words(desk: Desk) -> None:
    plain = a_slot_type(desk.practice, name="Odds", national_category="")
    assert refused(desk, time(11), kind=plain.id)[0] is NotOneMore.NO_CATEGORY
    unmapped = a_slot_type(desk.practice, name="Ends", national_category="Unmapped")
    assert refused(desk, time(11), kind=unmapped.id)[0] is NotOneMore.NO_CATEGORY
    wordless = a_slot_type(desk.practice, name="Silent", label="")
    assert refused(desk, time(11), kind=wordless.id, online=True)[0] is NotMade.NO_WORDS
    assert added(desk, time(11), kind=wordless.id).type_id == wordless.id


def test_nothing_is_added_to_what_is_over_withdrawn_or_while_she_is_away(desk: Desk) -> None:
    yesterday = a_slot_of(desk.practice, TEN - timedelta(days=1)).schedule
    assert refused(desk, time(15), to=yesterday)[0] is NotOneMore.SESSION_IS_OVER
    assert refused(desk, time(23, 55))[0] is NotMade.PAST_MIDNIGHT
    who = {"practice": desk.practice, "clinician_id": session(desk).clinician_id}
    day = date(2026, 3, 3)
    away = Absence.objects.create(**who, from_day=day, to_day=day, entered_at=TEN, entered_by=uuid7())
    assert refused(desk, time(11))[0] is NotMade.AWAY
    away.delete()
    Schedule.objects.filter(id=session(desk).id).update(withdrawn_at=TEN, withdrawn_by=uuid7())
    assert refused(desk, time(11))[0] is NotOneMore.SESSION_WITHDRAWN


def test_who_came_while_the_system_was_down_can_be_given_a_slot_afterwards(desk: Desk) -> None:
    assert added(desk, time(9, 30)).starts_at == london(2026, 3, 3, 9, 30)


def test_nobody_adds_to_another_practice_or_without_a_role(desk: Desk) -> None:
    theirs = a_slot_of(a_practice(), TEN + timedelta(hours=3))
    assert refused(desk, time(15), to=theirs.schedule)[0] is NotAllowed.OTHER_PRACTICE
    assert refused(desk, time(11), kind=theirs.type_id)[0] is NotMade.NOT_HERE
    dispenser = staff_of(desk.practice, Role.DISPENSER)
    assert refused(desk, time(11), by=dispenser)[0] is NotAllowed.ROLE_NEEDED


def test_rita_adds_a_slot_from_the_days_list_and_books_it_next(desk: Desk) -> None:
    path = f"/practice/sessions/{session(desk).id}/add-slot"
    assert f'href="{path}"' in desk.client.get(desk.day).content.decode()
    page = says(desk.client.get(path))
    assert "This session has a slot at every time." in page
    typed = {"key": str(uuid4()), "starts": "10:50am", "minutes": "10", "mode": "in-person"}
    typed["kind"] = str(desk.today[0].type_id)
    answer = desk.client.post(path, {**typed, "do": "book"}, follow=True)
    assert "Find the patient first." in says(answer)
    slot = Slot.objects.get(starts_at=london(2026, 3, 3, 10, 50))
    again = desk.client.post(path, {**typed, "do": "book"}, follow=True)
    assert again.redirect_chain == answer.redirect_chain
    typed |= {"key": str(uuid4()), "starts": "11.10"}
    assert "The slot is in the appointment book." in says(desk.client.post(path, typed, follow=True))
    assert "In this session there is room: 11am to 11:10am." in says(desk.client.get(path))
    assert slot.schedule_id == session(desk).id


def test_what_was_typed_wrong_is_named_and_kept(desk: Desk) -> None:
    path = f"/practice/sessions/{session(desk).id}/add-slot"
    typed = {"key": str(uuid4()), "starts": "late", "minutes": "500", "mode": "in-person", "kind": ""}
    page = desk.client.post(path, typed)
    for words in (
        "Enter a time, like 8:30am or 14:00",
        "How many minutes: enter a whole number from 1 to 120",
        "Choose a kind of slot",
    ):
        assert words in says(page)
    assert 'value="late"' in page.content.decode()
    clash = desk.client.post(path, {**typed, "starts": "10am", "minutes": "5", "kind": str(desk.today[0].type_id)})
    assert clash.status_code == 409
    assert "has a slot at this time already: 10am to 10:10am." in says(clash)
    assert desk.client.get(f"/practice/sessions/{uuid7()}/add-slot").status_code == 404


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_receptionists_add_slots_over_each_other_at_once_and_one_is_told(client: Client, now: datetime) -> None:
    desk = a_desk(client)
    for hour in range(11, 19):
        tries = [partial(tried, desk, time(hour)), partial(tried, desk, time(hour, 5))]
        assert sorted(map(str, at_once(tries))) == ["None", str(NotOneMore.SLOT_THEN)]


def tried(desk: Desk, starts: time) -> Refusal | None:
    """Why it was refused, or None."""
    try:
        added(desk, starts)
    except Refused as no:
        return no.reason
    return None
