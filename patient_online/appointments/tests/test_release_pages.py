"""A manager says who may book what, tries it on a patient before it is saved, and keeps groups of patients."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from patient_online.appointments.models import BookingRule, Cohort, CohortMember, Slot
from patient_online.asking import Role
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_patient_of,
    a_schedule,
    a_slot_type,
    an_account,
    an_account_for,
    slots_in,
    staff_of,
)
from patient_online.nhs.numbers import synthetic
from patient_online.patients.models import Patient
from patient_online.practices.models import PolicySetting, Practice
from patient_online.web.tests.pages import read

EMBARGO = "The day before which it is not released must be a real date"
SMEAR = {"sex": "female", "least_age": "25", "most_age": "64"}


@dataclass
class Desk:
    """A manager's browser, and six slots of tomorrow and six of next week."""

    client: Client
    practice: Practice
    slots: list[Slot]

    @property
    def rules(self) -> str:
        """Where the rules of the kind of slot are."""
        return f"/practice/slot-types/{self.slots[0].type_id}/rules"

    def sends(self, path: str, **typed: Any) -> Any:
        """Send a form."""
        return self.client.post(path, {"key": str(uuid4()), **typed})


@pytest.fixture
def desk(practice: Practice, now: datetime) -> Iterator[Desk]:
    """The manager has signed in."""
    with time_machine.travel(now, tick=False):
        client, account = Client(), an_account()
        staff_of(practice, Role.MANAGER, account=account)
        client.force_login(account)
        kind = a_slot_type(practice, name="PN SMEAR 20")
        slots = [
            slot
            for days in (1, 8)
            for slot in slots_in(a_schedule(practice, now + timedelta(days=days)), most=6, kind=kind)
        ]
        yield Desk(client, practice, slots)


def text(response: Any) -> str:
    """All that the page says, with single spaces."""
    return " ".join(read(response).all("main")[0].text.split())


def test_a_rule_is_typed_saved_changed_and_removed(desk: Desk) -> None:
    assert "There are no rules: everybody can book" in text(desk.client.get(desk.rules))
    saved = desk.sends(f"{desk.rules}/add", **SMEAR, days_ahead="7", release_time="8am", sure="on")
    assert saved.headers["Location"] == f"{desk.rules}?saved=1"
    rule = BookingRule.objects.get()
    said = text(desk.client.get(saved.headers["Location"]))
    assert "Women aged 25 to 64, from 7 days ahead at 8am" in said
    assert "Saved" in said
    assert "Women aged 25 to 64, from 7 days ahead at 8am" in text(desk.client.get("/appointments/words"))
    form = read(desk.client.get(f"{desk.rules}/{rule.id}"))
    assert form.all("input", name="release_time")[0].attributes["value"] == "08:00"
    embargo = {"embargo_day_day": "4", "embargo_day_month": "3", "embargo_day_year": "2026", "embargo_time": "9:30"}
    desk.sends(f"{desk.rules}/{rule.id}", **SMEAR, **embargo)
    changed = "Women aged 25 to 64, not before 9:30am on Wednesday 4 March 2026"
    assert BookingRule.objects.get().words == changed
    again = read(desk.client.get(f"{desk.rules}/{rule.id}"))
    assert again.all("input", name="embargo_time")[0].attributes["value"] == "09:30"
    assert "It is the only rule" in text(desk.client.get(f"{desk.rules}/{rule.id}/remove"))
    desk.sends(f"{desk.rules}/{rule.id}/remove")
    assert not BookingRule.objects.exists()


def test_a_rule_sent_twice_is_one_rule(desk: Desk) -> None:
    key = str(uuid4())
    for _ in range(2):
        assert desk.client.post(f"{desk.rules}/add", {**SMEAR, "key": key, "sure": "on"}).status_code == 302
    assert BookingRule.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "where", "words"),
    [
        ({"least_age": "30", "most_age": "20"}, "most_age", "The ages do not fit together."),
        ({"days_ahead": "7"}, "release_time", "A release needs both a number of days ahead"),
        ({"release_time": "8am"}, "days_ahead", "A release needs both a number of days ahead"),
        (
            {"release_time": "noonish"},
            "release_time",
            "The time of the release must be a time of day",
        ),
        ({"embargo_day_day": "31", "embargo_day_month": "2", "embargo_day_year": "2026"}, "embargo_day-day", EMBARGO),
        ({"sex": "any", "minimum_notice_minutes": ""}, "cohort_id", "A rule that says nothing opens this kind"),
        ({"minimum_notice_minutes": "ninety"}, "minimum_notice_minutes", "The shortest notice must be a whole number"),
        ({"least_age": "-1"}, "least_age", "The youngest age must be a whole number from 0 to 130"),
        ({"embargo_time": "8am"}, "embargo_day-day", "Enter the day that goes with the time"),
        ({"cohort_id": str(uuid4())}, "cohort_id", "Choose one of the answers that are offered"),
    ],
)
def test_a_rule_that_cannot_be_is_pointed_out_and_nothing_typed_is_lost(
    desk: Desk, typed: dict[str, str], where: str, words: str
) -> None:
    given = {"sex": "female", "minimum_notice_minutes": "90", **typed}
    page = read(desk.sends(f"{desk.rules}/add", **given))
    assert page.words("title")[0].startswith("Error: ")
    assert [each.startswith(words) for each in page.words("a", href=f"#id_{where}")] == [True]
    assert f"id_{where}" in page.ids()
    kept = page.all("input", name="minimum_notice_minutes")[0].attributes
    assert kept.get("value", "") == given["minimum_notice_minutes"]
    assert not BookingRule.objects.exists()


def test_the_preview_says_of_every_time_whether_it_can_be_booked_and_if_not_why(desk: Desk) -> None:
    robin = a_patient_of(desk.practice, given_name="Robin", family_name="Example", sex="male")
    BookingRule.objects.create(practice=desk.practice, type=desk.slots[0].type, sex="male", minimum_notice_minutes=2880)
    found = desk.client.post("/practice/preview", {"who": "robin exam", "find": "1"})
    assert read(found).all("button", name="patient")[0].attributes["value"] == str(robin.id)
    seen = desk.client.post("/practice/preview", {"patient": str(robin.id)})
    said = text(seen)
    assert "They can book 6 times." in said
    assert "This patient has no online account that may book appointments" in said
    assert "It is too late to book this appointment online. Rule appointments.booking.too_soon Times 6" in said
    assert "Wednesday 4 March 2026: 0 of 6 can be booked" in said
    assert "Wednesday 11 March 2026: 6 of 6 can be booked" in said
    assert Entry.objects.filter(event="patient.seen", patient_id=robin.id).count() == 1
    everything = [str(one.attributes.get(name)) for one in read(seen).elements for name in ("href", "action")]
    assert not [link for link in everything if str(robin.id) in link]


def test_a_rule_is_tried_before_it_is_saved(desk: Desk) -> None:
    """Six of twelve times would be left; what was typed goes along, to be saved or changed."""
    ann = a_patient_of(desk.practice, given_name="Ann", sex="female", birth_date=date(1961, 3, 5))
    an_account_for(ann)
    typed = {**SMEAR, "days_ahead": "", "release_time": "", "key": str(uuid4())}
    find = desk.client.post(f"{desk.rules}/add", {**typed, "preview": "1"})
    assert "With this rule: Women aged 25 to 64. It is not saved." in text(find)
    listed = desk.client.post(f"{desk.rules}/add", {**typed, "preview": "1", "find": "1", "who": "Ann"})
    carried = {one.attributes["name"]: one.attributes["value"] for one in read(listed).all("input", type="hidden")}
    assert typed.items() <= carried.items()
    seen = desk.client.post(f"{desk.rules}/add", {**typed, "preview": "1", "patient": str(ann.id)})
    assert "They can book 12 times now, and could book 6 then." in text(seen)
    assert "Wednesday 11 March 2026: 6 of 6 now, then 0" in text(seen)
    assert (
        "only to some patients: women aged 25 to 64. Rule appointments.booking.not_for_you Times now 0 Times then 6"
        in text(seen)
    )
    assert "no online account" not in text(seen)
    assert not BookingRule.objects.exists()
    again = desk.client.post(f"{desk.rules}/add", {**typed, "edit": "1"})
    assert read(again).all("input", name="least_age")[0].attributes["value"] == "25"
    assert desk.client.post(f"{desk.rules}/add", {**typed, "sure": "on"}).status_code == 302
    removed = f"{desk.rules}/{BookingRule.objects.get().id}/remove"
    # The patient looked at last is shown at once.
    assert "They can book 6 times now, and could book 12 then." in text(desk.sends(removed, preview="1"))
    assert BookingRule.objects.exists()


def test_a_group_that_no_rule_names_yet_is_tried_for_its_members(desk: Desk) -> None:
    ann, group = a_patient_of(desk.practice), Cohort.objects.create(practice=desk.practice, name="Invited")
    typed = {"cohort_id": str(group.id), "sex": "any", "preview": "1", "patient": str(ann.id)}
    assert "could book 0 then" in text(desk.sends(f"{desk.rules}/add", **typed))
    desk.sends(f"/practice/groups/{group.id}/add-patients", numbers=str(ann.nhs_number))
    assert "could book 12 then" in text(desk.sends(f"{desk.rules}/add", **typed))


def test_a_policy_is_tried_before_it_is_saved(desk: Desk) -> None:
    ann = a_patient_of(desk.practice)
    path = "/practice/preview/policies/book_ahead_days"
    page = read(desk.client.get("/practice/policies/book_ahead_days"))
    assert path in [one.attributes.get("formaction") for one in page.all("button")]
    seen = desk.client.post(path, {"value": "7", "patient": str(ann.id)})
    assert "They can book 12 times now, and could book 6 then." in text(seen)
    assert "How far ahead patients may book online: 7. It is not saved." in text(seen)
    wrong = desk.client.post(path, {"value": "0"})
    assert read(wrong).words("title")[0].startswith("Error: ")
    assert [one.attributes["action"] for one in read(wrong).all("form") if "value" not in one.attributes][-1] == (
        "/practice/policies/book_ahead_days"
    )
    assert not PolicySetting.objects.exists()


def test_nobody_of_another_practice_is_shown(desk: Desk, db: None) -> None:
    stranger = Patient.objects.get(id=a_patient_of(Practice.objects.create(ods_code="X99999", name="Elsewhere")).id)
    assert desk.client.post("/practice/preview", {"patient": str(stranger.id)}).status_code == 404


def test_a_group_is_made_filled_renamed_and_left(desk: Desk) -> None:
    ann = a_patient_of(desk.practice, given_name="Ann")
    assert "There are no groups yet" in text(desk.client.get("/practice/groups"))
    made = desk.sends("/practice/groups/add", name="Flu 2026")
    group = Cohort.objects.get()
    join = f"/practice/groups/{group.id}/add-patients"
    assert made.headers["Location"] == join
    typed = f"{ann.nhs_number}\n999 12\n{synthetic(900_001)}"
    sent = desk.sends(join, numbers=typed)
    assert "1 patient was added." in text(sent)
    assert "2 lines were not taken" in text(sent)
    assert "999 12: This is not an NHS number." in text(sent)
    assert [one.text.strip() for one in read(sent).all("textarea")] == [f"999 12\n{synthetic(900_001)}"]
    assert "Ann" in text(desk.client.get(f"/practice/groups/{group.id}"))
    desk.sends(f"/practice/groups/{group.id}/rename", name="Flu 2027")
    member = CohortMember.objects.get()
    assert "Ann" in text(desk.client.get(f"/practice/groups/{group.id}/members/{member.id}/remove"))
    left = desk.sends(f"/practice/groups/{group.id}/members/{member.id}/remove")
    assert "Nobody is in this group yet" in text(desk.client.get(left.headers["Location"]))
    assert "Flu 2027" in text(desk.client.get("/practice/groups"))
    again = desk.sends("/practice/groups/add", name="Flu 2027")
    assert "There is a group with this name already." in text(again)
    assert Entry.objects.filter(event="appointment.group_seen", patient_id=ann.id).count() == 3
