"""A manager, a clinician and what she plans, for the tests of templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import pytest

from patient_online.appointments.actions import add_session, add_template
from patient_online.appointments.models import Schedule, SessionTemplate, SlotType
from patient_online.appointments.rules.sessions import Part, Plan
from patient_online.asking import Role, Staff
from patient_online.demo.factories import a_clinician_of, a_practice, a_slot_type, staff_of
from patient_online.nhs.dates import local_day, to_london
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.practices.models import Practice, Site, StaffMember
from patient_online.refusals import Refusal, Refused

MON, TUE, WED, THU, FRI, SAT, SUN = range(1, 8)


@dataclass
class Planner:
    """Mara manages; Ada sees patients, if only Mara gives her sessions."""

    now: datetime
    practice: Practice
    mara: Staff
    ada: StaffMember
    kind: SlotType
    site: Site

    @classmethod
    def at(cls, now: datetime) -> "Planner":
        """A practice at this instant."""
        practice = a_practice()
        mara = staff_of(practice, Role.MANAGER, name="Mara Placeholder")
        ada = a_clinician_of(practice, name="Dr Ada Exampleby")
        kind = a_slot_type(practice, name="GP RTN 10")
        return cls(now, practice, mara, ada, kind, Site.objects.get(practice=practice))

    def plan(self, starts: time = time(8, 30), **given: Any) -> Plan:
        """Every Thursday from today, ten slots, a break and six more, unless told otherwise."""
        kind, id_ = given.pop("kind", Kind.WEEKLY), self.kind.id
        parts = given.pop("parts", (Part(10, 10, id_, online=True), Part(20), Part(10, 6, id_)))
        who = given.pop("clinician", self.ada)
        where, name = given.pop("site", self.site), given.pop("name", "Morning surgery")
        days: dict[str, Any] = {"first": local_day(self.now), "weekdays": (THU,), **given}
        return Plan(name, where.id, who.id, starts, parts, Pattern(kind, **days))

    def adds(self, plan: Plan | None = None, *, by: Staff | None = None) -> SessionTemplate:
        """Mara keeps a plan as a template."""
        return add_template(plan or self.plan(), by=by or self.mara, key=None, at=self.now)

    def on_one_day(self, day: date, starts: time = time(8, 30), **given: Any) -> Plan:
        """A plan for one day alone."""
        return self.plan(starts, first=day, last=day, weekdays=(day.isoweekday(),), except_bank_holidays=False, **given)

    def adds_one(self, day: date, starts: time = time(8, 30), **given: Any) -> Schedule:
        """Mara puts one session into the book."""
        plan = self.on_one_day(day, starts, **given)
        return add_session(plan, by=self.mara, key=None, at=self.now)


def typed(planner: Planner, **changed: Any) -> dict[str, Any]:
    """What Mara types for every other Thursday."""
    who = {"key": str(uuid4()), "name": "Morning surgery", "clinician": str(planner.ada.id)}
    when = {"site": str(planner.site.id), "kind": "weekly", "weekdays": ["4"], "every": "2", "nth": "1"}
    first = {"from_day_day": "5", "from_day_month": "3", "from_day_year": "2026", "except_bank_holidays": "on"}
    last = {"to_day_day": "", "to_day_month": "", "to_day_year": "", "starts": "8:30am", "rows": "3"}
    unused = {f"part{n}_{name}": "" for n in range(3) for name in ("type", "count", "minutes")}
    modes = {f"part{n}_mode": "in-person" for n in range(3)} | {f"part{n}_seats": "1" for n in range(3)}
    one = {"part0_type": str(planner.kind.id), "part0_count": "18", "part0_minutes": "10", "part0_online": "on"}
    two = {"part1_type": "break", "part1_count": "1", "part1_minutes": "10"}
    return {**who, **when, **first, **last, **unused, **modes, **one, **two, **changed}


def on_the_wall(rows: Iterable[Schedule]) -> list[tuple[date, time]]:
    """When sessions start, by the clock on the wall."""
    return [(local_day(row.starts_at), to_london(row.starts_at).time()) for row in rows]


def sessions() -> list[Schedule]:
    """Every session there is and is not withdrawn, in the order of time."""
    return list(Schedule.objects.filter(withdrawn_at=None).order_by("starts_at"))


def days() -> list[date]:
    """The days of all sessions."""
    return [day for day, _time in on_the_wall(sessions())]


def refused(do: object, *things: object, **details: object) -> tuple[Refusal, dict[str, object]]:
    """Why it was refused; no session and no template may be there that was not."""
    assert callable(do)
    before = list(Schedule.objects.values()), list(SessionTemplate.objects.values())
    with pytest.raises(Refused) as no:
        do(*things, **details)
    assert (list(Schedule.objects.values()), list(SessionTemplate.objects.values())) == before
    return no.value.reason, no.value.facts
