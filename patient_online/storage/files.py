"""Files from outside: read whole, decoded and cut into rows, or refused in a sentence; and files of refused rows."""

import csv
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext

from patient_online.refusals import N_, Owner, Refusal, Refused

STANDARD_INPUT = "-"
WHY_COLUMNS = ("line", "rule", "reason")
MOST_BYTES = 256 * 1024 * 1024
MOST_SHOWN = 100


class WrongFile(Refusal):
    """Why a file was not read at all."""

    MISSING = (
        N_("There is no file %(name)s."),
        N_("Check its name and its folder."),
        Owner.SYSTEM,
    )
    FOLDER = (
        N_("%(name)s is a folder, not a file."),
        N_("Name the file inside it."),
        Owner.SYSTEM,
    )
    UNREADABLE = (
        N_("%(name)s cannot be read: %(problem)s."),
        N_("Ask whoever looks after the machine to let you read it."),
        Owner.SYSTEM,
    )
    EMPTY = (
        N_("%(name)s is empty."),
        N_("Fetch it again from where it came from."),
        Owner.SYSTEM,
    )
    TOO_BIG = (
        N_("%(name)s has more than %(most)s megabytes, so it is probably another file."),
        N_("Check its name, or cut it into parts."),
        Owner.SYSTEM,
    )
    BINARY = (
        N_("%(name)s is not a text file; it may be a spreadsheet or a zip."),
        N_("Unpack it, or save it as “CSV UTF-8”."),
        Owner.SYSTEM,
    )
    NOT_UTF8 = (
        N_("%(name)s is not in UTF-8: line %(line)s has a character of another encoding."),
        N_("Save it as “CSV UTF-8”."),
        Owner.SYSTEM,
    )
    HEADING = (
        N_("Line %(line)s looks like a heading, and this kind of file has none."),
        N_("Check that it is the right file; if it is, take the heading out."),
        Owner.SYSTEM,
    )
    SEMICOLONS = (
        N_("The columns are separated by semicolons."),
        N_("Use commas: save the file again as CSV with commas between the columns."),
        Owner.SYSTEM,
    )
    NOTHING_READ = (
        N_("None of the rows of this file could be read. Line %(line)s: %(problem)s"),
        N_("Check that it is the right file."),
        Owner.SYSTEM,
    )
    CANNOT_WRITE = (
        N_("The refused rows cannot be written to %(name)s: %(problem)s."),
        N_("Name another file after --refused."),
        Owner.SYSTEM,
    )


class WrongRow(Refusal):
    """Why a row of any file was not read."""

    NOT_CSV = (
        N_("This line is not proper CSV (%(problem)s)."),
        N_("Look for a quotation mark too many or too few."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: the line that it begins on, why, and its cells as they stand."""

    line: int
    refused: Refused
    cells: tuple[str, ...] = ()


def told(refused: Refused) -> str:
    """The refusal in words, with what to do next."""
    return f"{gettext(refused.reason.words) % refused.facts} {gettext(refused.reason.next_step) % refused.facts}"


def nothing_read(rows: Sequence[RefusedRow]) -> Refused:
    """Why a file is refused when all of its rows were: the first of them tells."""
    return Refused(WrongFile.NOTHING_READ, line=rows[0].line, problem=told(rows[0].refused))


def lines_about(rows: Sequence[RefusedRow], *, most: int = MOST_SHOWN) -> Iterator[str]:
    """What to print of refused rows: each with its line and reason, or the first of them when there are very many."""
    for row in rows[:most]:
        yield gettext("Line %(line)s: %(reason)s") % {"line": row.line, "reason": told(row.refused)}
    if len(rows) > most:
        yield gettext("… and %(number)s more. --refused FILE.csv writes all of them.") % {"number": len(rows) - most}


def text_of(name: str) -> str:
    """The whole text of a file, or of standard input for `-`; Refused when it is missing or is no UTF-8 text."""
    content = _bytes_of(name)
    if len(content) > MOST_BYTES:
        raise Refused(WrongFile.TOO_BIG, name=name, most=MOST_BYTES // 1024**2)
    if b"\0" in content:
        raise Refused(WrongFile.BINARY, name=name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Refused(WrongFile.NOT_UTF8, name=name, line=line) from error
    if not text.strip():
        raise Refused(WrongFile.EMPTY, name=name)
    return text


def _bytes_of(name: str) -> bytes:
    try:
        if name == STANDARD_INPUT:
            return sys.stdin.buffer.read(MOST_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise Refused(WrongFile.MISSING, name=name) from error
    except IsADirectoryError as error:
        raise Refused(WrongFile.FOLDER, name=name) from error
    except (OSError, ValueError) as error:
        raise Refused(WrongFile.UNREADABLE, name=name, problem=_problem(error)) from error


def rows_in(text: str) -> Iterator[tuple[int, list[str]] | RefusedRow]:
    """Each row of a CSV text with the line that it begins on; blank lines are passed over.

    So are the columns that say why, in a file of refused rows that comes back. Refused when there are no commas.
    """
    first, passed_over = text.lstrip().partition("\n")[0], 0
    if first.count(";") > first.count(","):
        raise Refused(WrongFile.SEMICOLONS)
    if tuple(cell.strip('" \r').lower() for cell in first.split(",")[: len(WHY_COLUMNS)]) == WHY_COLUMNS:
        passed_over = len(WHY_COLUMNS)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield RefusedRow(line, Refused(WrongRow.NOT_CSV, problem=str(error)))
            continue
        if cells is None:
            return
        if any(cells := cells[passed_over:]):
            yield line, cells


@contextmanager
def refused_rows_to(name: str | None, *, source: str) -> Iterator["RefusedFile"]:
    """The file for refused rows, opened before anything is loaded so that a wrong name costs nothing."""
    if not name:
        yield RefusedFile(None)
        return
    path = Path(name)
    try:
        if source != STANDARD_INPUT and path.exists() and path.samefile(source):
            raise Refused(WrongFile.CANNOT_WRITE, name=name, problem=gettext("it is the file that is being read"))
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(WrongFile.CANNOT_WRITE, name=name, problem=_problem(error)) from error
    with file:
        yield RefusedFile(file)


class RefusedFile:
    """A CSV of refused rows: line, rule and reason, then the cells as they stood; corrected, it can be loaded."""

    def __init__(self, file: TextIO | None) -> None:
        self.file = file

    def write(self, rows: Iterable[RefusedRow], *, heading: Sequence[str] = ()) -> None:
        """Write the rows under the file's own heading with ours before it, if a file was named."""
        if self.file is None:
            return
        writer = csv.writer(self.file)
        writer.writerow([*WHY_COLUMNS, *heading])
        for row in rows:
            writer.writerow([row.line, row.refused.reason.rule, told(row.refused), *row.cells])


def _problem(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
