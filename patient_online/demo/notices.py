"""What the made-up practice tells its patients: a welcome, ways to reach it, and a day on which it is closed."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from patient_online.demo.ids import Ids, account_id
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.bank_holidays import next_working_day
from patient_online.nhs.dates import from_wall_clock
from patient_online.practices.models import Closure, Notice

MANAGER = account_id("manager@example.com")
CLOSED_IN = timedelta(days=34)  # after the last clinic of the made-up book
WELCOME = (
    "Welcome to Made-up Lane Surgery online.\n"
    "You can book, move and cancel appointments here at any hour. Flu vaccinations have begun: look for the flu clinic."
)
ROUTES = [
    {"for": "Appointments", "how": "01632 960 001", "when": "Monday to Friday, 8am to 6:30pm"},
    {"for": "Test results", "how": "01632 960 001", "when": "Monday to Friday, after 2pm"},
    {"for": "Nowhere Close Branch Surgery", "how": "01632 960 002", "when": "Monday to Friday, 8:30am to 12:30pm"},
]
CLOSED = "We are closed for staff training. If you need help that cannot wait, call 111."


@dataclass(frozen=True, slots=True)
class Told:
    """The texts of today, and the days on which the practice is closed."""

    notices: list[Notice]
    closures: list[Closure]


def what_is_told(today: date, ids: Ids) -> Told:
    """The first version of each text, written two weeks ago, and a day of training some weeks ahead."""
    then, day = from_wall_clock(today - timedelta(days=14), time(9)), next_working_day(today + CLOSED_IN)
    written = {"practice_id": ODS_CODE, "version": 1, "written_at": then, "written_by": MANAGER}
    entered = {"practice_id": ODS_CODE, "entered_at": then, "entered_by": MANAGER}
    return Told(
        [
            Notice(id=ids(), kind=Notice.Kind.WELCOME, text=WELCOME, **written),
            Notice(id=ids(), kind=Notice.Kind.ROUTES, routes=ROUTES, **written),
        ],
        [Closure(id=ids(), from_day=day, to_day=day, words=CLOSED, **entered)],
    )
