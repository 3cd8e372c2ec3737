"""What a practice's appointment book says in our CSV format (docs/appointment-book-csv.md), slot by slot.

Times are what the clock on the wall shows in England; they become instants here. Touches no database.
"""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext

from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.nhs.dates import from_wall_clock
from patient_online.refusals import N_, Owner, Refusal, Refused
from patient_online.storage.files import RefusedRow, nothing_read, rows_in

NEEDED = ("date", "start", "end", "site", "clinician", "session", "slot_type", "mode", "online")
REQUIRED = (*NEEDED, "national_category")
OPTIONAL = ("clinician_sex", "clinician_job", "label", "guidance", "release", "joins_up_to", "fold")
MOST_LETTERS = {"site": 100, "session": 100, "slot_type": 100, "clinician": 120, "clinician_job": 80}
MOST_LETTERS |= {"label": 80, "guidance": 300}
WORDS: dict[str, dict[str, Any]] = {
    "mode": {mode.value: mode for mode in Mode},
    "online": {"yes": True, "no": False},
    "fold": {"": 0, "0": 0, "1": 1},
    "joins_up_to": {"": None, "1": 1, "2": 2, "3": 3, "4": 4},
    "clinician_sex": {"": "", "female": "female", "male": "male", "unknown": "unknown"},
}
CATEGORIES = {each.value.casefold(): each.value for each in NationalCategory if each.is_mapped}
KNOWN_CATEGORIES = frozenset(each.value for each in NationalCategory)


class WrongBook(Refusal):
    """Why an appointment book was not read at all."""

    HEADING = (
        N_("The heading is not right. %(problems)s"),
        N_("Name the columns as docs/appointment-book-csv.md does."),
        Owner.SYSTEM,
    )
    NO_ROWS = (N_("The file has a heading but no slots."), N_("Check that it is the right file."), Owner.SYSTEM)
    PRACTICE = (
        N_("There is no practice with the ODS code %(code)s here."),
        N_("Check the code, or load the practices first with import_practices."),
        Owner.SYSTEM,
    )


class NotRead(Refusal):
    """Why a row of the file says nothing that a slot could be made of."""

    CELLS = (
        N_("The row has %(number)s columns instead of %(expected)s."),
        N_("Look for a comma or a quotation mark too many or too few."),
        Owner.SYSTEM,
    )
    EMPTY = (N_("The column %(column)s is empty."), N_("Fill it in."), Owner.SYSTEM)
    LONG = (N_("The column %(column)s has more than %(most)s characters."), N_("Shorten it."), Owner.SYSTEM)
    VALUE = (N_("The column %(column)s says “%(value)s”."), N_("Write one of: %(choices)s."), Owner.SYSTEM)
    DAY = (N_("The column date says “%(value)s”."), N_("Write the day as 2026-03-31."), Owner.SYSTEM)
    TIME = (N_("The column %(column)s says “%(value)s”."), N_("Write the time as 09:30."), Owner.SYSTEM)
    RELEASE = (N_("The column release says “%(value)s”."), N_("Write it as 2026-03-31 08:00."), Owner.SYSTEM)
    CATEGORY = (
        N_("There is no national category “%(value)s”."),
        N_("The nearest one is “%(nearest)s”."),
        Owner.LAW,
    )
    NO_SUCH_TIME = (
        N_("There is no %(time)s on %(day)s: the clocks go forward over it."),
        N_("Write the time that the clocks show."),
        Owner.SYSTEM,
    )
    ENDS_FIRST = (N_("The slot does not end after it starts."), N_("Correct start or end."), Owner.SYSTEM)


@dataclass(frozen=True, slots=True)
class BookRow:
    """One slot of the file. An empty text says nothing new about a clinician or a slot type that is known."""

    line: int
    cells: tuple[str, ...]
    day: date
    starts_at: datetime
    ends_at: datetime
    site: str
    clinician: str
    sex: str
    job: str
    session: str
    slot_type: str
    mode: Mode
    national_category: str
    label: str
    guidance: str
    joins_up_to: int | None
    online: bool
    release_at: datetime | None


@dataclass(slots=True)
class BookFile:
    """What a book says: its slots in the order of the file, and the rows that could not be read."""

    heading: list[str] = field(default_factory=list)
    rows: list[BookRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    def __len__(self) -> int:
        """How many rows the file has."""
        return len(self.rows) + len(self.refused)


def read_book(text: str) -> BookFile:
    """Read the whole file; Refused when its heading is wrong or none of its rows can be read."""
    found = rows_in(text)
    first = next(found, (1, []))
    if isinstance(first, RefusedRow):
        raise nothing_read([first])
    columns, file = _columns(first[1]), BookFile(heading=first[1])
    for row in found:
        try:
            file.rows.append(_read(row, columns))
        except Refused as refused:
            line, cells = (row.line, row.cells) if isinstance(row, RefusedRow) else row
            file.refused.append(RefusedRow(line, refused, tuple(cells)))
    if not file.rows:
        raise nothing_read(file.refused) if file.refused else Refused(WrongBook.NO_ROWS)
    return file


def _columns(heading: list[str]) -> list[str]:
    """The names of the columns; Refused, naming them, when some are missing, unknown or there twice."""
    names, known = [cell.strip().lower() for cell in heading], (*REQUIRED, *OPTIONAL)
    wrong = {
        gettext("Columns missing"): [name for name in REQUIRED if name not in names],
        gettext("Unknown"): [_with_nearest(name, known) for name in names if name not in known],
        gettext("Twice"): [name for name, times in Counter(names).items() if times > 1],
    }
    if problems := " ".join(f"{title}: {', '.join(columns)}." for title, columns in wrong.items() if columns):
        raise Refused(WrongBook.HEADING, problems=problems)
    return names


def _with_nearest(name: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(name, known, 1)
    return f"{name} ({near[0]}?)" if near else name or "“”"


def _read(row: tuple[int, list[str]] | RefusedRow, columns: list[str]) -> BookRow:
    if isinstance(row, RefusedRow):
        raise row.refused
    line, cells = row
    if len(cells) != len(columns):
        raise Refused(NotRead.CELLS, number=len(cells), expected=len(columns))
    said = dict.fromkeys(OPTIONAL, "") | dict(zip(columns, (" ".join(cell.split()) for cell in cells), strict=True))
    _measure(said)
    day, starts_at, ends_at = _times(said)
    return BookRow(
        line=line,
        cells=tuple(cells),
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        site=said["site"],
        clinician=said["clinician"],
        sex=_word(said, "clinician_sex"),
        job=said["clinician_job"],
        session=said["session"],
        slot_type=said["slot_type"],
        mode=_word(said, "mode"),
        national_category=_category(said["national_category"]),
        label=said["label"],
        guidance=said["guidance"],
        joins_up_to=_word(said, "joins_up_to"),
        online=_word(said, "online"),
        release_at=_release(said["release"]),
    )


def _measure(said: dict[str, str]) -> None:
    for column in NEEDED:
        if not said[column]:
            raise Refused(NotRead.EMPTY, column=column)
    for column, most in MOST_LETTERS.items():
        if len(said[column]) > most:
            raise Refused(NotRead.LONG, column=column, most=most)


def _word(said: dict[str, str], column: str) -> Any:
    """What a column with few words means."""
    words = WORDS[column]
    if (word := said[column].lower()) not in words:
        raise Refused(NotRead.VALUE, column=column, value=said[column], choices=", ".join(filter(None, words)))
    return words[word]


def _category(text: str) -> str:
    """The national category, which is compared to the byte nationally; nothing where nothing is said."""
    if text and text not in KNOWN_CATEGORIES:
        alike = [category for category in CATEGORIES if text.casefold() in category]
        nearest = get_close_matches(text.casefold(), alike or CATEGORIES, 1, cutoff=0)[0]
        raise Refused(NotRead.CATEGORY, value=text, nearest=CATEGORIES[nearest])
    return text


def _times(said: dict[str, str]) -> tuple[date, datetime, datetime]:
    """The day and the instants of a slot: it ends when the clocks next show its end, at midnight on the next day."""
    day = _day(said["date"], NotRead.DAY)
    starts_at = _instant(day, _time(said, "start"), _word(said, "fold"))
    end = _time(said, "end")
    last_day = day if end != time.min else day + timedelta(days=1)
    ends_at = _instant(last_day, end)
    if ends_at <= starts_at:
        ends_at = _instant(last_day, end, 1)
    if ends_at <= starts_at:
        raise Refused(NotRead.ENDS_FIRST)
    return day, starts_at, ends_at


def _day(text: str, refusal: NotRead) -> date:
    if re.fullmatch("20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise Refused(refusal, value=text)


def _time(said: dict[str, str], column: str) -> time:
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", said[column]):
        raise Refused(NotRead.TIME, column=column, value=said[column])
    return time.fromisoformat(said[column])


def _release(text: str) -> datetime | None:
    if not text:
        return None
    if not (found := re.fullmatch("([0-9-]{10}) ((?:[01][0-9]|2[0-3]):[0-5][0-9])", text)):
        raise Refused(NotRead.RELEASE, value=text)
    return _instant(_day(found[1], NotRead.RELEASE), time.fromisoformat(found[2]))


def _instant(day: date, wall_time: time, fold: int = 0) -> datetime:
    try:
        return from_wall_clock(day, wall_time, fold=fold)
    except (ValueError, OverflowError) as error:
        raise Refused(NotRead.NO_SUCH_TIME, time=f"{wall_time:%H:%M}", day=day.isoformat()) from error
