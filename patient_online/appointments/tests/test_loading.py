"""How a book comes in from a file, again and again, beside what is there."""

from datetime import UTC, datetime

import pytest

from patient_online.appointments.imports import WrongBook, read_book
from patient_online.appointments.loading import Loaded, load_book
from patient_online.appointments.models import Schedule, Slot, SlotType
from patient_online.appointments.settling import NotSettled
from patient_online.appointments.tests.book_file import a_book, a_slot
from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.demo.factories import (
    a_clinician_of,
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    an_appointment,
)
from patient_online.nhs.dates import london
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.refusals import Refusal, Refused

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
NINE = london(2026, 3, 10, 9)


@pytest.fixture
def practice() -> Practice:
    return a_practice("X90001")


def load(*rows: dict[str, str], dry_run: bool = False, practice: str = "X90001") -> Loaded:
    file = read_book(a_book(*rows))
    assert file.refused == []
    return load_book(file, by=System("import_appointment_book", practice), at=AT, dry_run=dry_run)


def refusals(loaded: Loaded) -> list[tuple[int, Refusal]]:
    return [(row.line, row.refused.reason) for row in loaded.refused]


def test_a_book_makes_what_it_needs_and_uses_what_is_there(practice: Practice) -> None:
    loaded = load(a_slot(), a_slot("09:10"), a_slot("14:00", session="Afternoon", site="Branch", mode="telephone"))
    assert loaded.new == {"sites": 1, "clinicians": 1, "types": 1, "sessions": 2, "slots": 3}
    doctor = StaffMember.objects.get(practice=practice)
    assert (doctor.name, doctor.sex, doctor.job, doctor.sees_patients) == ("Dr Example One", "female", "GP", True)
    kind = SlotType.objects.get(practice=practice)
    assert (kind.label, kind.national_category, kind.joins_up_to) == (
        "Appointment with a GP",
        "General Consultation Routine",
        1,
    )
    morning = Schedule.objects.get(practice=practice, name="Morning surgery")
    assert (morning.starts_at, morning.ends_at) == (NINE, london(2026, 3, 10, 9, 19))
    assert morning.site_id == Site.objects.get(practice=practice, is_main=True).id
    slot = Slot.objects.get(practice=practice, mode="telephone")
    assert (slot.schedule.site.name, slot.starts_at, slot.online) == ("Branch", london(2026, 3, 10, 14), True)


def test_the_same_book_again_changes_nothing_and_says_so(practice: Practice) -> None:
    rows = [a_slot(), a_slot("09:10", release="2026-03-04 08:00", joins_up_to="2")]
    assert not load(*rows).is_idle
    before = list(Slot.objects.order_by("id").values())
    again = load(*rows)
    assert (again.is_idle, again.unchanged, again.refused) == (True, 2, [])
    assert list(Slot.objects.order_by("id").values()) == before


def test_a_slot_that_has_changed_is_changed_in_its_place(practice: Practice) -> None:
    load(a_slot())
    before = Slot.objects.get()
    change = {"end": "09:15", "mode": "video", "slot_type": "GP-VID", "online": "no", "release": "2026-03-04 08:00"}
    loaded = load(a_slot(**change))
    assert (loaded.new["slots"], loaded.changed["slots"], loaded.changed["sessions"]) == (0, 1, 1)
    slot = Slot.objects.get()
    assert (slot.id, slot.ends_at, slot.mode) == (before.id, london(2026, 3, 10, 9, 15), "video")
    assert (slot.type.name, slot.online, slot.release_at) == ("GP-VID", False, london(2026, 3, 4, 8))
    assert Schedule.objects.get().ends_at == slot.ends_at


def test_a_slot_that_is_booked_is_not_changed_and_the_reason_is_told(practice: Practice) -> None:
    load(a_slot(), a_slot("09:10"))
    an_appointment(Slot.objects.get(starts_at=NINE), a_patient_of(practice))
    loaded = load(a_slot(mode="telephone"), a_slot("09:10", mode="telephone"))
    assert refusals(loaded) == [(2, NotSettled.BOOKED)]
    assert list(Slot.objects.order_by("starts_at").values_list("mode", flat=True)) == ["in-person", "telephone"]
    assert refusals(load(a_slot(), a_slot("09:10", mode="telephone"))) == []


def test_nothing_is_deleted_when_a_later_book_has_less(practice: Practice) -> None:
    load(a_slot(), a_slot("09:10"))
    load(a_slot("09:20"))
    assert Slot.objects.count() == 3
    schedule = Schedule.objects.get()
    assert (schedule.starts_at, schedule.ends_at) == (NINE, london(2026, 3, 10, 9, 29))


def test_a_session_grows_to_both_sides(practice: Practice) -> None:
    load(a_slot("10:00"))
    load(a_slot("08:30"), a_slot("12:00"))
    schedule = Schedule.objects.get()
    assert (schedule.starts_at, schedule.ends_at) == (london(2026, 3, 10, 8, 30), london(2026, 3, 10, 12, 9))


def test_a_withdrawn_slot_stays_withdrawn(practice: Practice) -> None:
    load(a_slot())
    Slot.objects.update(status=Slot.Status.WITHDRAWN)
    load(a_slot(mode="video"))
    assert Slot.objects.values_list("status", "mode").get() == ("withdrawn", "video")


def test_two_slots_of_one_clinician_at_once_are_refused(practice: Practice) -> None:
    loaded = load(a_slot(), a_slot(), a_slot("09:05", "09:15", session="Other"), a_slot(clinician="Dr Example Two"))
    assert refusals(loaded) == [(3, NotSettled.OVERLAPS), (4, NotSettled.OVERLAPS)]
    assert {row.refused.facts["line"] for row in loaded.refused} == {2}
    assert Slot.objects.count() == 2


def test_a_slot_over_another_one_in_the_book_is_refused(practice: Practice) -> None:
    load(a_slot("09:00", "09:20"))
    loaded = load(a_slot("09:10", "09:30"))
    assert refusals(loaded) == [(2, NotSettled.OVERLAPS_BOOK)]
    assert loaded.refused[0].refused.facts["start"] == "9am"


def test_a_slot_may_take_the_time_that_another_gives_up_in_the_same_book(practice: Practice) -> None:
    load(a_slot("09:00", "09:20"))
    loaded = load(a_slot("09:10", "09:20"), a_slot("09:00", "09:10"))
    assert (refusals(loaded), loaded.new["slots"], loaded.changed["slots"]) == ([], 1, 1)


def test_a_refused_slot_leaves_no_clinician_or_site_behind(practice: Practice) -> None:
    loaded = load(a_slot(), a_slot(clinician="Dr Example Two", site="Branch", slot_type="GP-NEW", label=""))
    assert refusals(loaded) == [(3, NotSettled.ONLINE_NEEDS)]
    assert list(StaffMember.objects.values_list("name", flat=True)) == ["Dr Example One"]
    assert list(Site.objects.values_list("name", flat=True)) == ["Main building"]


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({"national_category": ""}, "national_category"),
        ({"national_category": "Unmapped"}, "national_category"),
        ({"label": ""}, "label"),
    ],
)
def test_a_slot_is_not_put_online_without_category_and_words(
    columns: dict[str, str], missing: str, practice: Practice
) -> None:
    loaded = load(a_slot(**columns), a_slot("11:00", slot_type="OTHER", **{**columns, "online": "no"}))
    assert refusals(loaded) == [(2, NotSettled.ONLINE_NEEDS)]
    assert loaded.refused[0].refused.facts["missing"] == missing
    assert loaded.new["slots"] == 1


def test_the_words_of_a_slot_type_stay_where_the_book_says_nothing(practice: Practice) -> None:
    load(a_slot())
    SlotType.objects.update(label="See a doctor", guidance="For what can wait.")
    loaded = load(a_slot(label="", guidance="", national_category=""), a_slot("09:10", label=""))
    assert (refusals(loaded), loaded.changed["types"]) == ([], 0)
    assert SlotType.objects.values_list("label", "guidance").get() == ("See a doctor", "For what can wait.")


def test_a_book_that_says_two_things_of_one_slot_type_is_refused_there(practice: Practice) -> None:
    loaded = load(a_slot(), a_slot("09:10", label="Nurse"), a_slot("09:20", clinician_sex="male"))
    assert refusals(loaded) == [(3, NotSettled.DISAGREES), (4, NotSettled.DISAGREES)]
    assert [row.refused.facts["column"] for row in loaded.refused] == ["label", "clinician_sex"]


def test_a_clinician_whose_name_two_people_have_is_refused(practice: Practice) -> None:
    for _each in range(2):
        a_clinician_of(practice, name="Dr Example One")
    loaded = load(a_slot(), a_slot(clinician="Dr Example Two"))
    assert refusals(loaded) == [(2, NotSettled.SAME_NAME)]


def test_a_clinician_who_has_left_is_not_the_one_of_the_same_name(practice: Practice) -> None:
    a_clinician_of(practice, name="Dr Example One", to_day=AT.date())
    assert load(a_slot()).new["clinicians"] == 1


def test_a_session_that_would_start_with_another_one_is_refused(practice: Practice) -> None:
    site = Site.objects.get(practice=practice)
    doctor = a_clinician_of(practice, name="Dr Example One")
    a_schedule(practice, NINE, clinician=doctor, site=site, name="Another name")
    assert refusals(load(a_slot(), a_slot("09:10"))) == [(2, NotSettled.SESSION_TAKEN)]


def test_the_same_names_at_another_practice_are_other_people(practice: Practice) -> None:
    other = a_practice("X90002")
    theirs = a_slot_of(other, NINE, mode="video")
    load(a_slot())
    load(a_slot(), practice="X90002")
    assert Slot.objects.filter(practice=practice).count() == 1
    assert Slot.objects.filter(practice=other).count() == 2
    theirs.refresh_from_db()
    assert theirs.mode == "video"


def test_a_book_of_an_unknown_practice_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        load(a_slot(), practice="X99999")
    assert refused.value.reason is WrongBook.PRACTICE


def test_a_dry_run_says_the_same_and_keeps_nothing(practice: Practice) -> None:
    tried = load(a_slot(), a_slot(), dry_run=True)
    assert not Slot.objects.exists()
    assert not Entry.objects.filter(event="book.imported").exists()
    assert tried.new == load(a_slot(), a_slot()).new
    assert refusals(tried) == [(3, NotSettled.OVERLAPS)]


def test_a_load_is_in_the_trail_of_its_practice_once(practice: Practice) -> None:
    load(a_slot(), a_slot())
    entry = Entry.objects.get(event="book.imported")
    assert (entry.practice_id, entry.asker_name) == ("X90001", "import_appointment_book")
    assert (entry.details["new"]["slots"], entry.details["refused"]) == (1, 1)
