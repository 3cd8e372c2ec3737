"""What people could not get: counts for the practice, and why a patient can book nothing at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from patient_online.appointments.models import Appointment, UnmetDemand
from patient_online.appointments.queries.booking import has_booked
from patient_online.appointments.queries.places import BOOKED
from patient_online.appointments.rules.booking import NotBooked
from patient_online.asking import Acting, Staff, System
from patient_online.audit.queries import begun_not_done, refusals
from patient_online.nhs.dates import day_bounds
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies
from patient_online.refusals import N_, Refusal, Refused
from patient_online.storage.prepared import prepared

SEARCH_EMPTY = "search-empty"
GIVEN_UP = "booking-abandoned"
GIVEN_UP_AFTER = timedelta(hours=1)
WEEK, WEEKS = timedelta(days=7), 4
WORDS = {
    SEARCH_EMPTY: N_("A search for a free appointment found nothing"),
    GIVEN_UP: N_("A booking was begun and given up"),
}


@dataclass(frozen=True, slots=True)
class Unmet:
    """How often one thing was not to be had: in all, and in each week, the earliest first."""

    what: str
    words: str
    total: int
    weeks: tuple[int, ...]


def unmet_by_day(staff: Staff, *, until: date) -> list[tuple[date, str, int]]:
    """How often each thing was not to be had, on each day of the four weeks that end with a day, which is included."""
    rows = UnmetDemand.objects.filter(practice_id=staff.practice_id, day__gt=until - WEEKS * WEEK, day__lte=until)
    sums = rows.values("day", "what").annotate(n=Sum("count")).order_by("day", "what")
    return list(sums.values_list("day", "what", "n"))


def unmet(staff: Staff, *, until: date) -> list[Unmet]:
    """What was not to be had in the four weeks that end with a day, the most frequent first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * WEEKS)
    for day, what, n in unmet_by_day(staff, until=until):
        counts[what][WEEKS - 1 - (until - day) // WEEK] += n
    words = words_of_what(staff)
    rows = [Unmet(what, words.get(what, what), sum(weeks), tuple(weeks)) for what, weeks in counts.items()]
    return sorted(rows, key=lambda row: (-row.total, row.what))


def words_of_what(staff: Staff) -> dict[str, str]:
    """What each counted thing is called, marked for the translators: a rule by what it says to the patient."""
    return WORDS | {reason.rule: reason.words for kind in Refusal.__subclasses__() for reason in kind}


def unmet_in_the_trail(system: System, day: date) -> dict[str, int]:
    """What the trail of a day tells: refusals by rule, and people who saw the signs of an emergency and never booked.

    Somebody is counted once a day who had not booked within the hour.
    """
    since, until = day_bounds(day)
    given_up = begun_not_done(
        system,
        begun="appointment.red_flags_shown",
        done="appointment.booked",
        within=GIVEN_UP_AFTER,
        since=since,
        until=until,
    )
    return refusals(system, since=since, until=until) | ({GIVEN_UP: given_up} if given_up else {})


def why_nothing_can_be_booked(acting: Acting, *, at: datetime) -> Refused | None:
    """Why the patient can book nothing, whichever time they choose: they left, or have as many as is allowed."""
    [(left_on, died_on, number)] = _gone_or_full(acting.practice_id, acting.patient_id, at)
    if left_on or died_on:
        return Refused(NotBooked.NOT_REGISTERED)
    limit = policies(acting)["most_future_appointments"]
    if not acting.is_known:
        return Refused(NotBooked.ONLY_A_FIRST) if has_booked(acting) else None
    return Refused(NotBooked.LIMIT_REACHED, limit=limit) if number >= limit else None


@prepared
def _gone_or_full(practice_id: str, patient_id: UUID, at: datetime) -> QuerySet[Any]:
    booked = Appointment.objects.filter(BOOKED, practice=OuterRef("practice"), patient_id=OuterRef("id"))
    ahead = booked.filter(continues_id=None, slot__starts_at__gt=at).order_by().values("patient_id")
    rows = Patient.objects.annotate(ahead=Coalesce(Subquery(ahead.annotate(n=Count("id")).values("n")), 0))
    return rows.filter(practice_id=practice_id, id=patient_id).values_list("left_on", "died_on", "ahead")
