"""The command that loads practices, as a person runs it."""

import csv
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from patient_online.practices.models import AreaPart, Practice, PracticeArea
from patient_online.practices.tests.epraccur import a_file, a_line

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SHARED = Path(settings.ROOT).parent / "shared" / "data" / "ods" / "epraccur-2019-10.csv"


def run(file: Path | str, **options: Any) -> str:
    out = io.StringIO()
    call_command("import_practices", str(file), stdout=out, **options)
    return out.getvalue()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared ODS file is not here")
def test_every_practice_in_england_loads_and_a_second_time_changes_nothing() -> None:
    said = run(SHARED)
    assert "14303 rows read, 8201 of them GP practices." in said
    assert "Practices: 8201 new, 0 changed, 0 unchanged." in said
    assert "Left out, because they are not GP practices: 6102." in said
    assert "147: prescribing setting prison" in said
    assert "Refused" not in said
    assert Practice.objects.filter(status="active").count() == 6872
    assert PracticeArea.objects.count() == 8201
    parts = AreaPart.objects.count()
    again = run(SHARED)
    assert "Practices: 0 new, 0 changed, 8201 unchanged." in again
    assert "Nothing has changed." in again
    assert (Practice.objects.count(), AreaPart.objects.count()) == (8201, parts)


def test_refused_rows_are_told_with_their_lines_and_kept_for_correction(tmp_path: Path) -> None:
    wrong, refused = tmp_path / "practices.csv", tmp_path / "refused.csv"
    wrong.write_text(a_file(a_line(), a_line("X81002", name=""), a_line("X81003", opened="1974")), encoding="utf-8")
    said = run(wrong, refused=str(refused))
    assert "Refused: 2." in said
    assert "Line 3: Column 11: “1974” is no day. Write it as YYYYMMDD, or leave it empty." in said
    assert list(Practice.objects.values_list("ods_code", flat=True)) == ["X81001"]
    rows = list(csv.reader(refused.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["line", "rule", "reason"]
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [
        ("2", "practices.imports.name", "X81002"),
        ("3", "practices.imports.day", "X81003"),
    ]


def test_a_refused_row_that_is_corrected_in_its_file_is_loaded_from_it(tmp_path: Path) -> None:
    wrong, refused = tmp_path / "practices.csv", tmp_path / "refused.csv"
    wrong.write_text(a_file(a_line(), a_line("X81003", opened="1974")), encoding="utf-8")
    run(wrong, refused=str(refused))
    heading, row = refused.read_text(encoding="utf-8").splitlines()
    front, _, back = row.rpartition(",1974,")
    refused.write_text(f"{heading}\n{front},19740401,{back}\n", encoding="utf-8")
    said = run(refused)
    assert "1 rows read" in said
    assert "Refused" not in said
    assert set(Practice.objects.values_list("ods_code", flat=True)) == {"X81001", "X81003"}


def test_a_file_of_which_every_practice_is_refused_ends_in_failure(tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(a_file(a_line(setting="25"), a_line("X81003", opened="1974")), encoding="utf-8")
    with pytest.raises(CommandError, match="Every row of a GP practice was refused"):
        run(file)
    assert not Practice.objects.exists()


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(a_file(a_line()).encode())))
    assert "Practices: 1 new" in run("-")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no file"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"PK\x03\x04\x00\x00", "is not a text file"),
        (a_file(a_line(), a_line("X81002", name="CAFÉ SURGERY")).encode("cp1252"), "line 2 has a character of another"),
        (a_file(["Code", *["Name"] * 26], a_line()).encode(), "looks like a heading"),
        (a_file(a_line()).replace(",", ";").encode(), "separated by semicolons. Use commas"),
        (b"X81001,b\n1,2\n", "None of the rows of this file could be read"),
    ],
)
def test_a_wrong_file_ends_in_one_sentence_and_loads_nothing(content: bytes | None, words: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError) as error:
        run(file)
    assert words in str(error.value)
    assert not Practice.objects.exists()


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is a folder"):
        run(tmp_path)


def test_the_file_for_refused_rows_never_overwrites_the_one_that_is_read(tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(a_file(a_line()), encoding="utf-8")
    with pytest.raises(CommandError, match="it is the file that is being read"):
        run(file, refused=str(file))
    assert file.read_text(encoding="utf-8") == a_file(a_line()).replace("\r\n", "\n")
    assert not Practice.objects.exists()


def test_a_file_for_refused_rows_that_cannot_be_written_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(a_file(a_line()), encoding="utf-8")
    with pytest.raises(CommandError, match="cannot be written"):
        run(file, refused=str(tmp_path / "nowhere" / "refused.csv"))
    assert not Practice.objects.exists()


def test_a_day_that_is_none_is_told() -> None:
    with pytest.raises(CommandError, match="31 March is no day"):
        call_command("import_practices", "x.csv", "--as-at", "31 March")
