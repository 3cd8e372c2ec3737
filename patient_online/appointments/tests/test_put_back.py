"""A withdrawn session is put back: who gets their time again, who does not and why, and what each is told."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment, Schedule, Slot, WithdrawnAppointment
from patient_online.appointments.notices.withdrawn import ON_AGAIN, WITHDRAWN
from patient_online.appointments.rules.putting_back import StaysCancelled
from patient_online.appointments.rules.withdraw import NotWithdrawn
from patient_online.appointments.tests.clinics import Morning
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import an_account, an_appointment, staff_of
from patient_online.notify.models import Message
from patient_online.refusals import Refused
from patient_online.storage.ids import uuid7
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


def touched(appointment: Appointment) -> UUID:
    """What the withdrawal noted of the appointment last."""
    return WithdrawnAppointment.objects.filter(appointment_id=appointment.id).order_by("-id")[0].id


def puts_back(morning: Morning, *again: Appointment) -> Schedule:
    """Rita puts the session back, and gives these patients their time again."""
    ids = [touched(each) for each in again]
    return actions.put_back(morning.schedule, again=ids, by=morning.rita, key=uuid7(), at=morning.now)


def why(morning: Morning) -> dict[UUID, StaysCancelled | None]:
    """Why each would not get their time again, or None."""
    found = queries.had_times_in(morning.rita, morning.schedule, at=morning.now)
    return {each.touched.appointment_id: each.why_not for each in found}


def went_out() -> None:
    """The messages of the withdrawal have reached their patients."""
    Message.objects.update(status="sent", settled_at=datetime.now().astimezone(), handed_over_at=None)


def test_who_was_told_gets_the_same_appointment_again_and_one_message(morning: Morning) -> None:
    ann, bob = morning.booked(0, reason="A cough"), morning.booked(3)
    morning.withdraws()
    went_out()
    puts_back(morning, ann)
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.status, ann.reason, ann.cancelled_at, ann.cancel_reason) == ("booked", "A cough", None, "")
    assert (bob.status, bob.cancel_reason) == ("cancelled", "withdrawn")
    assert set(Slot.objects.values_list("status", flat=True)) == {"open"}
    told = Message.objects.get(kind="appointment-on-again")
    assert (told.patient_id, told.about) == (ann.patient_id, touched(ann))
    words = ON_AGAIN.words(told, morning.now)
    assert words is not None
    assert words.subject == "Your appointment on Wednesday 4 March at 8am is on again"
    assert ann.reference in words.text
    assert Entry.objects.get(event="appointment.on_again").patient_id == ann.patient_id


def test_who_has_not_been_told_yet_is_told_nothing_at_all(morning: Morning) -> None:
    """By email, which waits; and by a letter that is not printed yet."""
    ann, bob = morning.booked(0, patient=morning.patient(by="email")), morning.booked(1)
    morning.withdraws()
    Message.objects.filter(patient_id=bob.patient_id).update(status="to-print", settled_at=morning.now)
    puts_back(morning, ann, bob)
    assert set(Message.objects.values_list("kind", "status")) == {("appointment-withdrawn", "dropped")}
    assert Message.objects.count() == 2


def test_what_may_have_gone_out_is_answered_and_is_not_sent_any_more(morning: Morning) -> None:
    """A worker has handed the message to a provider, and nobody knows what became of it."""
    ann = morning.booked(0)
    morning.withdraws()
    Message.objects.update(handed_over_at=morning.now)
    puts_back(morning, ann)
    waiting = Message.objects.get(kind="appointment-withdrawn")
    assert waiting.status == "waiting"
    assert WITHDRAWN.words(waiting, morning.now) is None
    assert Message.objects.filter(kind="appointment-on-again").count() == 1


def test_both_parts_of_a_longer_appointment_come_back(morning: Morning) -> None:
    first = morning.booked(0)
    an_appointment(morning.slots[1], first.patient, continues=first)
    morning.withdraws()
    puts_back(morning, first)
    assert list(Appointment.objects.values_list("status", flat=True)) == ["booked", "booked"]


def test_each_reason_why_somebody_does_not_get_their_time_again(morning: Morning) -> None:
    again, clash, gone, fine = (morning.booked(number) for number in range(4))
    morning.withdraws()
    later = morning.another(morning.now + timedelta(days=3))
    morning.now += timedelta(minutes=5)
    an_appointment(later[0], again.patient, booked_at=morning.now)
    colleague = morning.another(morning.slots[1].starts_at)
    an_appointment(colleague[0], clash.patient)
    gone.patient.left_on = morning.now.date()
    gone.patient.save()
    assert why(morning) == {
        again.id: StaysCancelled.CHOSE_AGAIN,
        clash.id: StaysCancelled.CLASHES,
        gone.id: StaysCancelled.GONE,
        fine.id: None,
    }
    for each in (again, clash, gone):
        with pytest.raises(Refused) as refused:
            puts_back(morning, each, fine)
        assert refused.value.reason is NotWithdrawn.CHANGED
    assert Schedule.objects.get(id=morning.schedule.id).withdrawn_at is not None
    assert not Appointment.objects.filter(status="booked", slot__schedule_id=morning.schedule.id).exists()


def test_of_a_longer_appointment_of_which_somebody_has_a_part_nothing_comes_back(morning: Morning) -> None:
    """Withdrawn from 8:10am on; the first ten minutes stayed in the book, and somebody took them."""
    first = morning.booked(0)
    an_appointment(morning.slots[1], first.patient, continues=first)
    since = (morning.slots[1].starts_at).time()
    morning.withdraws(morning.from_on(since))
    assert Appointment.objects.filter(status="cancelled").count() == 2
    assert Slot.objects.get(id=morning.slots[0].id).status == "open"
    an_appointment(morning.slots[0], morning.patient())
    assert why(morning) == {first.id: StaysCancelled.TAKEN}


def test_withdrawn_and_put_back_and_withdrawn_again_each_is_told_each_time(morning: Morning) -> None:
    ann = morning.booked(0)
    morning.withdraws()
    went_out()
    puts_back(morning, ann)
    morning.withdraws()
    waiting = Message.objects.filter(status="waiting")
    on_again, withdrawn = waiting.get(kind="appointment-on-again"), waiting.get(kind="appointment-withdrawn")
    assert ON_AGAIN.words(on_again, morning.now) is None
    assert WITHDRAWN.words(withdrawn, morning.now) is not None


def test_who_has_their_time_again_needs_nobody_to_see_to_them(morning: Morning) -> None:
    ann, bob = morning.booked(0), morning.booked(1)
    morning.withdraws()
    puts_back(morning, ann)
    listed = queries.withdrawn_list(morning.rita, at=morning.now)
    assert [row.appointment_id for row in [*listed.to_ring, *listed.told]] == [bob.id]
    assert [row.appointment_id for row in listed.settled] == [ann.id]


def test_staff_see_who_gets_what_and_untick_who_made_other_plans(client: Client, morning: Morning) -> None:
    account = an_account()
    staff_of(morning.practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    ann, bob = (morning.booked(n, patient=morning.patient(given_name=name)) for n, name in ((0, "Ann"), (1, "Bob")))
    cyd = morning.booked(2, patient=morning.patient(given_name="Cyd", family_name="Whatnot"))
    morning.withdraws()
    Message.objects.filter(patient_id=ann.patient_id).update(status="sent", settled_at=morning.now)
    cyd.patient.left_on = morning.now.date()
    cyd.patient.save()
    address = f"/practice/sessions/{morning.schedule.id}/put-back"
    page = client.get(address)
    text = " ".join(read(page).all("main")[0].text.split())
    assert "8:20am Cyd Whatnot: Is no longer a patient here." in text
    assert f"8am {ann.patient.name} (is told that it is on again)" in text
    assert f"8:10am {bob.patient.name} (does not know yet that it was cancelled, and is told nothing)" in text
    assert "Your appointment on Wednesday 4 March at 8am is on again" in text
    ticks = [box.attributes for box in read(page).all("input", name="again")]
    assert [("checked" in box, box["value"]) for box in ticks] == [(True, str(touched(each))) for each in (ann, bob)]
    form: dict[str, Any] = {"key": str(uuid7()), "again": [str(touched(ann))]}
    done: Any = client.post(address, form)
    assert done.url == f"/practice/withdrawn?put_back={morning.schedule.id}"
    assert set(Appointment.objects.filter(status="booked")) == {ann}
    assert "Has this time again" in " ".join(read(client.get(done.url)).all("main")[0].text.split())
