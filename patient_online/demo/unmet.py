"""What the patients of the made-up practice could not get in the last four weeks: counts by day, and nobody in them."""

from datetime import date, timedelta
from random import Random

from patient_online.appointments.models import UnmetDemand
from patient_online.appointments.queries.unmet import GIVEN_UP, SEARCH_EMPTY
from patient_online.appointments.rules.booking import NotBooked
from patient_online.demo.ids import Ids
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.bank_holidays import is_bank_holiday

DAYS = 28
# About how often on a working day: most at eight in the morning, when the day's appointments are soon gone.
USUAL = {
    SEARCH_EMPTY: 19,
    NotBooked.JUST_TAKEN.rule: 11,
    GIVEN_UP: 7,
    NotBooked.NOT_RELEASED.rule: 5,
    NotBooked.LIMIT_REACHED.rule: 3,
    NotBooked.TOO_SOON.rule: 2,
    NotBooked.NOT_FOR_YOU.rule: 1,
}
MONDAYS, WEEKENDS, EACH_WEEK_MORE = 1.8, 0.25, 0.12


def the_unmet(chance: Random, today: date, ids: Ids) -> list[UnmetDemand]:
    """The counts of the four weeks that end with today; of today only what is counted as it happens."""
    counted: list[UnmetDemand] = []
    for day in (today - timedelta(days=ago) for ago in reversed(range(DAYS))):
        share = _of_the_usual(day) * (1 + EACH_WEEK_MORE * (3 - (today - day).days // 7))
        for what, usual in USUAL.items():
            count = round(usual * share * chance.uniform(0.7, 1.3))
            if count and (day < today or what == SEARCH_EMPTY):
                counted.append(UnmetDemand(practice_id=ODS_CODE, id=ids(), day=day, what=what, count=count))
    return counted


def _of_the_usual(day: date) -> float:
    """How much of a working day's demand there is: more on Mondays, less when the practice is closed."""
    if day.isoweekday() > 5 or is_bank_holiday(day):
        return WEEKENDS
    return MONDAYS if day.isoweekday() == 1 else 1
