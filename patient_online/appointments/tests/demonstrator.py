"""Turns the appointment book of NHS England's GP Connect demonstrator into our CSV format.

Its slots.txt has times of day and the number of a day, but no dates; day n is taken as the n-th weekday from a start.
Who works where stands in two files of its folder `sql/`. The columns of slots.txt: day; start and end (hour, minute,
second); code and words of the slot's type; schedule; state; whether it can be booked from outside; the organisations,
and kinds of organisation, that may; how people meet (P, T or V).

    python -m patient_online.appointments.tests.demonstrator slots.txt --from 2026-12-01 > book.csv
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

from patient_online.nhs.appointments import Mode, NationalCategory

COLUMNS = (
    "date",
    "start",
    "end",
    "site",
    "clinician",
    "clinician_sex",
    "clinician_job",
    "session",
    "slot_type",
    "mode",
    "national_category",
    "label",
    "online",
)
MODES = {"P": Mode.IN_PERSON, "T": Mode.TELEPHONE, "V": Mode.VIDEO}
SATURDAY = 5


def weekday_number(start: date, number: int) -> date:
    """The n-th weekday from a start, which is the first if it is one."""
    day = start
    while True:
        if day.weekday() < SATURDAY:
            number -= 1
        if not number:
            return day
        day += timedelta(days=1)


def inserted(sql: str, table: str) -> dict[str, dict[str, str]]:
    """The rows that a script inserts into a table, by their id."""
    found = re.search(rf"INSERT INTO {table}\s*\((.*?)\)\s*VALUES\s*(.*?\));", sql, re.DOTALL)
    if found is None:
        raise LookupError(f"nothing is inserted into {table}")
    names = found[1].split(",")
    lines = [line.strip().rstrip(",")[1:-1] for line in found[2].strip().splitlines()]
    rows = [dict(zip(names, cells, strict=True)) for cells in csv.reader(lines, quotechar="'")]
    return {row["id"]: row for row in rows}


def book_rows(slots: Path, *, start: date, category: str) -> Iterator[list[str]]:
    """The rows of our format, a heading first.

    Two of its three schedules in use, a GP's and a staff nurse's, are of one practitioner at the same hours. Nobody
    is in two rooms at once, so who works as something else than a GP has that behind the name.
    """
    book = (slots.parent / "sql" / "populate_appointment_data.sql").read_text(encoding="utf-8")
    people = (slots.parent / "sql" / "populate_general_practitioners_table.sql").read_text(encoding="utf-8")
    schedules, places = inserted(book, "appointment_schedules"), inserted(book, "locations")
    practitioners = inserted(people, "practitioners")
    yield list(COLUMNS)
    for cells in csv.reader(slots.read_text(encoding="utf-8").splitlines()):
        schedule = schedules[cells[9]]
        who = practitioners[schedule["practitionerId"]]
        job = schedule["practitionerRoleDisplay"]
        yield [
            weekday_number(start, int(cells[0])).isoformat(),
            f"{int(cells[1]):02}:{int(cells[2]):02}",
            f"{int(cells[4]):02}:{int(cells[5]):02}",
            places[schedule["locationId"]]["name"],
            clinician_name(who, job),
            who["p_gender"].lower(),
            job,
            f"{schedule['typeDescription']} ({schedule['identifier']})",
            cells[8],
            MODES[cells[14]].value,
            category,
            cells[8],
            "yes" if cells[11] == "true" else "no",
        ]


def clinician_name(who: dict[str, str], job: str) -> str:
    """The name as patients see it, with the job where it is not a GP's."""
    name = f"{who['p_name_prefix']} {who['p_name_given']} {who['p_name_family']}"
    return name if job == "General Medical Practitioner" else f"{name} ({job})"


def main(arguments: list[str], out: TextIO) -> None:
    """Write the book that the arguments name."""
    parser = argparse.ArgumentParser(description="The GP Connect demonstrator's slots.txt as an appointment book.")
    parser.add_argument("slots", type=Path, help="slots.txt, with the folder sql beside it")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, help="its first day")
    parser.add_argument("--category", default=NationalCategory.GENERAL_CONSULTATION_ROUTINE.value)
    given = parser.parse_args(arguments)
    csv.writer(out, lineterminator="\n").writerows(book_rows(given.slots, start=given.start, category=given.category))


if __name__ == "__main__":
    main(sys.argv[1:], sys.stdout)
