"""May one more slot be added to a session? Plain Python over facts; the clock comes in as `at`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from patient_online.appointments.rules.sessions import Busy
from patient_online.appointments.rules.templates import LONGEST_SESSION, NotMade
from patient_online.nhs.appointments import NationalCategory
from patient_online.nhs.dates import local_day
from patient_online.refusals import N_, Owner, Refusal

MOST_MINUTES_OF_A_SLOT = 120
Times = tuple[datetime, datetime]


class NotOneMore(Refusal):
    """Why no slot was added to a session."""

    SESSION_WITHDRAWN = (
        N_("This session has been withdrawn from the book."),
        N_("Put it back first, or add the slot to another session."),
        Owner.PRACTICE,
    )
    SESSION_IS_OVER = (
        N_("The day of this session is over."),
        N_("Add the slot to a session of today or later."),
        Owner.SYSTEM,
    )
    SLOT_THEN = (
        N_("%(clinician)s has a slot at this time already: %(times)s."),
        N_("Choose a free time. To see two patients at one time, add an extra appointment to that slot instead."),
        Owner.SYSTEM,
    )
    OTHER_SESSION = (
        N_("%(clinician)s has another session then: “%(session)s”, %(times)s."),
        N_("Choose another time, or add the slot to that session."),
        Owner.SYSTEM,
    )
    NO_CATEGORY = (
        N_("“%(kind)s” has no national category, so what is booked in it would not be counted."),
        N_("Choose another kind of slot, or give this one its category at “Words for appointments”."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class OneMoreFacts:
    """What the rule judges: the slot that is wanted, its session, and what else the clinician has on that day.

    `counted` tells that the kind of slot has a national category, `worded` that it may go online.
    """

    starts_at: datetime
    ends_at: datetime
    session: Busy
    withdrawn: bool
    counted: bool
    worded: bool
    online: bool
    closed: bool
    away: bool
    away_hours: str
    slots: Sequence[Times] = ()
    others: Sequence[Busy] = ()

    @property
    def whole(self) -> Times:
        """From when to when the session lasts with the slot in it."""
        return min(self.session.starts_at, self.starts_at), max(self.session.ends_at, self.ends_at)

    @property
    def slot_then(self) -> Times | None:
        """The first slot that overlaps the one that is wanted."""
        return next(((since, until) for since, until in self.slots if self._meets(since, until)), None)

    @property
    def other_session(self) -> Busy | None:
        """The first session of the clinician that this one would meet with the slot in it."""
        since, until = self.whole
        return next((each for each in self.others if each.starts_at < until and each.ends_at > since), None)

    def _meets(self, since: datetime, until: datetime) -> bool:
        return since < self.ends_at and until > self.starts_at


def is_counted(category: str) -> bool:
    """Whether what is booked in a kind of slot with this national category is counted in the national figures."""
    return bool(category) and NationalCategory(category).is_mapped


def room_in(session: Times, slots: Sequence[Times]) -> list[Times]:
    """The stretches of a session in which it has no slot; the slots come in their order."""
    ends = [session[0], *(until for _since, until in slots)]
    starts = [*(since for since, _until in slots), session[1]]
    return [(since, until) for since, until in zip(ends, starts, strict=True) if since < until]


def why_not_one_more(facts: OneMoreFacts, *, at: datetime) -> Refusal | None:
    """Why the slot cannot be added, or None. Until its day is over, a time that has been is written down afterwards."""
    since, until = facts.whole
    day = local_day(facts.session.starts_at)
    reasons: list[tuple[object, Refusal]] = [
        (facts.withdrawn, NotOneMore.SESSION_WITHDRAWN),
        (day < local_day(at), NotOneMore.SESSION_IS_OVER),
        (not facts.counted, NotOneMore.NO_CATEGORY),
        (facts.online and not facts.worded, NotMade.NO_WORDS),
        (local_day(facts.ends_at - timedelta.resolution) != day, NotMade.PAST_MIDNIGHT),
        (facts.closed, NotMade.CLOSED),
        (facts.away and facts.away_hours, NotMade.AWAY_THEN),
        (facts.away, NotMade.AWAY),
        (facts.slot_then, NotOneMore.SLOT_THEN),
        (facts.other_session, NotOneMore.OTHER_SESSION),
        (until - since > timedelta(minutes=LONGEST_SESSION), NotMade.TOO_LONG),
    ]
    return next((reason for holds, reason in reasons if holds), None)
