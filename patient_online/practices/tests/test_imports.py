"""What is read from the practice file, and what is refused with a reason."""

from datetime import date

import pytest

from patient_online.practices.imports import NotLoaded, PracticeRow, read_practices
from patient_online.practices.tests.epraccur import a_file, a_line
from patient_online.refusals import Refusal, Refused
from patient_online.storage.files import WrongFile, WrongRow


def the_practice(**columns: str) -> PracticeRow:
    return read_practices(a_file(a_line(**columns))).rows[0]


def the_refusal(*lines: list[str], kinds: dict[str, str] | None = None) -> tuple[int, Refusal]:
    """The line and the reason of the one row refused; one good row stands in front."""
    file = read_practices(a_file(a_line("X99999", region="", icb="", sub_icb=""), *lines), kinds=kinds)
    (refused,) = file.refused
    return refused.line, refused.refused.reason


def test_a_practice_is_read_as_people_write_it() -> None:
    practice = the_practice(code="x81001")
    assert practice.ods_code == "X81001"
    assert practice.name == "The Made-Up Surgery"
    assert practice.address == ("1 Example Street", "Stockton-on-Tees")
    assert (practice.postcode, practice.telephone, practice.status) == ("ZZ99 3VZ", "+441632960001", "active")
    assert (practice.opened_on, practice.closed_on) == (date(1974, 4, 1), None)


@pytest.mark.parametrize(("letter", "status"), [("A", "active"), ("C", "closed"), ("D", "dormant"), ("P", "proposed")])
def test_a_practice_of_every_status_is_read(letter: str, status: str) -> None:
    assert the_practice(status=letter).status == status


def test_areas_go_from_the_nearest_to_the_widest() -> None:
    file = read_practices(a_file(a_line(left="20191031")))
    assert file.rows[0].areas == ("00K", "Q74", "Y63")
    assert (file.rows[0].joined_on, file.rows[0].left_on) == (date(2013, 4, 1), date(2019, 10, 31))
    assert file.kinds == {"00K": "sub-icb", "Q74": "icb", "Y63": "region"}
    assert the_practice(icb="").areas == ("00K", "Y63")
    assert the_practice(icb="", sub_icb="", region="").areas == ()


def test_what_is_not_a_gp_practice_is_counted_and_left_out() -> None:
    other = [a_line("X00001", setting="0"), a_line("X00002", setting="25"), a_line("X00003", setting="25")]
    file = read_practices(a_file(a_line(), *other))
    assert [row.ods_code for row in file.rows] == ["X81001"]
    assert file.left_out == {"0": 1, "25": 2}
    assert (file.refused, file.read) == ([], 4)


def test_an_odd_telephone_or_postcode_is_kept_as_it_stands() -> None:
    practice = the_practice(telephone="01632 96", postcode="GPC 111")
    assert (practice.telephone, practice.postcode) == ("01632 96", "GPC 111")
    assert the_practice(telephone="ask for the sister in charge").telephone == ""


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"code": "X-1"}, NotLoaded.CODE),
        ({"code": ""}, NotLoaded.CODE),
        ({"name": " "}, NotLoaded.NAME),
        ({"name": "SURGERY " * 20}, NotLoaded.NAME),
        ({"status": "Z"}, NotLoaded.STATUS),
        ({"opened": "01/04/1974"}, NotLoaded.DAY),
        ({"closed": "20190229"}, NotLoaded.DAY),
        ({"joined": "2013-W14"}, NotLoaded.DAY),
        ({"closed": "19740331"}, NotLoaded.CLOSED_FIRST),
        ({"left": "20130331"}, NotLoaded.LEFT_FIRST),
        ({"sub_icb": "?"}, NotLoaded.CODE),
        ({"sub_icb": "Y63"}, NotLoaded.AREA_KIND),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_and_the_others_are_read(
    columns: dict[str, str], reason: Refusal
) -> None:
    assert the_refusal(a_line(**columns)) == (2, reason)


def test_a_practice_that_is_in_the_file_twice_is_refused_the_second_time() -> None:
    assert the_refusal(a_line(), a_line(name="ANOTHER")) == (3, NotLoaded.TWICE)


def test_a_row_with_a_column_too_few_is_refused() -> None:
    assert the_refusal(a_line()[:-1]) == (2, NotLoaded.COLUMNS)


def test_an_area_that_is_known_as_another_kind_is_refused() -> None:
    assert the_refusal(a_line(), kinds={"Q74": "region"}) == (2, NotLoaded.AREA_KIND)


def test_a_row_with_a_loose_quotation_mark_is_refused_with_its_line() -> None:
    file = read_practices(a_file(a_line()) + '"X81002"x,"\n' + a_file(a_line("X81003")))
    assert [row.ods_code for row in file.rows] == ["X81001", "X81003"]
    assert [(row.line, row.refused.reason) for row in file.refused] == [(2, WrongRow.NOT_CSV)]


def test_a_heading_is_not_taken_for_a_practice() -> None:
    heading = ["Organisation Code", "Name", *(f"Column {n}" for n in range(3, 28))]
    with pytest.raises(Refused) as refused:
        read_practices(a_file(heading, a_line()))
    assert refused.value.reason is WrongFile.HEADING


def test_a_file_of_something_else_is_refused_whole() -> None:
    with pytest.raises(Refused) as refused:
        read_practices("X81001,2019\nX81002,2019\n")
    assert refused.value.reason is WrongFile.NOTHING_READ
    assert refused.value.facts["line"] == 1
