"""A session is put back: who may have heard that it was cancelled is always told that it is on again."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from patient_online.access.models import Grant
from patient_online.appointments import actions, queries
from patient_online.appointments.models import Appointment, WithdrawnAppointment
from patient_online.appointments.notices.withdrawn import ON_AGAIN
from patient_online.appointments.tests.clinics import Morning
from patient_online.appointments.tests.test_move_session import moves, to
from patient_online.appointments.tests.test_put_back import puts_back, touched, went_out
from patient_online.asking import Role
from patient_online.demo.factories import an_account, an_account_for, staff_of
from patient_online.nhs.services import Level, Service
from patient_online.notify.models import Message
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db


def rings(morning: Morning, appointment: Appointment) -> None:
    """Rita rings the patient about it, and ticks that they are seen to."""
    rung = WithdrawnAppointment.objects.select_related("appointment").get(id=touched(appointment))
    actions.settle(rung, done=True, by=morning.rita, at=morning.now)


def prints() -> None:
    """The letter of the withdrawal waits to be printed."""
    Message.objects.update(status="to-print", settled_at=datetime.now().astimezone())


def told_on_again() -> set[UUID]:
    """The patients to whom it is sent that their appointment is on again."""
    return set(Message.objects.filter(kind="appointment-on-again").values_list("patient_id", flat=True))


def unheard(morning: Morning) -> set[UUID]:
    """The patients of whom the page says that they do not know yet."""
    found = queries.had_times_in(morning.rita, morning.schedule, at=morning.now)
    return {each.touched.appointment.patient_id for each in found if each.untold}


def revoke_all(morning: Morning, appointment: Appointment, *, at: datetime) -> None:
    """Nobody may see anything of this patient online any more."""
    Grant.objects.filter(patient_id=appointment.patient_id).update(revoked_at=at, revoked_by=morning.rita.account_id)


def test_who_was_rung_about_it_is_told_that_it_is_on_again_and_never_gets_the_letter(morning: Morning) -> None:
    """Rita rang Ann and ticked it; nobody has rung Bob, and his letter is not printed either."""
    ann, bob = morning.booked(0), morning.booked(1)
    morning.withdraws()
    prints()
    rings(morning, ann)
    assert unheard(morning) == {bob.patient_id}
    puts_back(morning, ann, bob)
    assert told_on_again() == {ann.patient_id}
    assert set(Message.objects.filter(kind="appointment-withdrawn").values_list("status", flat=True)) == {"dropped"}


def test_who_may_have_seen_it_online_is_told_that_it_is_on_again(morning: Morning) -> None:
    """Ann has an account, and Cyd's was taken away since; Dee lost hers before, and Bob never had one."""
    ann, bob, cyd, dee = (morning.booked(number) for number in range(4))
    for each in (ann, cyd, dee):
        an_account_for(each.patient)
    revoke_all(morning, dee, at=morning.now - timedelta(minutes=1))
    morning.withdraws()
    prints()
    revoke_all(morning, cyd, at=morning.now + timedelta(minutes=1))
    assert unheard(morning) == {bob.patient_id, dee.patient_id}
    puts_back(morning, ann, bob, cyd, dee)
    assert told_on_again() == {ann.patient_id, cyd.patient_id}


def test_who_sees_other_things_online_has_the_inbox_too(morning: Morning) -> None:
    """Its list names the cancellation, whatever service the account has."""
    ann = morning.booked(0)
    an_account_for(ann.patient, services={Service.PRESCRIPTIONS: Level.VIEW})
    morning.withdraws()
    prints()
    puts_back(morning, ann)
    assert told_on_again() == {ann.patient_id}


def test_who_has_read_the_message_is_told_that_it_is_on_again(morning: Morning) -> None:
    ann, bob = morning.booked(0), morning.booked(1)
    morning.withdraws()
    prints()
    Message.objects.filter(patient_id=ann.patient_id).update(read_at=morning.now)
    assert unheard(morning) == {bob.patient_id}
    puts_back(morning, ann, bob)
    assert told_on_again() == {ann.patient_id}


def test_staff_read_that_who_was_rung_is_told(client: Client, morning: Morning) -> None:
    """And not that they do not know; the message that goes is shown."""
    account = an_account()
    staff_of(morning.practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    ann = morning.booked(0)
    morning.withdraws()
    prints()
    rings(morning, ann)
    page = client.get(f"/practice/sessions/{morning.schedule.id}/put-back")
    text = " ".join(read(page).all("main")[0].text.split())
    assert f"8am {ann.patient.name} (is told that it is on again)" in text
    assert "Your appointment on Wednesday 4 March at 8am is on again" in text


def test_who_was_told_of_it_once_is_told_though_the_second_time_was_put_back_at_once(morning: Morning) -> None:
    """What was to say that it is on again was stopped by the second withdrawal, whose own message never went."""
    ann = morning.booked(0)
    morning.withdraws()
    went_out()
    for _ in range(2):
        puts_back(morning, ann)
        last = touched(ann)
        morning.withdraws()
    puts_back(morning, ann)
    assert last != touched(ann)
    waiting = Message.objects.filter(kind="appointment-on-again", status="waiting")
    assert [told.about for told in waiting if ON_AGAIN.words(told, morning.now)] == [touched(ann)]


def test_who_does_not_know_of_a_move_learns_of_the_new_time_when_all_is_put_back(morning: Morning) -> None:
    """The session was moved, and withdrawn before the message of the move went out."""
    ann = morning.booked(0)
    moves(morning, to(morning, timedelta(days=1)))
    morning.withdraws()
    puts_back(morning, ann)
    [words] = [ON_AGAIN.words(told, morning.now) for told in Message.objects.filter(kind="appointment-on-again")]
    assert words is not None
    assert words.subject == "Your appointment on Thursday 5 March at 8am is on again"
