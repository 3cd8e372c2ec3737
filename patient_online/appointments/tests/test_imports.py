"""What is read from an appointment book, and what is refused with a reason."""

from datetime import UTC, datetime

import pytest

from patient_online.appointments.imports import REQUIRED, BookRow, NotRead, WrongBook, read_book
from patient_online.appointments.tests.book_file import ROW, a_book, a_slot
from patient_online.nhs.appointments import Mode
from patient_online.refusals import Refusal, Refused
from patient_online.storage.files import WrongFile, told


def the_row(**columns: str) -> BookRow:
    return read_book(a_book(a_slot(**columns))).rows[0]


def the_refusal(**columns: str) -> Refused:
    """Why the second row was refused; the first is right."""
    file = read_book(a_book(a_slot(), a_slot(**columns)))
    assert [row.line for row in file.rows] == [2]
    (refused,) = file.refused
    assert refused.line == 3
    return refused.refused


def why_not_at_all(text: str) -> Refused:
    with pytest.raises(Refused) as refused:
        read_book(text)
    return refused.value


def test_a_slot_is_read_as_the_clock_on_the_wall_shows_it() -> None:
    winter, summer = the_row(), the_row(date="2026-07-10")
    assert (winter.starts_at, winter.ends_at) == (
        datetime(2026, 3, 10, 9, tzinfo=UTC),
        datetime(2026, 3, 10, 9, 9, tzinfo=UTC),
    )
    assert summer.starts_at == datetime(2026, 7, 10, 8, tzinfo=UTC)
    assert (winter.mode, winter.online, winter.release_at, winter.joins_up_to) == (Mode.IN_PERSON, True, None, None)


def test_columns_may_stand_in_any_order_and_optional_ones_may_be_missing() -> None:
    row = read_book(a_book(a_slot(), columns=tuple(reversed(REQUIRED)))).rows[0]
    assert (row.clinician, row.sex, row.label, row.guidance) == ("Dr Example One", "", "", "")


def test_a_release_and_joined_slots_are_read() -> None:
    row = the_row(release="2026-03-03 08:00", joins_up_to="2", online="YES", mode="Video")
    assert (row.release_at, row.joins_up_to) == (datetime(2026, 3, 3, 8, tzinfo=UTC), 2)
    assert (row.online, row.mode) == (True, Mode.VIDEO)


def test_a_slot_until_midnight_ends_on_the_next_day() -> None:
    assert the_row(start="23:50", end="00:00").ends_at == datetime(2026, 3, 11, tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_refused_in_words() -> None:
    refused = the_refusal(date="2026-03-29", start="01:30", end="02:00")
    assert refused.reason is NotRead.NO_SUCH_TIME
    assert "There is no 01:30 on 2026-03-29: the clocks go forward over it." in told(refused)
    assert the_refusal(release="2026-03-29 01:00").reason is NotRead.NO_SUCH_TIME


def test_the_hour_that_comes_twice_is_the_first_unless_told_otherwise() -> None:
    night = {"date": "2026-10-25", "start": "01:10", "end": "01:20"}
    assert the_row(**night).starts_at == datetime(2026, 10, 25, 0, 10, tzinfo=UTC)
    again = the_row(**night, fold="1")
    assert (again.starts_at, again.ends_at) == (
        datetime(2026, 10, 25, 1, 10, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 20, tzinfo=UTC),
    )


def test_a_slot_may_run_over_the_moment_when_the_clocks_go_back() -> None:
    row = the_row(date="2026-10-25", start="01:50", end="01:10")
    assert (row.starts_at, row.ends_at) == (
        datetime(2026, 10, 25, 0, 50, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"site": " "}, NotRead.EMPTY),
        ({"online": ""}, NotRead.EMPTY),
        ({"clinician": "Dr " + "Example " * 20}, NotRead.LONG),
        ({"label": "x" * 81}, NotRead.LONG),
        ({"date": "10/03/2026"}, NotRead.DAY),
        ({"date": "2026-02-29"}, NotRead.DAY),
        ({"start": "9:00"}, NotRead.TIME),
        ({"end": "24:00"}, NotRead.TIME),
        ({"end": "09:00"}, NotRead.ENDS_FIRST),
        ({"start": "09:30", "end": "09:10"}, NotRead.ENDS_FIRST),
        ({"mode": "fax"}, NotRead.VALUE),
        ({"online": "perhaps"}, NotRead.VALUE),
        ({"clinician_sex": "F"}, NotRead.VALUE),
        ({"joins_up_to": "5"}, NotRead.VALUE),
        ({"fold": "2"}, NotRead.VALUE),
        ({"release": "tomorrow"}, NotRead.RELEASE),
        ({"release": "2026-03-32 08:00"}, NotRead.RELEASE),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_and_the_others_are_read(
    columns: dict[str, str], reason: Refusal
) -> None:
    assert the_refusal(**columns).reason is reason


def test_an_unknown_way_of_meeting_is_told_which_ones_there_are() -> None:
    assert "in-person, telephone, video, home-visit" in told(the_refusal(mode="phone"))


@pytest.mark.parametrize(
    ("said", "nearest"),
    [
        ("General consultation routine", "General Consultation Routine"),
        ("Routine", "General Consultation Routine"),
        ("walkin", "Walk-in"),
        ("Structured medication", "Structured Medication Review"),
    ],
)
def test_an_unknown_national_category_is_answered_with_the_nearest_right_one(said: str, nearest: str) -> None:
    refused = the_refusal(national_category=said)
    assert refused.reason is NotRead.CATEGORY
    assert f"The nearest one is “{nearest}”" in told(refused)


def test_a_row_with_a_column_too_many_is_refused() -> None:
    text = a_book(a_slot()) + ",".join([*ROW.values(), "more"]) + "\n"
    assert [(row.line, row.refused.reason) for row in read_book(text).refused] == [(3, NotRead.CELLS)]


def test_wrong_columns_are_named_with_the_ones_that_may_be_meant() -> None:
    refused = why_not_at_all(a_book(a_slot()).replace("slot_type", "slottype").replace("guidance", "label"))
    assert refused.reason is WrongBook.HEADING
    said = told(refused)
    assert "Columns missing: slot_type. Unknown: slottype (slot_type?). Twice: label." in said


def test_a_book_without_its_heading_is_refused() -> None:
    assert why_not_at_all(a_book(a_slot()).split("\n", 1)[1]).reason is WrongBook.HEADING


def test_a_book_without_slots_is_refused() -> None:
    assert why_not_at_all(a_book()).reason is WrongBook.NO_ROWS


def test_a_book_of_which_nothing_can_be_read_is_refused_whole() -> None:
    refused = why_not_at_all(a_book(a_slot(date="soon"), a_slot(date="later")))
    assert (refused.reason, refused.facts["line"]) == (WrongFile.NOTHING_READ, 2)


def test_only_what_is_wrong_with_a_heading_is_told() -> None:
    said = told(why_not_at_all(a_book(a_slot(), columns=REQUIRED[1:])))
    assert "The heading is not right. Columns missing: date. Name the columns" in said


@pytest.mark.parametrize("quoted", ["", '"'])
def test_semicolons_between_the_columns_are_told(quoted: str) -> None:
    text = "\n".join(
        ";".join(f"{quoted}{cell}{quoted}" for cell in cells) for cells in (a_slot().keys(), a_slot().values())
    )
    refused = why_not_at_all(text)
    assert refused.reason is WrongFile.SEMICOLONS
    assert "separated by semicolons. Use commas" in told(refused)
