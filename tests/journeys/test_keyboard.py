"""Everything can be done with Tab, Enter and Space alone, and one always sees where one is."""

from patient_online.appointments.models import Appointment
from patient_online.demo.factories import PASSWORD
from patient_online.nhs.dates import date_text, time_text
from tests.journeys.conftest import BROWSER, Visit
from tests.journeys.visitors import Visitor
from tests.journeys.world import World

pytestmark = BROWSER

MOST_STOPS = 60
# The name of what has the focus, and whether it can be seen that it has: a radio button shows it on its label.
FOCUS = """() => {
  const here = document.activeElement
  const label = here.labels && here.labels[0]
  const small = here.matches('input[type=radio], input[type=checkbox]')
  const style = small ? getComputedStyle(label, '::before') : getComputedStyle(here)
  const seen = small && label ? label.getBoundingClientRect() : here.getBoundingClientRect()
  const drawn = style.boxShadow !== 'none' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
  const inView = seen.width > 1 && seen.height > 1 && seen.bottom > 0 && seen.top < innerHeight
  return [(label || here).textContent.trim().replace(/\\s+/g, ' '), drawn && inView]
}"""


class Keyboard:
    """Somebody who uses no mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.keys = visitor, visitor.page.keyboard

    def tabs_to(self, words: str) -> None:
        """Press Tab until what starts with these words has the focus; on the way the focus can always be seen."""
        stops = []
        for _ in range(MOST_STOPS):
            self.keys.press("Tab")
            name, seen = self.visitor.page.evaluate(FOCUS)
            assert seen, f"{self.visitor.heading}: the focus on {name!r} cannot be seen"
            if name.startswith(words):
                return
            stops.append(name)
        raise AssertionError(f"{self.visitor.heading}: no way to {words!r}, only to {stops}")

    def opens(self, words: str, key: str = "Enter") -> None:
        """Go to a link or button and press it."""
        self.tabs_to(words)
        before = self.visitor.page.url, self.visitor.heading
        self.keys.press(key)
        self.visitor.page.wait_for_function("before => document.URL !== before", arg=before[0])
        self.visitor.page.wait_for_load_state()

    def types(self, label: str, text: str) -> None:
        """Go to a box and type."""
        self.tabs_to(label)
        self.keys.type(text)


def test_robin_books_moves_and_cancels_without_a_mouse(world: World, visit: Visit, javascript: bool) -> None:
    """From the front door to the cancelled appointment with Tab, Enter and Space."""
    robin = visit(javascript=javascript)
    hands = Keyboard(robin)
    robin.goes_to("/")
    signs_in(hands, world)
    books(hands, world)
    moves_and_cancels(hands, world)
    assert "This appointment was cancelled on" in robin.reads
    assert not Appointment.objects.filter(status=Appointment.Status.BOOKED).exists()


def signs_in(hands: Keyboard, world: World) -> None:
    """From the front door; the first stop is the way past the header."""
    hands.keys.press("Tab")
    assert hands.visitor.page.evaluate(FOCUS) == ["Skip to main content", True]
    hands.opens("Sign in")
    hands.types("Email address or sign-in name", world.account.email or "")
    hands.types("Password", PASSWORD)
    hands.opens("Sign in", key="Space")


def books(hands: Keyboard, world: World) -> None:
    """From the start page to the booked appointment."""
    hands.opens("Book an appointment")
    hands.opens(date_text(world.slots[6].starts_at))
    hands.opens(time_text(world.slots[6].starts_at))
    hands.opens("None of these apply: go on", key="Space")
    hands.types("What is the appointment about?", "A cough")
    hands.opens("Confirm and book")
    assert hands.visitor.heading == "Appointment booked"


def moves_and_cancels(hands: Keyboard, world: World) -> None:
    """From the booked appointment to another time, and to none."""
    hands.opens("Move or cancel this appointment")
    hands.opens("Move to another time")
    hands.opens(time_text(world.slots[1].starts_at))
    hands.opens("Confirm and move", key="Space")
    assert hands.visitor.heading == "Appointment moved"
    hands.opens("Move or cancel this appointment")
    # A link that looks like a button takes the space bar where scripts run.
    scripts = hands.visitor.page.evaluate("() => document.body.classList.contains('nhsuk-frontend-supported')")
    hands.opens("Cancel this appointment", key="Space" if scripts else "Enter")
    hands.tabs_to("I feel better")
    hands.keys.press("Space")
    hands.opens("Yes, cancel this appointment")


def test_the_skip_link_leads_past_the_header(world: World, visit: Visit, javascript: bool) -> None:
    """The first Tab offers it, Enter goes there, and the next Tab is in the page's main part."""
    robin = visit(world.account, javascript=javascript)
    robin.goes_to("/appointments/")
    hands = Keyboard(robin)
    hands.keys.press("Tab")
    assert robin.page.evaluate(FOCUS) == ["Skip to main content", True]
    hands.keys.press("Enter")
    hands.keys.press("Tab")
    assert robin.page.evaluate("() => !!document.activeElement.closest('main')")
