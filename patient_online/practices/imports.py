"""What the ODS practice file (epraccur) says: GP practices, the areas they are in, and the rows that cannot be used.

27 columns without a heading. Source: NHS England, Organisation Data Service, "GP and GP practice related data". Other
prescribing settings (walk-in centres, prisons, hospices …) are not GP practices: they are counted and left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from patient_online.nhs.addresses import address_lines, postcode_text, title_cased
from patient_online.nhs.organisations import normalise_ods
from patient_online.nhs.telephones import normalise_phone
from patient_online.practices.models import Area, Practice
from patient_online.refusals import N_, Owner, Refusal, Refused
from patient_online.storage.files import RefusedRow, WrongFile, nothing_read, rows_in

COLUMNS = 27
GP_PRACTICE = "4"
SETTINGS = {
    "": N_("no prescribing setting"),
    "0": N_("other"),
    "1": N_("walk-in centre"),
    "2": N_("out-of-hours practice"),
    "3": N_("walk-in centre and out-of-hours practice"),
    "8": N_("public health service"),
    "9": N_("community health service"),
    "10": N_("hospital service"),
    "11": N_("optometry service"),
    "12": N_("urgent and emergency care"),
    "13": N_("hospice"),
    "14": N_("care home or nursing home"),
    "15": N_("border force"),
    "16": N_("young offender institution"),
    "17": N_("secure training centre"),
    "18": N_("secure children's home"),
    "19": N_("immigration removal centre"),
    "20": N_("court"),
    "21": N_("police custody"),
    "22": N_("sexual assault referral centre"),
    "24": N_("other place of detention"),
    "25": N_("prison"),
}
STATUS = {status.value[0].upper(): status.value for status in Practice.Status}
AREA_COLUMNS = ((15, Area.Kind.SUB_ICB), (4, Area.Kind.ICB), (3, Area.Kind.REGION))
MOST_NAME, MOST_POSTCODE, MOST_TELEPHONE = 100, 8, 20


class NotLoaded(Refusal):
    """Why a row of the practice file was not loaded."""

    COLUMNS = (
        N_("The row has %(number)s columns instead of %(expected)s."),
        N_("Look for a comma or a quotation mark too many or too few."),
        Owner.SYSTEM,
    )
    CODE = (N_("Column %(column)s: %(problem)s."), N_("Correct the code."), Owner.SYSTEM)
    NAME = (
        N_("Column 2: the practice has no name, or one of more than %(most)s characters."),
        N_("Correct the name."),
        Owner.SYSTEM,
    )
    STATUS = (
        N_("Column 13: “%(value)s” is no status."),
        N_("Write A (active), C (closed), D (dormant) or P (proposed)."),
        Owner.SYSTEM,
    )
    DAY = (
        N_("Column %(column)s: “%(value)s” is no day."),
        N_("Write it as YYYYMMDD, or leave it empty."),
        Owner.SYSTEM,
    )
    CLOSED_FIRST = (
        N_("The practice closes on %(last)s, before it opens on %(first)s."),
        N_("Correct column 11 or 12."),
        Owner.SYSTEM,
    )
    LEFT_FIRST = (
        N_("The practice leaves its area on %(last)s, before it joins it on %(first)s."),
        N_("Correct column 16 or 17."),
        Owner.SYSTEM,
    )
    TWICE = (
        N_("The practice %(code)s is in the file already, on line %(line)s."),
        N_("Keep one of the two lines."),
        Owner.SYSTEM,
    )
    AREA_KIND = (
        N_("Column %(column)s: the area %(code)s is known as another kind of area (%(kind)s)."),
        N_("Correct the code."),
        Owner.SYSTEM,
    )
    OLDER = (
        N_("The practice was loaded, but not its area %(area)s: it is known to be in another one since a later day."),
        N_("Load the newest file last, with --as-at the day it was published."),
        Owner.SYSTEM,
    )


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One GP practice; its areas go from the nearest, where it was from `joined_on` to `left_on`, to the widest."""

    line: int
    ods_code: str
    name: str
    status: str
    address: tuple[str, ...]
    postcode: str
    telephone: str
    opened_on: date | None
    closed_on: date | None
    areas: tuple[str, ...]
    joined_on: date | None
    left_on: date | None


@dataclass(slots=True)
class PracticeFile:
    """What a practice file says; `left_out` counts by prescribing setting, `kinds` has the kind of each area."""

    rows: list[PracticeRow] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def read(self) -> int:
        """How many rows the file has."""
        return len(self.rows) + self.left_out.total() + len(self.refused)

    def take(self, row: PracticeRow, kinds: Mapping[str, str]) -> None:
        """Add a row, or raise Refused when the file has the practice already."""
        if (earlier := self.lines.get(row.ods_code)) is not None:
            raise Refused(NotLoaded.TWICE, code=row.ods_code, line=earlier)
        self.rows.append(row)
        self.lines[row.ods_code] = row.line
        self.kinds.update(kinds)


def read_practices(text: str, *, kinds: Mapping[str, str] | None = None) -> PracticeFile:
    """Read the whole file; `kinds` are the areas known before. Refused when it is not a practice file at all."""
    file = PracticeFile(kinds=dict(kinds or {}))
    for number, found in enumerate(rows_in(text)):
        if isinstance(found, RefusedRow):
            file.refused.append(found)
        elif number == 0 and _is_heading(found[1]):
            raise Refused(WrongFile.HEADING, line=found[0])
        else:
            _read_row(file, *found)
    if file.refused and not (file.rows or file.left_out):
        raise nothing_read(file.refused)
    return file


def _is_heading(cells: list[str]) -> bool:
    """Whether no cell is as in a row of data: a practice's row has its code, a day and a status at least."""
    return bool(cells[0].strip()) and not any(re.search("[A-Z][0-9]{5}|^[0-9]{8}$|^[ACDP]$", cell) for cell in cells)


def _read_row(file: PracticeFile, line: int, cells: list[str]) -> None:
    """Put the row where it belongs: a practice, something else, or refused."""
    try:
        if len(cells) != COLUMNS:
            raise Refused(NotLoaded.COLUMNS, number=len(cells), expected=COLUMNS)
        if (setting := cells[25].strip()) != GP_PRACTICE:
            file.left_out[setting] += 1
            return
        areas = _areas(cells, file.kinds)
        file.take(_practice(line, cells, tuple(areas)), areas)
    except Refused as refused:
        file.refused.append(RefusedRow(line, refused, tuple(cells)))


def _practice(line: int, cells: list[str], areas: tuple[str, ...]) -> PracticeRow:
    """The practice of one row; people read its name and address, so they are not left in capitals."""
    row = PracticeRow(
        line=line,
        ods_code=_code(cells, 1),
        name=title_cased(cells[1]),
        status=_status(cells),
        address=tuple(map(title_cased, address_lines(*cells[4:9]))),
        postcode=_kindly(postcode_text, cells[9], MOST_POSTCODE),
        telephone=_kindly(normalise_phone, cells[17], MOST_TELEPHONE),
        opened_on=_day(cells, 11),
        closed_on=_day(cells, 12),
        areas=areas,
        joined_on=_day(cells, 16),
        left_on=_day(cells, 17),
    )
    if not 0 < len(row.name) <= MOST_NAME:
        raise Refused(NotLoaded.NAME, most=MOST_NAME)
    if row.opened_on and row.closed_on and row.closed_on < row.opened_on:
        raise Refused(NotLoaded.CLOSED_FIRST, first=row.opened_on.isoformat(), last=row.closed_on.isoformat())
    if row.joined_on and row.left_on and row.left_on < row.joined_on:
        raise Refused(NotLoaded.LEFT_FIRST, first=row.joined_on.isoformat(), last=row.left_on.isoformat())
    return row


def _areas(cells: list[str], known: Mapping[str, str]) -> dict[str, str]:
    """The areas that the row names with their kinds, from the nearest to the widest."""
    areas: dict[str, str] = {}
    for column, kind in AREA_COLUMNS:
        if not cells[column - 1].strip():
            continue
        code = _code(cells, column)
        if (before := known.get(code) or areas.get(code) or kind) != kind:
            raise Refused(NotLoaded.AREA_KIND, column=column, code=code, kind=before)
        areas[code] = kind
    return areas


def _code(cells: list[str], column: int) -> str:
    try:
        return normalise_ods(cells[column - 1])
    except ValueError as error:
        raise Refused(NotLoaded.CODE, column=column, problem=str(error)) from error


def _status(cells: list[str]) -> str:
    try:
        return STATUS[cells[12].strip()]
    except KeyError as error:
        raise Refused(NotLoaded.STATUS, value=cells[12]) from error


def _day(cells: list[str], column: int) -> date | None:
    """The day in a column, YYYYMMDD, or None where it is empty."""
    value = cells[column - 1].strip()
    if not value:
        return None
    if re.fullmatch("[0-9]{8}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise Refused(NotLoaded.DAY, column=column, value=value)


def _kindly(normalised: Callable[[str], str], text: str, most: int) -> str:
    """The text normalised, or as it stands: an odd postcode or telephone number is better than none, if it fits."""
    with suppress(ValueError):
        return normalised(text)
    return text.strip() if len(text.strip()) <= most else ""
