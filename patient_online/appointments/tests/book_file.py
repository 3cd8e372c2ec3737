"""Appointment books in our CSV format for tests: rows of which the named columns can be set."""

import csv
import io

ROW = {
    "date": "2026-03-10",
    "start": "09:00",
    "end": "09:10",
    "site": "Main building",
    "clinician": "Dr Example One",
    "clinician_sex": "female",
    "clinician_job": "GP",
    "session": "Morning surgery",
    "slot_type": "GP-RTN",
    "mode": "in-person",
    "national_category": "General Consultation Routine",
    "label": "Appointment with a GP",
    "guidance": "",
    "online": "yes",
    "release": "",
    "joins_up_to": "",
    "fold": "",
}


def a_slot(start: str = "09:00", end: str = "", **columns: str) -> dict[str, str]:
    """One row of a book: a slot of nine minutes of a made-up GP, unless told otherwise."""
    return {**ROW, "start": start, "end": end or f"{start[:4]}9", **columns}


def a_book(*rows: dict[str, str], columns: tuple[str, ...] = tuple(ROW)) -> str:
    """The text of a book with these rows."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
