"""What the commands print for people: the table of logins, and how far a long task has come."""

import time
from typing import TextIO

from patient_online.demo.logins import PASSWORD, logins
from patient_online.demo.surgery import ODS_CODE

LINE_EVERY_SECONDS = 0.2


def logins_table() -> str:
    """Who can sign in and what for, in columns, the one password of all, and the practice's code."""
    rows = [(each.email, each.name, each.good_for) for each in logins()]
    email, name = (max(len(row[n]) for row in rows) for n in (0, 1))
    lines = [f"  {row[0]:<{email}}  {row[1]:<{name}}  {row[2]}" for row in rows]
    everybody = f"Everybody signs in with the password: {PASSWORD}"
    code = "Who works at the practice, and one patient, is then asked for a code: the page shows which it is."
    return "\n".join([everybody, code, "", *lines, "", f"The practice's code is {ODS_CODE}."])


class Progress:
    """Tells a person at a terminal how far a task has come, in one line written over; a file gets only the steps."""

    def __init__(self, total: int, out: TextIO) -> None:
        self._total = max(total, 1)
        self._out = out
        self._done = 0
        self._began = self._told = time.monotonic()
        self._at_terminal = out.isatty()

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._began

    def add(self, number: int) -> None:
        """So many more rows are done."""
        self._done += number
        if self._at_terminal and time.monotonic() - self._told > LINE_EVERY_SECONDS:
            self._told = time.monotonic()
            share = self._done / self._total
            bar = f"{'#' * int(30 * share):<30}"
            left = self.seconds / share - self.seconds
            self._out.write(f"\r[{bar}] {share:4.0%}  {self._done:,} of {self._total:,} rows, {left:.0f} s left \033[K")
            self._out.flush()

    def step(self, words: str) -> None:
        """Say that a part is done, on a line of its own."""
        start = "\r\033[K" if self._at_terminal else ""
        self._out.write(f"{start}{words} ({self._done / self._total:.0%}, {self.seconds:.0f} s)\n")
        self._out.flush()
