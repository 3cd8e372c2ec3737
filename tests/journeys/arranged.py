"""What a manager has arranged, and how she fills in the form of a session."""

from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from patient_online.appointments.actions import add_template, enter_absence
from patient_online.appointments.rules.sessions import Part, Plan
from patient_online.asking import Role
from patient_online.demo.factories import a_clinician_of, staff_of
from patient_online.nhs.dates import local_day
from patient_online.nhs.patterns import Kind, Pattern
from patient_online.practices.models import Site
from tests.journeys.visitors import Visitor
from tests.journeys.world import RAW_NAME, World

LOOK = "Look at it before it is saved"


def arranged(world: World) -> dict[str, Any]:
    """A template and an absence of a clinician whom nobody books online: what stands in their addresses."""
    now, mara = timezone.now(), staff_of(world.practice, Role.MANAGER)
    maeve, site = a_clinician_of(world.practice, name="Dr Maeve O'Fiction"), Site.objects.get(practice=world.practice)
    today = local_day(now)
    pattern = Pattern(Kind.WEEKLY, today, None, (1, 2, 3, 4, 5, 6, 7), except_bank_holidays=False)
    parts = (Part(10, 6, world.kind.id), Part(20), Part(10, 2, world.kind.id))
    plan = Plan("Evening surgery", site.id, maeve.id, time(18), parts, pattern)
    template = add_template(plan, by=mara, key=None, at=now)
    leave = today + timedelta(days=9)
    entered: dict[str, Any] = {"note": "Annual leave", "by": mara, "key": None, "at": now}
    absence = enter_absence(maeve.id, from_day=leave, to_day=leave + timedelta(days=5), **entered)
    return {"template": template.id, "absence": absence.id}


def fills_in_a_session(visitor: Visitor, *, clinician: str, first: date) -> None:
    """Type every other Thursday from half past eight: ten slots, a break, six slots."""
    visitor.types("Session name", "Morning surgery")
    visitor.page.get_by_label("Clinician", exact=True).select_option(label=clinician)
    visitor.chooses("On days of the week")
    visitor.chooses("Thursday")
    visitor.page.get_by_label("If on days of the week: how often?").select_option(label="Every other week")
    types_the_day(visitor, "First day", first)
    visitor.types("Starts at", "8:30am")
    for n, (kind, count, minutes) in enumerate([(RAW_NAME, "10", "10"), ("A break, without slots", "1", "20")]):
        part = visitor.page.get_by_role("group", name=f"Part {n + 1}")
        part.get_by_label("Kind of slot").select_option(label=kind)
        part.get_by_label("How many").fill(count)
        part.get_by_label("Minutes each").fill(minutes)


def types_the_day(visitor: Visitor, label: str, day: date) -> None:
    """Fill in the three boxes of a date."""
    boxes = visitor.page.get_by_role("group", name=label, exact=True)
    for name, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(name).fill(str(number))


def looks_at_a_session(visitor: Visitor, cast: object) -> None:
    """Fill in the form and look at what it makes."""
    today = local_day(timezone.now())
    fills_in_a_session(visitor, clinician="Dr Ada Exampleby", first=today + timedelta(days=7))
    visitor.presses(LOOK)


def stops_today(visitor: Visitor, cast: object) -> None:
    """Go on to what stopping today does."""
    visitor.presses("Continue")
