"""A manager's template, clicked through from the form to the appointment book."""

from datetime import timedelta

from django.utils import timezone

from patient_online.appointments.models import Schedule, SessionTemplate
from patient_online.asking import Role
from patient_online.nhs.dates import date_text, local_day
from tests.journeys.arranged import LOOK, fills_in_a_session, types_the_day
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.world import World

pytestmark = BROWSER


def test_a_manager_plans_every_other_thursday_looks_saves_and_stops_it(
    world: World, visit: Visit, javascript: bool
) -> None:
    """What is wrong is put right and nothing typed is lost; the look at it names the days before anything is made."""
    first = local_day(timezone.now()) + timedelta(days=7)
    mara = visit(world.worker(Role.MANAGER), javascript=javascript)
    mara.goes_to("/practice/templates")
    mara.presses("Add a session that comes again")
    fills_in_a_session(mara, clinician=world.ada.name, first=first)
    mara.types("Starts at", "8:66")
    mara.presses(LOOK)
    assert mara.problems == ["Starts at: enter a time, like 8:30am or 14:00"]
    mara.types("Starts at", "8:30am")
    mara.presses("Add more parts")
    assert mara.page.get_by_role("group", name="Part 5").count() == 1
    mara.presses(LOOK)
    assert "Every other Thursday, 8:30am to 10:30am, Dr Ada Exampleby, Main building" in mara.reads
    assert not SessionTemplate.objects.exists()
    mara.presses("Save")
    assert mara.heading == "Sessions"
    made = list(Schedule.objects.filter(template_id__isnull=False).order_by("starts_at"))
    assert len(made) in (3, 4)
    mara.follows("Morning surgery")
    assert date_text(made[0].starts_at) in mara.reads
    mara.presses("Stop it from a day on")
    types_the_day(mara, "From which day on should there be no more of these sessions?", local_day(made[1].starts_at))
    mara.presses("Continue")
    assert f"{len(made) - 1} free session" in mara.reads
    mara.presses("Yes, stop it")
    assert Schedule.objects.filter(template_id__isnull=False).count() == 1
