"""Staff choose which of the sessions are withdrawn, and from when on, and read the whole message before it is sent."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from patient_online.appointments.models import Appointment, Schedule, Slot, Withdrawal
from patient_online.appointments.rules.withdraw import Choice
from patient_online.appointments.tests.clinics import Morning
from patient_online.appointments.tests.test_withdrawn_notices import all_of
from patient_online.asking import Role
from patient_online.demo.factories import a_clinician_of, an_account, an_appointment, staff_of
from patient_online.nhs.dates import local_day
from patient_online.notify.kinds import kind_named
from patient_online.notify.models import Message
from patient_online.web.tests.pages import read

pytestmark = pytest.mark.django_db
TEN_PAST = time(8, 10)


@pytest.fixture
def desk(client: Client, morning: Morning) -> Client:
    """A receptionist's browser."""
    account = an_account()
    staff_of(morning.practice, Role.RECEPTIONIST, account=account)
    client.force_login(account)
    return client


def main(response: Any) -> str:
    """What the page's main part says."""
    return " ".join(read(response).all("main")[0].text.split())


def form_of(response: Any) -> dict[str, list[str]]:
    """What a browser would send of the page's form: ticks that are not ticked are left out."""
    sent: dict[str, list[str]] = {}
    for box in (one.attributes for one in read(response).all("input")):
        if box.get("type") != "checkbox" or "checked" in box:
            sent.setdefault(box["name"], []).append(box.get("value", ""))
    words = [one.text.strip() for one in read(response).all("textarea")]
    return {**sent, "words": words, "do": ["sure"]} if words else sent


def sent(desk: Client, address: str, form: dict[str, list[str]]) -> Any:
    """The form, as a browser sends it."""
    data = QueryDict(mutable=True)
    for name, values in form.items():
        data.setlist(name, values)
    return desk.post(address, data.urlencode(), content_type="application/x-www-form-urlencoded")


def tomorrow(morning: Morning) -> str:
    """Everybody's sessions of tomorrow."""
    return f"/practice/withdraw?day={local_day(morning.now) + timedelta(days=1)}"


def statuses(schedule: Schedule) -> list[str]:
    """Whether each time of a session is open or withdrawn."""
    return list(Slot.objects.filter(schedule_id=schedule.id).order_by("starts_at").values_list("status", flat=True))


def test_from_a_time_on_a_session_is_withdrawn_and_its_first_times_stay(morning: Morning) -> None:
    ann, bob = morning.booked(0), morning.booked(1)
    morning.withdraws(morning.from_on(TEN_PAST))
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.status, bob.status) == ("booked", "cancelled")
    assert statuses(morning.schedule) == ["open"] + ["withdrawn"] * 5
    assert Schedule.objects.get().withdrawn_at is None
    morning.withdraws()
    assert Schedule.objects.get().withdrawn_at == morning.now


def test_of_a_longer_appointment_that_would_be_cut_in_two_both_parts_go(morning: Morning) -> None:
    first = morning.booked(0)
    an_appointment(morning.slots[1], first.patient, continues=first)
    morning.withdraws(morning.from_on(TEN_PAST))
    assert set(Appointment.objects.values_list("status", flat=True)) == {"cancelled"}
    assert statuses(morning.schedule) == ["open"] + ["withdrawn"] * 5
    assert Message.objects.filter(kind="appointment-withdrawn").count() == 1


def test_an_absence_of_half_a_day_takes_the_times_that_meet_it_and_no_others(morning: Morning) -> None:
    day = local_day(morning.now) + timedelta(days=1)
    colleague = morning.another(morning.slots[0].starts_at)
    away = {"clinician": morning.doctor.id, "from_time": time(8, 15), "to_time": time(8, 40)}
    morning.withdraws(Choice(day, day, **away))  # type: ignore[arg-type]
    assert statuses(morning.schedule) == ["open", *["withdrawn"] * 3, *["open"] * 2]
    assert set(statuses(colleague[0].schedule)) == {"open"}


def test_all_are_ticked_and_who_is_unticked_is_left_alone(desk: Client, morning: Morning) -> None:
    other = morning.another(morning.slots[0].starts_at)
    mine, theirs = morning.booked(0), an_appointment(other[0], morning.patient())
    page = desk.get(tomorrow(morning))
    form = form_of(page)
    assert set(form["sessions"]) == {str(morning.schedule.id), str(other[0].schedule_id)}
    changed = {**form, "sessions": [str(morning.schedule.id)], "reason": ["ill"]}
    again = sent(desk, tomorrow(morning), changed)
    assert "You changed what is to be withdrawn. Nothing was done yet: check it, then confirm." in main(again)
    assert "The book has changed" not in main(again)
    assert not Withdrawal.objects.exists()
    looked = sent(desk, tomorrow(morning), {**changed, "do": ["look"]})
    assert "There is a problem" not in main(looked)
    assert form_of(looked)["sessions"] == [str(morning.schedule.id)]
    assert form_of(looked)["reason"] == ["ill"]
    assert sent(desk, tomorrow(morning), form_of(looked)).status_code == 302
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.status, theirs.status) == ("cancelled", "booked")


def test_nobody_ticked_and_a_time_that_is_none_are_pointed_out_and_nothing_typed_is_lost(
    desk: Client, morning: Morning
) -> None:
    morning.another(morning.slots[0].starts_at)
    since = f"since_{morning.schedule.id}"
    form = {**form_of(desk.get(tomorrow(morning))), "reason": ["ill"], "words": ["Sorry."], since: ["late"]}
    del form["sessions"]
    page = sent(desk, tomorrow(morning), form)
    assert {"Tick at least one session", "Enter a time, like 8:30am or 14:00"} <= set(read(page).words("a"))
    kept = form_of(page)
    assert (kept["reason"], kept["words"], kept[since]) == (["ill"], ["Sorry."], ["late"])
    assert not Withdrawal.objects.exists()


def test_the_whole_message_is_read_with_its_words_before_it_goes(desk: Client, morning: Morning) -> None:
    """What the page showed is what Ann gets, to the letter."""
    morning.booked(0, patient=morning.patient(given_name="Ann"))
    morning.another(morning.now + timedelta(days=2))
    form = form_of(desk.get(tomorrow(morning)))
    first = sent(desk, tomorrow(morning), {**form, "reason": ["ill"], "words": ["The heating failed."]})
    assert "Nothing was done yet. Read the message with your sentence below" in main(first)
    assert not Withdrawal.objects.exists()
    shown = main(first)
    assert sent(desk, tomorrow(morning), form_of(first)).status_code == 302
    message = Message.objects.get()
    words = kind_named(message.kind).words(message, morning.now)
    assert "The heating failed." in all_of(words)
    assert words is not None
    assert all(part in shown for part in (words.subject, words.text, *words.paragraphs))


def test_a_session_that_goes_to_another_kind_of_clinician_warns_and_marks_who_chose_the_first(
    desk: Client, morning: Morning
) -> None:
    morning.doctor.job, morning.doctor.sex = "GP", "female"
    morning.doctor.save()
    chose = morning.booked(0, patient=morning.patient(family_name="Whatnot"))
    morning.booked(1, patient=morning.patient(), booked_through="desk")
    nurse = a_clinician_of(morning.practice, job="Practice nurse", sex="male")
    same = a_clinician_of(morning.practice, job="GP", sex="female")
    address = f"/practice/sessions/{morning.schedule.id}/move?to={morning.schedule.starts_at.isoformat()}"
    address = address.replace("+", "%2B") + f"&site={morning.schedule.site_id}&clinician="
    page = main(desk.get(f"{address}{nurse.id}"))
    assert "They had a time with: GP. It would be with: Practice nurse." in page
    assert "Sex of the clinician: Female now, Male then." in page
    assert page.count("Chose this clinician online") == 1
    assert chose.patient.name in page
    assert "Another kind of clinician" not in main(desk.get(f"{address}{same.id}"))


@pytest.mark.parametrize("typed", ["7:50", "9am", "8:10pm"])
def test_a_time_outside_of_a_session_to_withdraw_it_from_is_pointed_out(
    desk: Client, morning: Morning, typed: str
) -> None:
    """From 7:50 on would be all of the session from 8am to 9am, from 9am on nothing of it."""
    morning.booked(0)
    morning.another(morning.slots[0].starts_at)
    form = form_of(desk.get(tomorrow(morning)))
    since = {f"since_{morning.schedule.id}": [typed]}
    page = sent(desk, tomorrow(morning), {**form, **since, "reason": ["ill"]})
    assert "Enter a time between 8am and 9am, or untick the session" in read(page).words("a")
    alone = f"/practice/withdraw?session={morning.schedule.id}"
    page = sent(desk, alone, {**form_of(desk.get(alone)), **since, "reason": ["ill"]})
    assert "Enter a time between 8am and 9am, or leave it empty" in read(page).words("a")
    unticked = [each for each in form["sessions"] if each != str(morning.schedule.id)]
    others = {**form, **since, "sessions": unticked, "reason": ["ill"], "do": ["look"]}
    assert "There is a problem" not in main(sent(desk, tomorrow(morning), others))
    assert not Withdrawal.objects.exists()


def test_a_time_typed_after_the_look_is_shown_before_anything_is_done(desk: Client, morning: Morning) -> None:
    ann, bob = morning.booked(0), morning.booked(1)
    alone = f"/practice/withdraw?session={morning.schedule.id}"
    form = {**form_of(desk.get(alone)), "reason": ["ill"], f"since_{morning.schedule.id}": ["8:10am"]}
    shown = sent(desk, alone, form)
    assert "You changed what is to be withdrawn." in main(shown)
    assert bob.patient.name in main(shown)
    assert ann.patient.name not in main(shown)
    assert sent(desk, alone, form_of(shown)).status_code == 302
    ann.refresh_from_db()
    bob.refresh_from_db()
    assert (ann.status, bob.status) == ("booked", "cancelled")


def test_who_changed_nothing_is_told_that_the_book_has(desk: Client, morning: Morning) -> None:
    morning.another(morning.slots[0].starts_at)
    form = {**form_of(desk.get(tomorrow(morning))), "reason": ["ill"]}
    morning.booked(0)
    page = sent(desk, tomorrow(morning), form)
    assert page.status_code == 409
    assert "The book has changed since you looked. Nothing was done." in main(page)
    assert "You changed" not in main(page)


def test_what_is_withdrawn_in_part_is_named_by_its_own_times_and_the_rest_by_the_session(
    desk: Client, morning: Morning
) -> None:
    """Six times from 8am: those from 8:20am on are withdrawn, then the others too."""
    whole = "8am to 9am"
    morning.withdraws(morning.from_on(time(8, 20)))
    page = main(desk.get("/practice/withdrawn"))
    assert f"8:20am to 9am of the {morning.schedule.name} (4 times)" in page
    assert whole not in page
    morning.withdraws(morning.choice)
    page = main(desk.get("/practice/withdrawn"))
    assert whole in page
    assert "times)" not in page


def test_who_is_to_be_seen_to_is_booked_for_on_the_same_day_and_for_the_same_kind(
    desk: Client, morning: Morning
) -> None:
    row = morning.booked(0)
    morning.withdraws()
    page = read(desk.get("/practice/withdrawn"))
    [address] = [one.attributes["href"] for one in page.all("a") if "Book for them" in one.text]
    assert address == f"/practice/patients/{row.patient_id}/book?on={row.slot.day}&kind={morning.kind.id}"
    assert desk.get(address).status_code == 200
