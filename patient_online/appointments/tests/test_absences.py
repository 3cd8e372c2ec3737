"""Clinicians who are away, and single sessions: what is made and what is not."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import enter_absence, make_sessions, take_back_absence
from patient_online.appointments.models import Absence, Slot
from patient_online.appointments.rules.templates import NotAway, NotMade
from patient_online.appointments.tests.planner import Planner, days, on_the_wall, refused, sessions
from patient_online.asking import NotAllowed, Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_clinician_of, a_practice, an_account, staff_of
from patient_online.identity.models import Account
from patient_online.practices.models import Closure, StaffMember
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 5)
THURSDAYS = [FIRST + timedelta(weeks=n) for n in range(8)]


@pytest.fixture
def planner(client: Client, now: datetime) -> Iterator[Planner]:
    """Mara, signed in at 8am on Tuesday 3 March 2026."""
    with time_machine.travel(now, tick=False):
        planner = Planner.at(now)
        client.force_login(Account.objects.get(id=planner.mara.account_id))
        yield planner


def away(planner: Planner, first: date, last: date, **given: Any) -> Absence:
    row = {"clinician_id": planner.ada.id, "by": planner.mara, "key": None, "at": planner.now, "note": "Leave"}
    return enter_absence(from_day=first, to_day=last, **{**row, **given})


def test_sessions_are_not_made_while_she_is_away_and_are_when_the_absence_is_taken_back(planner: Planner) -> None:
    absence = away(planner, THURSDAYS[1], THURSDAYS[2])
    template = planner.adds()
    assert days() == [THURSDAYS[0], *THURSDAYS[3:]]
    make_sessions(template, through=THURSDAYS[-1], by=planner.mara, at=planner.now)
    assert days() == [THURSDAYS[0], *THURSDAYS[3:]]
    take_back_absence(absence, by=planner.mara, at=planner.now)
    assert days() == THURSDAYS
    again = {"by": planner.mara, "at": planner.now}
    assert refused(take_back_absence, absence, **again)[0] is NotAway.TAKEN_BACK


def test_the_absence_of_who_does_not_see_patients_any_more_is_taken_back_and_makes_nothing(planner: Planner) -> None:
    absence = away(planner, THURSDAYS[1], THURSDAYS[2])
    planner.adds()
    StaffMember.objects.filter(id=planner.ada.id).update(sees_patients=False)
    take_back_absence(absence, by=planner.mara, at=planner.now)
    assert Absence.objects.get().taken_back_at == planner.now
    assert days() == [THURSDAYS[0], *THURSDAYS[3:]]


def test_what_is_in_the_book_stays_until_it_is_withdrawn(planner: Planner) -> None:
    planner.adds()
    away(planner, THURSDAYS[1], THURSDAYS[2])
    assert days() == THURSDAYS
    noted = Entry.objects.get(event="appointment.absence_entered").details
    assert noted == {"from_day": "2026-03-12", "to_day": "2026-03-19"}


def test_an_absence_of_days_gone_or_of_somebody_elsewhere_is_refused(planner: Planner) -> None:
    gone = refused(away, planner, date(2026, 3, 1), date(2026, 3, 2))[0]
    stranger = a_clinician_of(a_practice())
    elsewhere = refused(away, planner, FIRST, FIRST, clinician_id=stranger.id)[0]
    rita = refused(away, planner, FIRST, FIRST, by=staff_of(planner.practice, Role.RECEPTIONIST))[0]
    assert (gone, elsewhere, rita) == (NotAway.DAYS_HAVE_BEEN, NotAway.NO_SUCH_CLINICIAN, NotAllowed.ROLE_NEEDED)
    assert not Absence.objects.exists()


def test_a_single_session_is_put_into_the_book_with_its_slots(planner: Planner) -> None:
    """On a bank holiday too: somebody means that day."""
    planner.adds_one(date(2026, 4, 6))
    assert on_the_wall(sessions()) == [(date(2026, 4, 6), time(8, 30))]
    assert Slot.objects.count() == 16


def test_a_single_session_never_overlaps_what_is_in_the_book_or_will_be(planner: Planner) -> None:
    """The template's sessions are made eight weeks ahead; its Thursday in a year is in the way all the same."""
    planner.adds()
    reason, facts = refused(planner.adds_one, FIRST, time(11, 29))
    assert (reason, facts["session"], facts["days"]) == (
        NotMade.IN_THE_WAY,
        "Morning surgery",
        "Thursday 5 March 2026",
    )
    reason, facts = refused(planner.adds_one, date(2027, 3, 4), time(8))
    assert (reason, facts["days"]) == (NotMade.IN_THE_WAY, "Thursday 4 March 2027")
    planner.adds_one(FIRST, time(11, 30))
    planner.adds_one(FIRST, clinician=a_clinician_of(planner.practice))
    assert refused(planner.adds_one, FIRST, time(11))[0] is NotMade.IN_THE_WAY


def test_a_single_session_may_take_the_place_of_a_withdrawn_one(planner: Planner) -> None:
    planner.adds()
    first = sessions()[0]
    first.withdrawn_at, first.withdrawn_by = planner.now, planner.mara.account_id
    first.save()
    planner.adds_one(FIRST, time(9))
    assert on_the_wall(sessions())[0] == (FIRST, time(9))


@pytest.mark.parametrize(
    ("day", "starts", "reason"),
    [
        (date(2026, 3, 9), time(9), NotMade.AWAY),
        (date(2026, 3, 16), time(9), NotMade.CLOSED),
        (date(2026, 3, 23), time(9), NotMade.GONE),
        (date(2026, 3, 3), time(8), NotMade.BEGUN),
        (date(2026, 3, 2), time(8), NotMade.BEGUN),
    ],
)
def test_a_single_session_is_refused_with_its_own_reason(
    planner: Planner, day: date, starts: time, reason: NotMade
) -> None:
    away(planner, date(2026, 3, 9), date(2026, 3, 9))
    shut = {"from_day": date(2026, 3, 16), "to_day": date(2026, 3, 16), "words": "Training"}
    Closure.objects.create(practice=planner.practice, **shut, entered_at=planner.now, entered_by=UUID(int=1))
    planner.ada.to_day = date(2026, 3, 20)
    planner.ada.save()
    assert refused(planner.adds_one, day, starts)[0] is reason


def typed(planner: Planner, first: date, last: date) -> dict[str, str]:
    """What Mara types."""
    given = {"key": str(uuid4()), "clinician": str(planner.ada.id), "note": "Leave"}
    for name, day in (("from_day", first), ("to_day", last)):
        given |= {f"{name}_{part}": str(getattr(day, part)) for part in ("day", "month", "year")}
    return given


def test_mara_enters_an_absence_and_takes_it_back(client: Client, planner: Planner) -> None:
    saved = client.post("/practice/absences/new", typed(planner, FIRST, THURSDAYS[1]))
    assert saved.headers["Location"] == "/practice/absences?saved=1"
    page = read(client.get("/practice/absences"))
    assert "Thursday 5 March 2026" in page.all("main")[0].text
    path = f"/practice/absences/{Absence.objects.get().id}/take-back"
    assert client.get(path).status_code == 200
    assert Absence.objects.get().taken_back_at is None
    assert client.post(path).headers["Location"] == "/practice/absences?taken_back=1"
    assert "Nobody is away" in read(client.get("/practice/absences")).all("main")[0].text
    assert client.post(path).status_code == 404


def test_where_sessions_are_in_the_book_the_next_page_is_about_withdrawing_them(
    client: Client, planner: Planner
) -> None:
    planner.adds()
    saved = client.post("/practice/absences/new", typed(planner, FIRST, THURSDAYS[1]))
    assert saved.headers["Location"].endswith(f"?clinician={planner.ada.id}&from=2026-03-05&to=2026-03-12")


def test_an_absence_that_ends_before_it_begins_is_pointed_out(client: Client, planner: Planner) -> None:
    page = read(client.post("/practice/absences/new", typed(planner, THURSDAYS[1], FIRST)))
    assert page.words("a", href="#id_to_day-day") == ["The last day away must be the first day or later"]
    assert page.all("input", name="note")[0].attributes["value"] == "Leave"
    past = read(client.post("/practice/absences/new", typed(planner, date(2026, 3, 1), date(2026, 3, 2))))
    assert "These days have been." in past.all("main")[0].text


def test_a_receptionist_sees_absences_and_enters_none(client: Client, planner: Planner) -> None:
    away(planner, FIRST, FIRST)
    rita = an_account()
    staff_of(planner.practice, Role.RECEPTIONIST, account=rita)
    client.force_login(rita)
    page = read(client.get("/practice/absences"))
    assert planner.ada.name in page.all("main")[0].text
    assert "Take back" not in page.all("main")[0].text
    assert client.post("/practice/absences/new", typed(planner, FIRST, FIRST)).status_code == 403
