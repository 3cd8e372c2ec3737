"""Writes the days' lists as files that open without the system: for the hour in which it is down."""

import os
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from patient_online.appointments import queries
from patient_online.asking import System
from patient_online.nhs.bank_holidays import next_working_day
from patient_online.nhs.dates import local_day
from patient_online.practices.queries import practice_of, practices_active
from patient_online.refusals import N_, Owner, Refusal, Refused

KEPT = timedelta(days=7)
WHY = "each practice's list of the day must be at hand when the system is not"


class NotWritten(Refusal):
    """Why a list was not written. The one written before stays."""

    NO_ROOM = (
        N_("The list of the day could not be written to %(folder)s: %(problem)s. The one from before is still there."),
        N_("Make room on the disk, or let the program write to the folder, then run export_day_lists again."),
        Owner.SYSTEM,
    )


def lists_folder() -> Path:
    """Where the lists lie: a folder for each practice by its ODS code."""
    return Path(settings.VAR) / "day-lists"


def days_to_write(at: datetime) -> tuple[date, date]:
    """Today and the next working day."""
    today = local_day(at)
    return today, next_working_day(today)


def practices_to_write(at: datetime) -> list[str]:
    """The practices to which anybody comes on these days, and those that have a list of one of them already."""
    system, days = System("export_day_lists", why=WHY), days_to_write(at)
    written = {path.parent.name for day in days for path in lists_folder().glob(f"*/{day}.html")}
    return sorted({*queries.practices_coming(system, days), *written.intersection(practices_active(system))})


def write_day_lists(practice_id: str, *, at: datetime) -> list[Path]:
    """Write one practice's lists, forget old ones, and say which files were written. Raises Refused.

    A list that was written is written anew even if nobody comes any more: who was cancelled must not stand there.
    """
    system, folder = System("export_day_lists", practice_id, why=WHY), lists_folder() / practice_id
    try:
        written = [_written(system, day, folder, at) for day in days_to_write(at)]
        _forget_old(folder, local_day(at) - KEPT)
    except OSError as error:
        raise Refused(NotWritten.NO_ROOM, folder=str(folder), problem=error.strerror or str(error)) from error
    return [path for path in written if path]


def _written(system: System, day: date, folder: Path, at: datetime) -> Path | None:
    path = folder / f"{day.isoformat()}.html"
    if not path.exists() and not queries.practices_coming(system, [day]):
        return None
    listed = queries.day_list(system, day, at=at)
    context = {"list": listed, "practice": practice_of(system), "made_at": at, "language": settings.LANGUAGE_CODE}
    _put(path, render_to_string("appointments/day_file.jinja", context))
    return path


def _put(path: Path, text: str) -> None:
    """Write the file whole or not at all, for nobody else to read."""
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")  # readable by its owner alone
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _forget_old(folder: Path, before: date) -> None:
    for path in _lists_in(folder):
        if date.fromisoformat(path.stem) < before:
            path.unlink(missing_ok=True)


def _lists_in(folder: Path) -> Iterator[Path]:
    return folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].html")
