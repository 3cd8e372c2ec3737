"""The day's list opens when nothing else does: a file of its own, whole or not at all, and nobody else's to read."""

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from patient_online.appointments import jobs
from patient_online.appointments.actions import cancel_for
from patient_online.appointments.day_files import practices_to_write, write_day_lists
from patient_online.appointments.tests.desk import TEN, Desk, at_the_desk
from patient_online.audit.models import Entry
from patient_online.demo.factories import a_patient_of, a_practice, a_slot_of, an_appointment
from patient_online.storage.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, settings: Any, tmp_path: Path) -> Iterator[Desk]:
    """Rita at ten in the morning, and a folder that is empty."""
    settings.VAR = tmp_path
    with at_the_desk(client) as desk:
        yield desk


@pytest.fixture
def folder(desk: Desk, tmp_path: Path) -> Path:
    """Where the practice's lists lie."""
    return tmp_path / "day-lists" / desk.practice.ods_code


@contextmanager
def a_full_disk() -> Iterator[None]:
    """While this lasts, no file of this program can grow past a kilobyte."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_today_and_the_next_working_day_are_written_to_files_that_need_nothing_else(desk: Desk, folder: Path) -> None:
    an_appointment(desk.tomorrow[0], a_patient_of(desk.practice, given_name="Femi", family_name="Whatnot"))
    call_command("export_day_lists")
    today, tomorrow = sorted(folder.iterdir())
    assert [today.name, tomorrow.name] == ["2026-03-03.html", "2026-03-04.html"]
    text = today.read_text(encoding="utf-8")
    assert "Made on Tuesday 3 March 2026 at 10am." in text
    assert "Robin Testperson" in text
    assert "07700 900 982" in text
    assert "Femi Whatnot" in tomorrow.read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|<img|<a |src=|href=|url\(|https?:|@import", text)


def test_the_lists_of_one_practice_are_written_alone_and_of_one_that_is_not_there_it_is_told(
    desk: Desk, folder: Path
) -> None:
    elsewhere = a_practice()
    an_appointment(a_slot_of(elsewhere, TEN), a_patient_of(elsewhere))
    call_command("export_day_lists", "--practice", elsewhere.ods_code.lower())
    assert [path.name for path in folder.parent.iterdir()] == [elsewhere.ods_code]
    for code, words in (("Y99999", "There is no practice Y99999 here."), ("nowhere!", "nowhere! is no ODS code.")):
        with pytest.raises(CommandError, match=words):
            call_command("export_day_lists", practice=code)


def test_the_files_are_for_nobody_else_to_read(desk: Desk, folder: Path) -> None:
    call_command("export_day_lists")
    modes = [path.stat().st_mode & 0o777 for path in (folder.parent, folder, folder / "2026-03-03.html")]
    assert modes == [0o700, 0o700, 0o600]


def test_a_name_that_looks_like_markup_stays_a_name(desk: Desk, folder: Path) -> None:
    an_appointment(desk.today[1], a_patient_of(desk.practice, given_name="<script>alert(1)</script>"))
    call_command("export_day_lists")
    assert "<script" not in (folder / "2026-03-03.html").read_text(encoding="utf-8")


def test_each_patient_in_a_file_has_an_entry_of_the_system(desk: Desk) -> None:
    call_command("export_day_lists")
    entry = Entry.objects.get(event="appointment.day_seen", patient_id=desk.robin.id)
    assert (entry.asker, entry.asker_name, entry.practice_id) == ("system", "export_day_lists", desk.practice.ods_code)


def test_nothing_is_written_where_nobody_comes_or_of_other_days(desk: Desk, folder: Path) -> None:
    elsewhere = a_practice()
    an_appointment(a_slot_of(elsewhere, TEN + timedelta(days=2)), a_patient_of(elsewhere))
    a_slot_of(a_practice(), TEN)
    assert practices_to_write(TEN) == [desk.practice.ods_code]
    assert [path.name for path in write_day_lists(desk.practice.ods_code, at=TEN)] == ["2026-03-03.html"]


def test_on_a_friday_the_next_list_is_mondays(desk: Desk) -> None:
    friday, monday = TEN + timedelta(days=3), TEN + timedelta(days=6)
    an_appointment(a_slot_of(desk.practice, monday), desk.robin)
    assert [path.name for path in write_day_lists(desk.practice.ods_code, at=friday)] == ["2026-03-09.html"]


def test_who_cancels_is_not_in_the_next_hours_file_even_where_nobody_else_comes(desk: Desk, folder: Path) -> None:
    call_command("export_day_lists")
    cancel_for(desk.appointment, by=desk.rita, key=uuid7(), at=TEN)
    call_command("export_day_lists")
    assert "Robin" not in (folder / "2026-03-03.html").read_text(encoding="utf-8")


def test_lists_of_more_than_a_week_ago_are_forgotten_and_nothing_else(desk: Desk, folder: Path) -> None:
    call_command("export_day_lists")
    for name in ("2026-02-23.html", "2026-02-24.html", "notes.txt"):
        (folder / name).touch()
    call_command("export_day_lists")
    assert sorted(path.name for path in folder.iterdir()) == ["2026-02-24.html", "2026-03-03.html", "notes.txt"]


def test_a_full_disk_is_told_in_a_sentence_and_leaves_the_list_from_before(desk: Desk, folder: Path) -> None:
    call_command("export_day_lists")
    before = (folder / "2026-03-03.html").read_bytes()
    an_appointment(desk.today[1], a_patient_of(desk.practice))
    with a_full_disk(), pytest.raises(CommandError, match=r"could not be written to .*: File too large\. The one from"):
        call_command("export_day_lists")
    assert [path.name for path in folder.iterdir()] == ["2026-03-03.html"]
    assert (folder / "2026-03-03.html").read_bytes() == before


def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "day-lists").write_text("a file stands here")
    with pytest.raises(CommandError, match="Make room on the disk, or let the program write to the folder"):
        call_command("export_day_lists")


def test_every_hour_each_practice_has_its_lists_written(desk: Desk, folder: Path) -> None:
    elsewhere = a_practice()
    an_appointment(a_slot_of(elsewhere, TEN), a_patient_of(elsewhere))
    jobs.export_day_lists(timestamp=0)
    waiting = ProcrastinateJob.objects.filter(task_name=jobs.export_day_lists_of_practice.name).order_by("id")
    assert [job.args for job in waiting] == [{"practice_id": code} for code in practices_to_write(TEN)]
    assert len(waiting) == 2
    for job in waiting:
        jobs.export_day_lists_of_practice(**job.args)
    assert [path.name for path in folder.iterdir()] == ["2026-03-03.html"]
    assert len(list(folder.parent.iterdir())) == 2
