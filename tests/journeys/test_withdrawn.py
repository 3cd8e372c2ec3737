"""A morning that cannot take place: from the preview to the list for the telephone, without JavaScript."""

from patient_online.appointments.models import Appointment
from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.nhs.dates import date_text
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER


def test_a_receptionist_withdraws_a_morning_rings_who_cannot_be_written_to_and_robin_chooses_anew(
    world: World, visit: Visit
) -> None:
    """Ada is ill tomorrow: Rita sees whom it touches, confirms, and ticks off the call that she makes."""
    mine = an_appointment(world.slots[2], world.robin)
    olu = a_patient_of(world.practice, given_name="Olu", family_name="Placeholder", telephone="+441632960777")
    an_appointment(world.slots[3], olu)
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=False)
    chooses(rita, world)
    assert "2 appointments are booked." in rita.reads
    assert "Robin Testperson" in rita.reads
    assert "01632 960 777" in rita.reads
    assert date_text(world.slots[6].starts_at) in rita.reads  # the next day is offered
    confirms(rita)
    rita.page.emulate_media(media="print")
    printed = rita.page.locator("body").inner_text()
    assert "Robin Testperson" in printed
    assert "Olu Placeholder" not in printed
    chooses_anew(visit(world.account, javascript=False), world, mine)


def chooses(rita: Visitor, world: World) -> None:
    """Rita names Ada and the day."""
    rita.goes_to("/practice/withdrawn")
    assert "There is nobody who could not be told." in rita.reads
    rita.presses("Withdraw sessions")
    rita.page.get_by_label("Whose sessions?").select_option(label="Dr Ada Exampleby")
    day = world.slots[0].day
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        rita.page.locator(f'[name="first_{part}"]').fill(str(value))
    rita.presses("See whom it touches")
    assert rita.heading == "Check before you withdraw"


def chooses_anew(robin: Visitor, world: World, mine: Appointment) -> None:
    """Robin reads what happened, and finds the times that are left."""
    robin.goes_to("/appointments/")
    assert "Your practice had to cancel this appointment." in robin.reads
    robin.goes_to(f"/appointments/{mine.id}")
    assert "The practice is short of staff." in robin.reads
    robin.presses("Choose a new time")
    assert date_text(world.slots[6].starts_at) in robin.reads
    assert date_text(world.slots[0].starts_at) not in robin.reads


def confirms(rita: Visitor) -> None:
    """First without a reason, then with one; then the call to Olu is made."""
    rita.presses("Withdraw and tell the patients")
    assert rita.problems == ["Enter a reason, so that colleagues know why"]
    rita.types("Reason, for staff", "Ada is ill")
    rita.types("A sentence for the patients (optional)", "The practice is short of staff.")
    rita.presses("Withdraw and tell the patients")
    assert "The sessions are withdrawn. 2 appointments are cancelled." in rita.reads
    assert set(Appointment.objects.values_list("cancel_reason", flat=True)) == {"withdrawn"}
    rita.presses("Seen to Olu Placeholder", exact=False)
    assert "Seen to in the last fourteen days" in rita.reads
