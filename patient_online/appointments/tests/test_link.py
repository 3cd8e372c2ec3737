"""The link in a message: whoever holds it gives that one appointment back, and can do nothing else with it."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.actions import book, cancel, cancel_by_link, rearrange
from patient_online.appointments.models import Appointment, Slot
from patient_online.appointments.notices.links import opened, token_of
from patient_online.appointments.tests.told import kinds_about
from patient_online.asking import Acting, LinkHolder
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, acting_as, an_appointment, the_maker
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice
from patient_online.refusals import Refused
from patient_online.web.logs import PrivateJsonFormatter
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(now: datetime) -> Iterator[None]:
    """It is `now`."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def booked(practice: Practice, now: datetime) -> Appointment:
    """An appointment of tomorrow, of somebody without an account."""
    slot = a_slot_of(practice, now + timedelta(days=1))
    return an_appointment(slot, a_patient_of(practice, given_name="Zebedee", family_name="Whatnot"))


def link_to(appointment: Appointment) -> str:
    return f"/cancel/{token_of(appointment.practice_id, appointment.id)}"


def holder(appointment: Appointment) -> LinkHolder:
    return LinkHolder(appointment.practice_id, appointment.patient_id, appointment.id)


def said(response: Any) -> str:
    """What the page says."""
    return " ".join(response.content.decode().split())


def test_who_holds_the_link_cancels_without_signing_in(booked: Appointment, now: datetime) -> None:
    client = Client()
    page = said(client.get(link_to(booked)))
    assert "Do you want to cancel this appointment?" in page
    assert "Wednesday 4 March 2026 at 8am" in page
    done = client.post(link_to(booked), follow=True)
    assert "This appointment is cancelled" in said(done)
    booked.refresh_from_db()
    known = (booked.status, booked.cancelled_at, booked.cancelled_by, booked.cancelled_through)
    assert known == ("cancelled", now, None, "link")
    assert kinds_about(booked) == [("appointment-cancelled", 0)]
    entry = Entry.objects.get(event="appointment.cancelled")
    assert (entry.asker, entry.channel, entry.patient_id, entry.account_id) == (
        "link",
        "link",
        booked.patient_id,
        None,
    )


def test_looking_changes_nothing_however_often_a_mail_scanner_looks(booked: Appointment) -> None:
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link_to(booked)).status_code == 200
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_the_page_tells_a_stranger_neither_who_nor_whom_nor_why(booked: Appointment) -> None:
    Appointment.objects.filter(id=booked.id).update(reason="Secret worry")
    page = said(Client().get(link_to(booked)))
    clinician = booked.slot.schedule.clinician
    hidden = ["Zebedee", "Whatnot", clinician.name, booked.slot.type.label, "Secret worry", str(booked.patient_id)]
    assert [word for word in hidden if word in page] == []


def test_the_page_is_kept_by_nobody_and_found_by_no_search_engine(booked: Appointment) -> None:
    for path in (link_to(booked), "/cancel/wrong"):
        response = Client().get(path)
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert '<meta name="robots" content="noindex' in said(response)


def test_a_browser_that_guards_against_forged_forms_can_send_it(booked: Appointment) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(link_to(booked)).status_code == 403
    client.get(link_to(booked))
    token = client.cookies["csrf"].value
    assert client.post(link_to(booked), {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_link_that_is_cut_short_changed_or_made_up_opens_nothing(booked: Appointment) -> None:
    good = token_of(booked.practice_id, booked.id)
    swapped = {"A": "B"}.get(good[3], "A")
    wrong = [good[:-1], good + "A", good[:3] + swapped + good[4:], good.swapcase(), good + "=", "x", "%20", "é" * 46]
    wrong += [good[:30] + {"A": "B"}.get(good[30], "A") + good[31:]]
    for token in wrong:
        response = Client().post(f"/cancel/{token}")
        assert response.status_code == 404
        assert "This link does not work" in said(response)
    booked.refresh_from_db()
    assert booked.status == "booked"


def test_each_bit_of_the_token_counts(booked: Appointment) -> None:
    """Whoever changes one letter of it, to any other, has a token of nothing."""
    good = token_of(booked.practice_id, booked.id)
    assert opened(good) == (booked.practice_id, booked.id)
    for place in range(len(good)):
        for letter in "ABCDwxyz0189-_":
            changed = good[:place] + letter + good[place + 1 :]
            assert changed == good or opened(changed) is None


def test_a_token_outlives_a_change_of_the_secret_key_while_the_old_one_is_named(
    booked: Appointment, settings: Any
) -> None:
    good, old = token_of(booked.practice_id, booked.id), settings.SECRET_KEY
    settings.SECRET_KEY = "another key, long enough to be one"
    assert opened(good) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert opened(good) == (booked.practice_id, booked.id)


def test_a_good_seal_over_an_appointment_that_there_is_not(practice: Practice) -> None:
    assert Client().get(f"/cancel/{token_of(practice.ods_code, uuid4())}").status_code == 404


def test_until_the_cut_off_and_not_after(booked: Appointment, practice: Practice) -> None:
    cut_off = booked.slot.starts_at - timedelta(minutes=30)
    with time_machine.travel(cut_off + timedelta(seconds=1), tick=False):
        page = Client().get(link_to(booked))
        assert "It is too late to cancel or move this appointment online." in said(page)
        assert "01632 960 001" in said(page)
        assert "<form" not in said(page)
        assert Client().post(link_to(booked)).status_code == 409
    booked.refresh_from_db()
    assert booked.status == "booked"
    with time_machine.travel(cut_off, tick=False):
        Client().post(link_to(booked))
    booked.refresh_from_db()
    assert booked.status == "cancelled"


def test_started_moved_cancelled_and_not_online_each_have_their_words(
    ann: Acting, practice: Practice, slots: list[Slot], now: datetime
) -> None:
    moved, cancelled, started, kept = [
        *(book(slots[n], by=ann, key=None, at=now) for n in (0, 1)),
        an_appointment(slots[2], a_patient_of(practice)),
        an_appointment(slots[3], a_patient_of(practice)),
    ]
    rearrange(moved, to=slots[4], by=ann, key=None, at=now)
    cancel(cancelled, by=ann, key=None, at=now)
    assert "This appointment was moved" in said(Client().get(link_to(moved)))
    assert "This appointment is cancelled" in said(Client().post(link_to(cancelled), follow=True))
    with time_machine.travel(started.slot.starts_at, tick=False):
        assert "This appointment has already started" in said(Client().post(link_to(started)))
    set_policy(practice, name="cancel_online", value=False, by=the_maker(practice), at=now)
    for page in (Client().get(link_to(kept)), Client().post(link_to(kept))):
        assert "Your practice does not let patients cancel or move appointments online." in said(page)
        assert "01632 960 001" in said(page)


def test_a_double_appointment_is_given_back_whole(ann: Acting, slots: list[Slot], now: datetime) -> None:
    double = book(slots[0], by=ann, key=None, at=now, length=2)
    cancel_by_link(by=holder(double), at=now)
    rows = Appointment.objects.order_by("slot__starts_at").values_list("status", "cancelled_through")
    assert list(rows) == [("cancelled", "link")] * 2


def test_the_link_of_one_appointment_leaves_every_other_alone(ann: Acting, slots: list[Slot], now: datetime) -> None:
    one, two = (book(slots[n], by=ann, key=None, at=now) for n in (0, 2))
    Client().post(link_to(one))
    assert list(Appointment.objects.filter(status="booked")) == [two]


def test_no_log_line_holds_the_address(booked: Appointment, caplog: pytest.LogCaptureFixture) -> None:
    token = token_of(booked.practice_id, booked.id)
    with caplog.at_level(logging.DEBUG):
        for path in (f"/cancel/{token}", f"/cancel/{token}x"):
            Client().get(path)
            Client().post(path)
    lines = [PrivateJsonFormatter().format(record) for record in caplog.records if record.name != "django.db.backends"]
    assert any("cancel_by_link" in line for line in lines) or any(
        getattr(record, "route", "") == "cancel_by_link" for record in caplog.records
    )
    assert [line for line in lines if token[:12] in json.dumps(line)] == []


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_the_link_and_the_patient_and_a_move_at_once_and_one_of_them_wins(now: datetime) -> None:
    """The link is pressed in three browsers while the patient cancels and moves; what comes of it is one of these."""
    practice = a_practice()
    patient = a_patient_of(practice)
    ann = acting_as(patient)
    for n in range(8):
        old, new = (a_slot_of(practice, now + timedelta(days=1 + n, hours=h)) for h in (1, 3))
        one = an_appointment(old, patient)

        def link(one: Appointment = one) -> str:
            return answer(lambda: cancel_by_link(by=holder(one), at=now))

        def patients(one: Appointment = one) -> str:
            return answer(lambda: cancel(one, by=ann, key=None, at=now))

        def moves(one: Appointment = one, new: Slot = new) -> str:
            return answer(lambda: rearrange(one, to=new, by=ann, key=None, at=now))

        came = at_once([link, link, link, patients, moves])
        assert sorted(came) == [*["already_cancelled"] * 4, "done"], came
        rows = Appointment.objects.filter(slot_id__in=[old.id, new.id], status="booked")
        assert rows.count() == (1 if came[4] == "done" else 0)
        assert Entry.objects.filter(subject_id=one.id, event="appointment.cancelled", refused_by="").count() == (
            0 if came[4] == "done" else 1
        )


def answer(do: Callable[[], object]) -> str:
    """What came of it."""
    try:
        do()
    except Refused as refused:
        return refused.reason.name.lower()
    return "done"
