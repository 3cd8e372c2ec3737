"""How a practice file comes in: as the owner, in bulk, in one transaction; a second time it changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from psycopg.types.json import Jsonb

from patient_online.asking import System
from patient_online.audit.actions import record
from patient_online.practices.imports import NotLoaded, PracticeFile, PracticeRow
from patient_online.practices.models import Area, AreaPart, Practice, PracticeArea
from patient_online.refusals import Refused
from patient_online.storage.bulk import OWNER, copy_into
from patient_online.storage.files import RefusedRow
from patient_online.storage.ids import uuid7

COLUMNS = ("ods_code", "name", "status", "address", "postcode", "telephone", "opened_on", "closed_on")
FROM_THE_FILE = (Area.Kind.SUB_ICB, Area.Kind.ICB, Area.Kind.REGION)


@dataclass(slots=True)
class Spell:
    """The time in which a practice or an area belonged to a wider area."""

    id: UUID
    part: str
    whole: str
    from_day: date | None
    to_day: date | None


@dataclass(frozen=True, slots=True)
class Belongs:
    """What a file says of one practice or area; what is not `sure` only fills in where nothing is known."""

    part: str
    whole: str
    from_day: date | None = None
    to_day: date | None = None
    sure: bool = True
    line: int = 0


@dataclass(slots=True)
class Spells:
    """What a file changes in a history: spells that begin, spells whose days change, and what was known better."""

    new: list[Spell] = field(default_factory=list)
    changed: list[Spell] = field(default_factory=list)
    older: list[Belongs] = field(default_factory=list)


@dataclass(slots=True)
class Loaded:
    """What a load did, in counts."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    new_areas: int = 0
    memberships: Spells = field(default_factory=Spells)
    parts: Spells = field(default_factory=Spells)
    disputed: list[str] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Whether nothing was changed at all."""
        spells = (*self.memberships.new, *self.memberships.changed, *self.parts.new, *self.parts.changed)
        return not (self.new or self.changed or self.new_areas or spells)


def known_kinds(system: System) -> dict[str, str]:
    """The kind of every area known."""
    return dict(Area.objects.values_list("code", "kind"))


def load_practices(file: PracticeFile, *, as_at: date, by: System, at: datetime) -> Loaded:
    """Bring practices and geography up to what the file says; a link that ends without a day ends before `as_at`.

    A practice that the file does not name stays as it is, and none is deleted. The trail has one entry.
    """
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("LOCK TABLE practices_practice IN SHARE ROW EXCLUSIVE MODE")
        loaded = _practices(file.rows)
        loaded.new_areas = _areas(file.kinds)
        loaded.memberships = _memberships(file.rows, as_at)
        loaded.refused = [_older(belongs) for belongs in loaded.memberships.older]
        loaded.parts, loaded.disputed = _parts(file.rows, as_at)
        record("practice.file_imported", by=by, at=at, using=OWNER, **_counts(file, loaded, as_at))
    return loaded


def _practices(rows: list[PracticeRow]) -> Loaded:
    names = ", ".join(COLUMNS)
    known, given = (", ".join(f"{table}.{name}" for name in COLUMNS[1:]) for table in ("known", "excluded"))
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE incoming_practice ON COMMIT DROP AS SELECT {names} FROM practices_practice LIMIT 0"  # noqa: S608 - names of ours
        )
        copy_into("incoming_practice", COLUMNS, map(_columns, rows))
        cursor.execute(
            "SELECT count(*) FROM incoming_practice WHERE ods_code NOT IN (SELECT ods_code FROM practices_practice)"
        )
        new = cursor.fetchone()[0]
        cursor.execute(
            f"INSERT INTO practices_practice AS known ({names}) SELECT {names} FROM incoming_practice"  # noqa: S608
            f" ON CONFLICT (ods_code) DO UPDATE SET ({', '.join(COLUMNS[1:])}) = ROW({given})"
            f" WHERE ({known}) IS DISTINCT FROM ({given})"
        )
        written = cursor.rowcount
        cursor.execute("DROP TABLE incoming_practice")
    return Loaded(new=new, changed=written - new, unchanged=len(rows) - written)


def _columns(row: PracticeRow) -> tuple[object, ...]:
    address = Jsonb(list(row.address))
    return row.ods_code, row.name, row.status, address, row.postcode, row.telephone, row.opened_on, row.closed_on


def _areas(kinds: dict[str, str]) -> int:
    before = Area.objects.using(OWNER).count()
    Area.objects.using(OWNER).bulk_create([Area(code=c, kind=k) for c, k in kinds.items()], ignore_conflicts=True)
    return Area.objects.using(OWNER).count() - before


def _memberships(rows: list[PracticeRow], as_at: date) -> Spells:
    """Which practice is in which nearest area. A primary care network comes from elsewhere and is not touched."""
    found = PracticeArea.objects.using(OWNER).filter(area__kind__in=FROM_THE_FILE)
    known = found.values_list("id", "practice_id", "area_id", "from_day", "to_day")
    says = [Belongs(row.ods_code, row.areas[0], row.joined_on, row.left_on, line=row.line) for row in rows if row.areas]
    spells = continued((Spell(*spell) for spell in known), says, as_at=as_at)
    _write("practices_practicearea", ("practice_id", "area_id"), spells)
    return spells


def _parts(rows: list[PracticeRow], as_at: date) -> tuple[Spells, list[str]]:
    """Which area is part of which; the codes of those of which the open practices say several."""
    says, disputed = wider_areas(rows)
    found = AreaPart.objects.using(OWNER).filter(part__kind__in=FROM_THE_FILE, whole__kind__in=FROM_THE_FILE)
    known = found.values_list("id", "part_id", "whole_id", "from_day", "to_day")
    spells = continued((Spell(*spell) for spell in known), says, as_at=as_at)
    _write("practices_areapart", ("part_id", "whole_id"), spells)
    return spells, disputed


def _write(table: str, names: tuple[str, str], spells: Spells) -> None:
    rows = ((s.id, s.part, s.whole, s.from_day, s.to_day) for s in spells.new)
    with connections[OWNER].cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET from_day = %s, to_day = %s WHERE id = %s",  # noqa: S608 - names of ours
            [(s.from_day, s.to_day, s.id) for s in spells.changed],
        )
    copy_into(table, ("id", *names, "from_day", "to_day"), rows)


def wider_areas(rows: Iterable[PracticeRow]) -> tuple[list[Belongs], list[str]]:
    """Which area is part of which, as most practices say that are not closed, and the areas of which they disagree.

    The row of a closed practice stays as it was on its last day, so it counts only where no other names the area.
    """
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    closed: dict[str, tuple[date, str]] = {}
    for row in rows:
        for part, whole in zip(row.areas, row.areas[1:], strict=False):
            if row.status != Practice.Status.CLOSED:
                votes[part][whole] += 1
            else:
                closed[part] = max(closed.get(part, (date.min, "")), (row.closed_on or date.min, whole))
    says = [Belongs(part, min(said, key=lambda code: (-said[code], code))) for part, said in votes.items()]
    says += [Belongs(part, whole, sure=False) for part, (_, whole) in closed.items() if part not in votes]
    return says, sorted(part for part, said in votes.items() if len(said) > 1)


def continued(known: Iterable[Spell], says: Iterable[Belongs], *, as_at: date) -> Spells:
    """How what a file says continues the histories known; what it says for a second time changes nothing."""
    histories: dict[str, list[Spell]] = defaultdict(list)
    for spell in sorted(known, key=lambda spell: spell.from_day or date.min):
        histories[spell.part].append(spell)
    spells = Spells()
    for belongs in says:
        history = histories[belongs.part]
        if not history:
            spells.new.append(_spell(belongs, belongs.from_day))
        elif history[-1].whole == belongs.whole and not _returned(history[-1], belongs):
            _correct(history, belongs, spells)
        elif belongs.sure:
            _move(history[-1], belongs, as_at, spells)
    return spells


def _spell(belongs: Belongs, from_day: date | None) -> Spell:
    return Spell(uuid7(), belongs.part, belongs.whole, from_day, belongs.to_day)


def _returned(last: Spell, belongs: Belongs) -> bool:
    """Whether it had left the same area and joined it again later."""
    return bool(last.to_day and belongs.from_day and belongs.from_day > last.to_day)


def _correct(history: list[Spell], belongs: Belongs, spells: Spells) -> None:
    """Take over the days that the file has for the last spell; its start only where no earlier spell is in the way."""
    last = history[-1]
    first_day = belongs.from_day if belongs.from_day and len(history) == 1 else last.from_day
    if not belongs.sure or (last.from_day, last.to_day) == (first_day, belongs.to_day):
        return
    if first_day and belongs.to_day and belongs.to_day < first_day:
        spells.older.append(belongs)
        return
    last.from_day, last.to_day = first_day, belongs.to_day
    spells.changed.append(last)


def _move(last: Spell, belongs: Belongs, as_at: date, spells: Spells) -> None:
    """End the last spell and begin another: on the day that the file has for it if that is later, else on `as_at`."""
    known = last.from_day or date.min
    start = belongs.from_day if belongs.from_day and belongs.from_day > known else as_at
    older = belongs.from_day is not None and belongs.from_day < known
    if older or start <= known or (belongs.to_day and belongs.to_day < start):
        spells.older.append(belongs)
        return
    if last.to_day is None or last.to_day >= start:
        last.to_day = start - timedelta(days=1)
        spells.changed.append(last)
    spells.new.append(_spell(belongs, start))


def _older(belongs: Belongs) -> RefusedRow:
    return RefusedRow(belongs.line, Refused(NotLoaded.OLDER, area=belongs.whole), (belongs.part,))


def _counts(file: PracticeFile, loaded: Loaded, as_at: date) -> dict[str, Any]:
    return {
        "as_at": as_at.isoformat(),
        "read": file.read,
        "new": loaded.new,
        "changed": loaded.changed,
        "left_out": file.left_out.total(),
        "refused": len(file.refused) + len(loaded.refused),
    }
