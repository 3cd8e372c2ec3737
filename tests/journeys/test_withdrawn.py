"""A morning that cannot take place: from the preview to the list for the telephone, without JavaScript."""

from patient_online.appointments.models import Appointment
from patient_online.asking import Role, System
from patient_online.demo.factories import a_patient_of, an_appointment
from patient_online.nhs.dates import date_text
from patient_online.notify.delivering import deliver
from patient_online.notify.models import Message
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
    rita.page.emulate_media(media="screen")
    chooses_anew(visit(world.account, javascript=False), world, mine)
    prints_and_marks(rita)
    puts_back(rita)
    assert dict(Appointment.objects.values_list("patient__given_name", "status")) == {
        "Olu": "booked",
        "Robin": "cancelled",
    }


def prints_and_marks(rita: Visitor) -> None:
    """The worker makes letters of what reaches nobody otherwise; Rita prints them and says so."""
    for message in Message.objects.filter(status="waiting"):
        deliver(System("worker", message.practice_id), message.id)
    rita.goes_to("/practice/letters")
    rita.presses("Print all of these")
    letter = rita.page.get_by_role("region", name="Letter to Olu Placeholder").inner_text()
    assert "Your practice has had to cancel your appointment on" in letter
    assert "The practice is short of staff." in letter
    assert "Free at the moment" not in letter
    rita.presses("Mark them as printed")
    rita.presses("Yes, they are printed")
    assert "The letters are marked as printed." in rita.reads
    assert "There is no letter to print." in rita.reads
    rita.goes_to("/practice/withdrawn")
    assert "Letter: printed" in " ".join(rita.reads.split())


def puts_back(rita: Visitor) -> None:
    """Ada is well again: Olu, who was rung, gets the time again and reads so; Robin has other plans and does not."""
    rita.follows("Put back", exact=False)
    assert rita.heading == "Put a session back"
    assert "is on again" in rita.reads
    rita.page.get_by_label("Robin Testperson").uncheck()
    rita.presses("Put it back")
    assert "The session is put back. Its times can be booked again." in rita.reads
    assert Message.objects.get(kind="appointment-on-again").patient.given_name == "Olu"


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
    assert "Nothing was done yet. Read the message with your sentence below, then confirm." in rita.reads
    rita.presses("Withdraw and tell the patients")
    assert "The sessions are withdrawn. 2 appointments are cancelled." in rita.reads
    assert set(Appointment.objects.values_list("cancel_reason", flat=True)) == {"withdrawn"}
    rita.presses("Seen to Olu Placeholder", exact=False)
    assert "Seen to in the last fourteen days" in rita.reads
