"""Rows of the ODS practice file for tests: 27 columns, of which the named ones can be set."""

import csv
import io

PLACES = {
    "code": 1,
    "name": 2,
    "region": 3,
    "icb": 4,
    "street": 5,
    "town": 7,
    "postcode": 10,
    "opened": 11,
    "closed": 12,
    "status": 13,
    "sub_icb": 15,
    "joined": 16,
    "left": 17,
    "telephone": 18,
    "setting": 26,
}
MADE_UP = {
    "name": "THE MADE-UP SURGERY",
    "region": "Y63",
    "icb": "Q74",
    "street": "1 EXAMPLE STREET",
    "town": "STOCKTON-ON-TEES",
    "postcode": "ZZ99 3VZ",
    "opened": "19740401",
    "status": "A",
    "sub_icb": "00K",
    "joined": "20130401",
    "telephone": "01632 960001",
    "setting": "4",
}


def a_line(code: str = "X81001", **columns: str) -> list[str]:
    """One row of the file: a made-up GP practice that is open, unless told otherwise."""
    cells = [""] * 27
    for name, value in {"code": code, **MADE_UP, **columns}.items():
        cells[PLACES[name] - 1] = value
    return cells


def a_file(*lines: list[str]) -> str:
    """The text of a file with these rows."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    return out.getvalue()
