"""Who can sign in to the demonstration, and with what; shown on the sign-in page in demo mode only."""

from dataclasses import dataclass
from typing import Literal

from patient_online.refusals import N_

PASSWORD = "plainly-made-up-words"  # noqa: S105 - of made-up people


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody made-up who can sign in with `PASSWORD`, and what they are good for (marked for the translators)."""

    email: str
    name: str
    good_for: str
    kind: Literal["patient", "staff", "programme"]


_ALL = (
    Login("patient@example.com", "Robin Testperson", N_("Nothing is booked yet: start here"), "patient"),
    Login("busy@example.com", "Femi Whatnot", N_("Has as many appointments as the practice allows"), "patient"),
    Login("older@example.com", "Edith Onceuponatime", N_("Aged 84, signs in with printed codes"), "patient"),
    Login("parent@example.com", "Marta Makebelieve", N_("Mother of twins, has cancelled a video call"), "patient"),
    Login("looking@example.com", "Zoë O'Madeup", N_("May see appointments but not book them"), "patient"),
    Login("moved@example.com", "Gus Gonebefore", N_("Has left the practice, so cannot book"), "patient"),
    Login("unlinked@example.com", "Nobody Inparticular", N_("Is not linked to a practice yet"), "patient"),
    Login(
        "reception@example.com",
        "Rita Placeholder",
        N_("Receptionist: books for patients, marks the day, prints letters"),
        "staff",
    ),
    Login("gp@example.com", "Dr Ada Exampleby", N_("GP: the day's appointments"), "staff"),
    Login("nurse@example.com", "Bola Makeshift", N_("Practice nurse: the day's appointments"), "staff"),
    Login("dispenser@example.com", "Dev Samplemixture", N_("Dispenser: policies, but no patient so far"), "staff"),
    Login(
        "manager@example.com",
        "Margery Mockup",
        N_("Practice manager: templates, release rules, closures, policies"),
        "staff",
    ),
    Login(
        "governance@example.com",
        "Iggy Testworthy",
        N_("Information governance lead: who opened a protected record, and why"),
        "staff",
    ),
    Login("administrator@example.com", "Alma Notaperson", N_("Administrator: adds staff, sees no patient"), "staff"),
    Login("analyst@example.com", "Count Onlynumbers", N_("National programme: counts of practices"), "programme"),
)
PRINTED_CODES = "older@example.com"  # whose second step is printed codes
BY_EMAIL = {login.email: login for login in _ALL}


def logins() -> list[Login]:
    """Everybody who is shown as able to sign in: patients first, then staff."""
    return list(_ALL)
