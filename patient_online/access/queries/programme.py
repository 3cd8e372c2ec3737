"""What the national programme sees: how many practices, never who."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from patient_online.asking import Analyst
from patient_online.nhs.services import Service
from patient_online.practices.queries import statuses_on


@dataclass(frozen=True, slots=True)
class Offered:
    """How many of all open practices have an online service, and at how many of them it is switched on."""

    service: Service
    practices: int
    available: int
    switched_on: int


def services_offered(analyst: Analyst, *, on: date) -> list[Offered]:
    """For each online service, at how many of the open practices it stands how on a day: as the returns count it."""
    found = list(statuses_on(analyst, on).values())
    counted = {service: Counter(stands[service] for stands in found) for service in Service}
    return [Offered(each, len(found), count[1] + count[2], count[2]) for each, count in counted.items()]
