"""Messages that are stuck: a receptionist sees which, how old and why, and deals with each, without JavaScript."""

from datetime import timedelta

from django.utils import timezone

from patient_online.asking import Role
from patient_online.demo.factories import a_patient_of
from patient_online.notify.actions.fences import RESTORED
from patient_online.notify.models import Fence, Message
from patient_online.notify.rules import TROUBLES
from patient_online.notify.tests.people import again, failed
from patient_online.patients.models import Patient
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER


def stuck(patient: Patient, hours: int) -> Message:
    """A message that was due so many hours ago and has failed."""
    message, then = failed(patient), timezone.now() - timedelta(hours=hours)
    Message.objects.filter(id=message.id).update(made_at=then, due_at=then)
    return again(message)


def decides(rita: Visitor, link: str, patient: Patient, button: str) -> None:
    """Follow the link beside the patient's message, and say yes."""
    rita.follows(f"{link} : {patient.name}")
    assert patient.name in rita.reads
    rita.presses(button)


def test_rita_tries_one_again_prints_one_and_drops_one(world: World, visit: Visit, javascript: bool) -> None:
    """The oldest stands first; each is asked about before it is done; at the end nothing is left to do."""
    olu, edith = (a_patient_of(world.practice, given_name=name, family_name="Whatnot") for name in ("Olu", "Edith"))
    one, two, three = stuck(world.robin, 30), stuck(olu, 5), stuck(edith, 3)
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=javascript, viewport={"width": 320, "height": 800})
    rita.goes_to("/practice/messages")
    assert rita.reads.index("30 hours ago") < rita.reads.index("5 hours ago") < rita.reads.index("3 hours ago")
    assert TROUBLES["no-answer"] in rita.reads
    decides(rita, "Try again", world.robin, "Yes, send it again")
    assert "The message will be tried again within a minute." in rita.reads
    decides(rita, "Print a letter instead", olu, "Yes, print it as a letter")
    assert "The message is a letter now." in rita.reads
    decides(rita, "Do not send", edith, "Yes, do not send it")
    assert [again(each).status for each in (one, two, three)] == ["waiting", "to-print", "dropped"]
    assert "Edith Whatnot" not in rita.reads
    rita.goes_to("/practice/letters")
    assert "Olu Whatnot" in rita.reads
    Message.objects.filter(id=one.id).update(status="inbox", settled_at=timezone.now())
    rita.goes_to("/practice/messages")
    assert "Every message that was due has been sent. There is nothing to do here." in rita.reads


def test_after_a_restore_rita_reads_first_that_nothing_goes_out_and_what_to_do(world: World, visit: Visit) -> None:
    """It stands above everything else, with the steps to take; somebody who changes their mind changes nothing."""
    message = stuck(world.robin, 2)
    Fence.objects.create(raised_at=timezone.now(), why=RESTORED)
    rita = visit(world.worker(Role.RECEPTIONIST), javascript=False)
    rita.goes_to("/practice/messages")
    assert rita.reads.index("No message is being sent") < rita.reads.index("Not sent")
    assert RESTORED in rita.reads
    assert "manage.py release_messages" in rita.reads
    rita.follows("Print a letter instead : Robin Testperson")
    rita.follows("No, leave it as it is")
    assert again(message).status == "failed"
