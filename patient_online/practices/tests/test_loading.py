"""How practices and their geography come in from a file, again and again."""

from datetime import UTC, date, datetime

import pytest

from patient_online.asking import System
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice
from patient_online.patients.models import Patient
from patient_online.practices.imports import NotLoaded, read_practices
from patient_online.practices.loading import Loaded, known_kinds, load_practices
from patient_online.practices.models import Area, AreaPart, Practice, PracticeArea
from patient_online.practices.tests.areas import areas_of
from patient_online.practices.tests.epraccur import a_file, a_line

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
BY = System("import_practices", why="a test")
AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
TODAY = date(2026, 3, 3)


def load(*lines: list[str], as_at: date = TODAY) -> Loaded:
    file = read_practices(a_file(*lines), kinds=known_kinds(BY))
    assert file.refused == []
    return load_practices(file, as_at=as_at, by=BY, at=AT)


def areas(on: date, practice_id: str = "X81001") -> list[str]:
    return areas_of(practice_id, on=on)


def test_a_practice_comes_in_with_its_areas() -> None:
    loaded = load(a_line())
    assert (loaded.new, loaded.new_areas, len(loaded.memberships.new), len(loaded.parts.new)) == (1, 3, 1, 2)
    practice = Practice.objects.get(ods_code="X81001")
    assert (practice.name, practice.status, practice.telephone) == ("The Made-Up Surgery", "active", "+441632960001")
    assert areas(TODAY) == areas(date(2013, 4, 1)) == ["00K", "Q74", "Y63"]
    assert areas(date(2013, 3, 31)) == []
    assert set(Area.objects.values_list("code", "kind", "name")) == {
        ("00K", "sub-icb", ""),
        ("Q74", "icb", ""),
        ("Y63", "region", ""),
    }
    assert set(AreaPart.objects.values_list("from_day", "to_day")) == {(None, None)}


def test_the_same_file_again_changes_nothing_and_says_so() -> None:
    lines = [a_line(), a_line("X81002", status="C", closed="20191031", left="20191031")]
    assert not load(*lines).is_idle
    before = list(PracticeArea.objects.order_by("id").values()), list(AreaPart.objects.order_by("id").values())
    again = load(*lines, as_at=date(2026, 4, 1))
    assert again.is_idle
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)
    assert before == (
        list(PracticeArea.objects.order_by("id").values()),
        list(AreaPart.objects.order_by("id").values()),
    )


def test_a_practice_that_has_closed_keeps_its_patients_and_its_history() -> None:
    load(a_line())
    patient = a_patient_of(Practice.objects.get(ods_code="X81001"))
    loaded = load(a_line(status="C", closed="20260228", left="20260228"))
    assert (loaded.new, loaded.changed, len(loaded.memberships.changed)) == (0, 1, 1)
    practice = Practice.objects.get(ods_code="X81001")
    assert (practice.status, practice.closed_on) == ("closed", date(2026, 2, 28))
    assert Patient.objects.get(id=patient.id).practice_id == "X81001"
    assert areas(date(2026, 2, 28)) == ["00K", "Q74", "Y63"]
    assert areas(date(2026, 3, 1)) == []


def test_a_practice_made_here_that_the_file_does_not_name_stays_untouched() -> None:
    ours = a_practice("X90001", name="Made Here")
    load(a_line())
    kept = Practice.objects.get(ods_code="X90001")
    assert (kept.name, kept.status, kept.address) == (ours.name, ours.status, ours.address)


def test_a_practice_that_moves_to_another_area_moves_on_the_day_the_file_says() -> None:
    load(a_line())
    load(a_line(sub_icb="00L", joined="20260401"), a_line("X81002"))
    assert areas(date(2026, 3, 31)) == ["00K", "Q74", "Y63"]
    assert areas(date(2026, 4, 1)) == ["00L", "Q74", "Y63"]
    assert load(a_line(sub_icb="00L", joined="20260401"), a_line("X81002")).is_idle


@pytest.mark.parametrize("joined", ["", "20130401"])
def test_a_practice_that_moves_without_a_new_day_moves_on_the_day_of_the_file(joined: str) -> None:
    load(a_line())
    load(a_line(sub_icb="00L", joined=joined))
    assert areas(date(2026, 3, 2))[0] == "00K"
    assert areas(TODAY)[0] == "00L"
    assert load(a_line(sub_icb="00L", joined=joined), as_at=date(2026, 5, 1)).is_idle


def test_an_area_that_goes_to_a_wider_one_goes_on_the_day_of_the_file() -> None:
    load(a_line())
    loaded = load(a_line(icb="QHM"))
    assert (len(loaded.parts.changed), loaded.new_areas) == (1, 1)
    assert areas(date(2026, 3, 2)) == ["00K", "Q74", "Y63"]
    assert areas(TODAY) == ["00K", "QHM", "Y63"]
    assert load(a_line(icb="QHM"), as_at=date(2026, 6, 1)).is_idle


def test_an_older_file_loaded_late_does_not_turn_the_geography_back() -> None:
    load(a_line(sub_icb="00L", joined="20200401"))
    loaded = load(a_line())
    (refused,) = loaded.refused
    assert (refused.line, refused.refused.reason) == (1, NotLoaded.OLDER)
    assert areas(TODAY)[0] == "00L"


def test_a_wider_area_that_changed_today_is_not_changed_again_as_at_an_earlier_day() -> None:
    load(a_line())
    load(a_line(icb="QHM"))
    loaded = load(a_line(), as_at=date(2025, 1, 1))
    assert [belongs.part for belongs in loaded.parts.older] == ["00K"]
    assert areas(TODAY) == ["00K", "QHM", "Y63"]


def test_the_last_areas_of_a_closed_practice_do_not_speak_for_the_open_ones() -> None:
    shut = [a_line(f"X8200{n}", status="C", closed="20170131", left="20170131", region="Y54") for n in range(3)]
    load(*shut, a_line())
    assert areas(TODAY) == ["00K", "Q74", "Y63"]
    assert load(*shut).is_idle


def test_an_area_that_only_closed_practices_name_is_where_the_last_of_them_had_it() -> None:
    first = a_line(
        "X82001", status="C", closed="20130131", left="20130131", joined="20120101", sub_icb="02V", icb="Q52"
    )
    last = a_line("X82002", status="C", closed="20170131", left="20170131", sub_icb="02V", icb="Q72")
    load(last, first)
    assert AreaPart.objects.get(part_id="02V").whole_id == "Q72"


def test_when_practices_disagree_about_an_area_the_most_frequent_is_taken_and_said() -> None:
    loaded = load(a_line(), a_line("X81002"), a_line("X81003", icb="Q75"))
    assert loaded.disputed == ["00K"]
    assert AreaPart.objects.get(part_id="00K").whole_id == "Q74"


def test_a_primary_care_network_from_elsewhere_is_left_alone() -> None:
    load(a_line())
    network = Area.objects.create(code="U12345", kind=Area.Kind.PCN)
    link = PracticeArea.objects.create(practice_id="X81001", area=network)
    assert load(a_line()).is_idle
    link.refresh_from_db()
    assert (link.from_day, link.to_day) == (None, None)
    assert set(areas(TODAY)) == {"U12345", "00K", "Q74", "Y63"}


def test_a_practice_that_comes_back_to_an_area_has_two_times_there() -> None:
    load(a_line(left="20191031"))
    load(a_line(joined="20210401"))
    spells = PracticeArea.objects.filter(practice_id="X81001").order_by("from_day").values_list("from_day", "to_day")
    assert list(spells) == [(date(2013, 4, 1), date(2019, 10, 31)), (date(2021, 4, 1), None)]


def test_a_load_is_in_the_trail_once() -> None:
    load(a_line())
    entry = Entry.objects.get(event="practice.file_imported")
    assert (entry.asker, entry.asker_name, entry.at) == ("system", "import_practices", AT)
    assert entry.details == {"as_at": "2026-03-03", "read": 1, "new": 1, "changed": 0, "left_out": 0, "refused": 0}
