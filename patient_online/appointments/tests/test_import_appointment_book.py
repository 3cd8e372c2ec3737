"""The command that loads a book, as a person runs it, and books of any shape that come back as they were."""

import csv
import io
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from patient_online.appointments.models import Slot
from patient_online.appointments.tests import demonstrator
from patient_online.appointments.tests.book_file import ROW, a_book, a_slot
from patient_online.demo.factories import a_practice
from patient_online.nhs.dates import day_bounds, local_day, to_london

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
SLOTS = Path(settings.ROOT).parent / "shared" / "data" / "gpc-demonstrator" / "slots.txt"
START = date(2026, 12, 1)
Times = dict[tuple[str, str], list[tuple[datetime, datetime]]]


def run(text: str, *, out: io.StringIO | None = None, **options: Any) -> str:
    out = out or io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        call_command("import_appointment_book", "-", stdout=out, **options)
    return out.getvalue()


@pytest.mark.skipif(not SLOTS.exists(), reason="the shared book of the GP Connect demonstrator is not here")
def test_the_book_of_the_gp_connect_demonstrator_loads() -> None:
    practice = a_practice()
    converted = io.StringIO()
    category = "General Consultation Acute"
    demonstrator.main([str(SLOTS), "--from", START.isoformat(), "--category", category], converted)
    said = run(converted.getvalue(), practice=practice.ods_code)
    assert "Slots: 1014 new, 0 changed." in said
    assert "Refused" not in said
    slots = list(Slot.objects.filter(practice=practice).select_related("type", "schedule__clinician"))
    source = list(csv.reader(SLOTS.read_text(encoding="utf-8").splitlines()))
    days = Counter(demonstrator.weekday_number(START, int(cells[0])) for cells in source)
    assert Counter(local_day(slot.starts_at) for slot in slots) == days
    modes = Counter(demonstrator.MODES[cells[14]].value for cells in source)
    assert Counter(slot.mode for slot in slots) == modes
    who = {"1": "Miss Nichole Gilbert", "2": "Mr Kibo Slater", "12": "Miss Nichole Gilbert"}
    people = Counter(who[cells[9]] for cells in source)
    assert Counter(slot.schedule.clinician.name.split(" (")[0] for slot in slots) == people
    assert Counter(slot.type.name for slot in slots) == Counter(cells[8] for cells in source)
    assert Counter(slot.online for slot in slots) == Counter(cells[11] == "true" for cells in source)
    assert {slot.type.national_category for slot in slots} == {category}
    assert "Nothing has changed." in run(converted.getvalue(), practice=practice.ods_code)


def test_refused_rows_are_told_with_their_lines_and_kept_for_correction(tmp_path: Path) -> None:
    practice, refused = a_practice(), tmp_path / "refused.csv"
    book = a_book(a_slot(), a_slot(), a_slot("10:00", mode="fax"))
    said = run(book, practice=practice.ods_code, refused=str(refused))
    assert "3 rows read." in said
    assert "Refused: 2." in said
    assert "Line 3: Dr Example One has another slot at that time, on line 2. Keep one of them." in said
    rows = list(csv.reader(refused.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["line", "rule", "reason", *ROW]
    assert [row[:2] for row in rows[1:]] == [
        ["3", "appointments.settling.overlaps"],
        ["4", "appointments.imports.value"],
    ]
    assert [row[3:] for row in rows[1:]] == [[*a_slot().values()], [*a_slot("10:00", mode="fax").values()]]


def test_a_refused_row_that_is_corrected_in_its_file_is_loaded_from_it(tmp_path: Path) -> None:
    practice, refused = a_practice(), tmp_path / "refused.csv"
    book = a_book(a_slot(), a_slot("10:00", mode="fax"), a_slot("11:00", online="perhaps"))
    run(book, practice=practice.ods_code, refused=str(refused))
    corrected = refused.read_text(encoding="utf-8").replace(",fax,", ",telephone,")
    still = tmp_path / "still.csv"
    said = run(corrected, practice=practice.ods_code, refused=str(still))
    assert "Slots: 1 new, 0 changed." in said
    assert "Refused: 1." in said
    assert list(Slot.objects.order_by("starts_at").values_list("mode", flat=True)) == ["in-person", "telephone"]
    rows = list(csv.reader(still.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == ["line", "rule", "reason", *ROW]
    assert [row[3:] for row in rows[1:]] == [[*a_slot("11:00", online="perhaps").values()]]


def test_a_report_begins_with_what_was_refused_and_leaves_out_what_is_nothing() -> None:
    practice = a_practice()
    lines = run(a_book(a_slot(), a_slot()), practice=practice.ods_code).splitlines()
    assert lines[:2] == ["Refused: 1.", "2 rows read."]
    assert not [line for line in lines if "0 new, 0 changed" in line]
    assert "Slots that were so already" not in "".join(lines)
    again = run(a_book(a_slot(online="no")), practice=practice.ods_code).splitlines()
    assert again == ["1 rows read.", "Slots: 0 new, 1 changed."]


def test_a_book_of_which_every_row_is_refused_ends_in_failure_and_is_reported() -> None:
    practice, out = a_practice(), io.StringIO()
    run(a_book(a_slot()), practice=practice.ods_code)
    with pytest.raises(CommandError, match="Every row was refused"):
        run(a_book(a_slot("09:05", "09:20")), out=out, practice=practice.ods_code)
    assert "Refused: 1." in out.getvalue()
    assert "Line 2: " in out.getvalue()
    assert Slot.objects.count() == 1


def test_a_dry_run_says_that_nothing_was_kept() -> None:
    said = run(a_book(a_slot()), practice=a_practice().ods_code, dry_run=True)
    assert "This is a dry run: nothing was kept of what follows." in said
    assert "Slots: 1 new, 0 changed." in said
    assert not Slot.objects.exists()


@pytest.mark.parametrize("code", ["X99999", "no code"])
def test_a_practice_that_is_not_here_is_told(code: str) -> None:
    with pytest.raises(CommandError, match=f"There is no practice with the ODS code {code} here"):
        run(a_book(a_slot()), practice=code)


def test_a_book_of_something_else_is_refused_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="Columns missing: date, start, end"):
        run("A81001,THE SURGERY\n", practice=a_practice().ods_code)
    assert not Slot.objects.exists()


def test_weeks_of_a_large_practice_load() -> None:
    first = date(2027, 1, 1)
    clock = [(datetime.combine(first, time(8)) + timedelta(minutes=10 * n)).strftime("%H:%M") for n in range(60)]
    rows = [
        a_slot(start, clock[n + 1], date=(first + timedelta(days=day)).isoformat(), clinician=f"Dr Example {who}")
        for day in range(34)
        for who in range(10)
        for n, start in enumerate(clock[:-1])
    ]
    practice = a_practice()
    assert len(rows) == 20_060
    assert "Slots: 20060 new, 0 changed." in run(a_book(*rows), practice=practice.ods_code)
    assert Slot.objects.count() == 20_060
    assert "Nothing has changed." in run(a_book(*rows), practice=practice.ods_code)


@st.composite
def books(draw: st.DrawFn) -> Times:
    """Some slots of some clinicians, never two of one at once, on ordinary days and on those when the clocks change."""
    days = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
    times: Times = {}
    for clinician in draw(st.lists(st.sampled_from(["Dr One", "Dr Two"]), min_size=1, unique=True)):
        for day in draw(st.lists(st.sampled_from(days), min_size=1, max_size=3, unique=True)):
            at, end_of_day = day_bounds(day)
            slots = times.setdefault((clinician, day.isoformat()), [])
            for pause, length in draw(st.lists(st.tuples(st.integers(0, 150), st.integers(1, 60)), max_size=12)):
                starts_at = at + timedelta(minutes=pause)
                at = starts_at + timedelta(minutes=length)
                if at <= end_of_day:
                    slots.append((starts_at, at))
    return times


def written(times: Times) -> str:
    rows = []
    for (clinician, day), slots in times.items():
        for starts_at, ends_at in slots:
            start, end = to_london(starts_at), to_london(ends_at)
            wall = {"date": day, "clinician": clinician, "fold": str(start.fold)}
            rows.append(a_slot(f"{start:%H:%M}", f"{end:%H:%M}", **wall))
    return a_book(*rows)


@given(times=books().filter(lambda times: any(times.values())))
@hypothesis_settings(max_examples=30, deadline=None)
def test_a_book_that_is_written_and_loaded_has_the_same_slots(times: Times) -> None:
    practice = a_practice()
    assert "Refused" not in run(written(times), practice=practice.ods_code)
    slots = Slot.objects.filter(practice=practice).select_related("schedule__clinician")
    found = sorted((slot.schedule.clinician.name, slot.starts_at, slot.ends_at) for slot in slots)
    assert found == sorted((who, *slot) for (who, _day), slots in times.items() for slot in slots)
