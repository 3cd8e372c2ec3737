"""Whatever is changed, the trail says of the same request who did it, for whom, and how they reached us."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments import jobs
from patient_online.appointments.models import Appointment
from patient_online.appointments.notices.links import token_of
from patient_online.appointments.tests.open_book import OpenBook
from patient_online.asking import Role, Staff
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, an_account, an_appointment, staff_of
from patient_online.identity.models import Account
from patient_online.patients.models import Patient
from patient_online.practices.models import PolicySetting
from patient_online.web.tests.pages import signed_in

pytestmark = pytest.mark.django_db


@dataclass
class Floor:
    """Robin at home, Rita at the desk, Mara who manages, and whoever holds a link."""

    book: OpenBook
    rita: Staff
    mara: Staff

    @property
    def robin(self) -> Client:
        """Robin's browser."""
        return self.book.client

    def browser_of(self, staff: Staff) -> Client:
        """The browser of somebody who works here."""
        return signed_in(Account.objects.get(id=staff.account_id))

    def appointment(self, n: int, patient: Patient | None = None) -> Appointment:
        """The nth slot, booked for Robin or for somebody else."""
        return an_appointment(self.book.slots[n], patient or self.book.robin, booked_at=self.book.now)


@pytest.fixture
def floor(client: Client, now: datetime) -> Iterator[Floor]:
    """It is 8am on 3 March 2026; tomorrow there is a clinic."""
    with time_machine.travel(now, tick=False):
        book = OpenBook.of(client, now)
        rita, mara = (staff_of(book.practice, role, account=an_account()) for role in (Role.RECEPTIONIST, Role.MANAGER))
        yield Floor(book, rita, mara)


def sends(browser: Client, path: str, **given: Any) -> UUID:
    """Send a form that is taken; the id of the request."""
    answer = browser.post(path, {"key": str(uuid4()), **given})
    assert answer.status_code == 302, answer.content.decode()
    return UUID(answer.headers["X-Request-ID"])


def noted(event: str, request_id: UUID) -> tuple[Any, ...]:
    """Of the one entry that the request left of what it did: who asked, how, their account and post, for whom."""
    entry = Entry.objects.get(event=event, request_id=request_id)
    return entry.asker, entry.channel, entry.account_id, entry.staff_id, entry.patient_id


def test_what_a_patient_does_online_is_noted_as_theirs(floor: Floor) -> None:
    book, robin = floor.book, floor.book.robin
    theirs = ("acting", "online", book.accounts[0].id, None, robin.id)
    slot, other = book.slots[0], book.slots[3]
    path = f"/appointments/slots/{slot.id}"
    book.client.post(f"{path}/before-you-book", {"key": str(uuid4())})
    booked = sends(floor.robin, path, length="1", reason="", comment="", starts=slot.starts_at.isoformat())
    assert noted("appointment.booked", booked) == theirs
    row = Appointment.objects.get()
    assert (row.booked_by, row.booked_through) == (book.accounts[0].id, "online")
    moved = sends(floor.robin, f"/appointments/{row.id}/move/{other.id}", starts=other.starts_at.isoformat())
    assert noted("appointment.moved", moved) == theirs
    old, new = Appointment.objects.order_by("booked_at", "id")
    assert (old.cancelled_by, old.cancelled_through, old.cancel_reason) == (book.accounts[0].id, "online", "moved")
    cancelled = sends(floor.robin, f"/appointments/{new.id}/cancel", reason="")
    assert noted("appointment.cancelled", cancelled) == theirs
    new.refresh_from_db()
    assert (new.cancelled_by, new.cancelled_through) == (book.accounts[0].id, "online")
    told = sends(floor.robin, "/practice/details/contact/email", email="robin@example.com")
    assert theirs in [noted(event, told) for event in events_of(told) if event.endswith("changed")]


def events_of(request_id: UUID) -> list[str]:
    """What the trail tells of a request."""
    return list(Entry.objects.filter(request_id=request_id).values_list("event", flat=True))


@pytest.mark.parametrize("channel", ["desk", "telephone"])
def test_what_the_desk_does_is_noted_as_rita_s_and_how_the_patient_asked(floor: Floor, channel: str) -> None:
    robin, rita = floor.book.robin, floor.browser_of(floor.rita)
    hers = ("staff", channel, floor.rita.account_id, floor.rita.staff_id, robin.id)
    slot, other = floor.book.slots[0], floor.book.slots[3]
    given = {"channel": channel, "reason": "", "comment": "", "telephone": ""}
    page = f"/practice/patients/{robin.id}"
    booked = sends(rita, f"{page}/book/{slot.id}", **given, length="1", starts=slot.starts_at.isoformat())
    assert noted("appointment.booked_at_desk", booked) == hers
    row = Appointment.objects.get()
    assert (row.booked_by, row.booked_through) == (floor.rita.account_id, channel)
    path = f"{page}/appointments/{row.id}/move/{other.id}"
    moved = sends(rita, path, channel=channel, starts=other.starts_at.isoformat())
    assert noted("appointment.moved_at_desk", moved) == hers
    new = Appointment.objects.get(status="booked")
    cancelled = sends(rita, f"{page}/appointments/{new.id}/cancel", channel=channel, reason="")
    assert noted("appointment.cancelled_at_desk", cancelled) == hers
    new.refresh_from_db()
    assert (new.cancelled_by, new.cancelled_through) == (floor.rita.account_id, channel)


def test_who_notes_an_arrival_is_noted(floor: Floor) -> None:
    slot = floor.book.slot_at(timedelta(minutes=30))
    made = an_appointment(slot, floor.book.robin, booked_at=floor.book.now)
    rita = floor.browser_of(floor.rita)
    pressed = sends(rita, "/appointments/book-of-the-day/2026-03-03", mark=f"arrived {made.id}")
    assert noted("appointment.marked", pressed) == (
        "staff",
        "desk",
        floor.rita.account_id,
        floor.rita.staff_id,
        floor.book.robin.id,
    )


def test_who_holds_the_link_is_noted_as_nobody_s_account(floor: Floor) -> None:
    made = floor.appointment(0)
    pressed = sends(Client(), f"/cancel/{token_of(made.practice_id, made.id)}")
    assert noted("appointment.cancelled", pressed) == ("link", "link", None, None, floor.book.robin.id)


def test_what_a_manager_decides_is_noted_as_hers(floor: Floor) -> None:
    mara = floor.browser_of(floor.mara)
    decided = sends(mara, "/practice/policies/book_ahead_days", value="14")
    hers = ("staff", "desk", floor.mara.account_id, floor.mara.staff_id, None)
    assert [noted(event, decided) for event in events_of(decided)] == [hers]
    assert PolicySetting.objects.get(name="book_ahead_days").value == 14


def test_what_a_job_does_is_noted_as_the_job_s_by_its_name(floor: Floor) -> None:
    booked = an_appointment(
        floor.book.slot_at(timedelta(hours=40)), floor.book.robin, booked_at=floor.book.now - timedelta(days=30)
    )
    jobs.remind_late(0)
    jobs.count_unmet_of_practice(floor.book.practice.ods_code)
    for event in ("appointment.reminders_made", "appointment.unmet_counted"):
        entry = Entry.objects.filter(event=event).latest("id")
        assert (entry.asker, entry.channel, entry.account_id, bool(entry.asker_name)) == (
            "system",
            "command",
            None,
            True,
        )
    assert booked.status == "booked"


def test_a_refusal_is_noted_with_who_was_refused_and_how_they_asked(floor: Floor) -> None:
    slot = floor.appointment(0, a_patient_of(floor.book.practice)).slot
    assert floor.book.confirms(slot, starts=slot.starts_at.isoformat()).status_code == 409
    entries = Entry.objects.filter(patient_id=floor.book.robin.id).exclude(refused_by="")
    who = {(entry.asker, entry.channel, entry.account_id) for entry in entries}
    assert who == {("acting", "online", floor.book.accounts[0].id)}


def test_no_entry_is_without_a_channel_and_nobody_s_account_is_left_out(floor: Floor) -> None:
    """Of all that these people do and look at, and of all that was done to let them."""
    floor.robin.get("/appointments/book")
    floor.robin.get("/appointments/")
    floor.browser_of(floor.rita).post("/practice/patients", {"q": "robin"}, follow=True)
    floor.browser_of(floor.mara).get("/practice/unmet")
    assert not Entry.objects.filter(channel="").exists()
    people = Entry.objects.filter(asker__in=["acting", "staff"])
    assert people.count() >= 3
    assert not people.filter(account_id=None).exists()
    assert not Entry.objects.filter(asker="staff", staff_id=None).exists()
    assert not Entry.objects.filter(asker="acting", patient_id=None).exists()
    assert not Entry.objects.filter(asker="system", asker_name="").exists()
