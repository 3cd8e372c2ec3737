"""May sessions be withdrawn, moved or put back? Plain Python; the clock comes in as `at`."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from patient_online.nhs.dates import local_day
from patient_online.nhs.stretches import Stretch
from patient_online.refusals import N_, Owner, Refusal

MOST_REASON_FOR_STAFF = 200
MOST_WORDS = 300
MOST_DAYS = 92
OFFERED = 3


class NotWithdrawn(Refusal):
    """Why sessions were not withdrawn, moved or put back."""

    NOTHING_THERE = (
        N_("There is nothing to come in the book that this would touch."),
        N_("Choose other days, another clinician or another site."),
        Owner.SYSTEM,
    )
    CHANGED = (
        N_("The book has changed since you looked. Nothing was done."),
        N_("Check what is shown now, then confirm again."),
        Owner.SYSTEM,
    )
    TOO_LONG = (
        N_("What you wrote is too long, or there is no reason."),
        N_("Say why in 200 characters, and the words for patients in 300."),
        Owner.PATIENT,
    )
    IN_THE_PAST = (
        N_("The new time is in the past."),
        N_("Choose a time to come."),
        Owner.PATIENT,
    )
    HAS_BEGUN = (
        N_("This session has begun, so it cannot be moved or put back as a whole."),
        N_("Withdraw what is left of it, or move each patient."),
        Owner.SYSTEM,
    )
    HAS_ARRIVED = (
        N_("Somebody has arrived for this session, so it cannot be moved as a whole."),
        N_("Move each of the other patients, or withdraw the session: who has arrived stays in it."),
        Owner.SYSTEM,
    )
    NOT_A_MINUTE = (
        N_("A session starts on a whole minute."),
        N_("Choose the time again."),
        Owner.PATIENT,
    )
    PAST_MIDNIGHT = (
        N_("This session would go on after midnight."),
        N_("Choose an earlier time."),
        Owner.PATIENT,
    )
    CLOSED = (
        N_("The practice is closed on that day."),
        N_("Choose another day, or take the closure back first."),
        Owner.PRACTICE,
    )
    SAME_PLACE = (
        N_("That is when and where the session is now."),
        N_("Choose another time, clinician or site."),
        Owner.PATIENT,
    )
    NOT_OURS = (
        N_("This clinician or site is not to be found at your practice on that day."),
        N_("Choose one from the list."),
        Owner.SYSTEM,
    )
    OVERLAPS = (
        N_("%(clinician)s has another session at that time: %(session)s."),
        N_("Choose another time or clinician, or withdraw that session first."),
        Owner.PRACTICE,
    )
    AWAY = (
        N_("%(clinician)s is away on that day."),
        N_("Choose another day or clinician, or take the absence back first."),
        Owner.PRACTICE,
    )
    AWAY_THEN = (
        N_("%(clinician)s is away on that day from %(hours)s."),
        N_("Choose another time or clinician, or take the absence back first."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be withdrawn: one session, or all from a local day to another, both included, as far as named.

    With times on the first and the last day, only what meets that stretch. `ticked` are those of the sessions that are
    meant, each with the time by the clock on the wall from which on it is withdrawn, or None for the whole of it.
    """

    first: date
    last: date
    schedule: UUID | None = None
    clinician: UUID | None = None
    site: UUID | None = None
    from_time: time | None = None
    to_time: time | None = None
    ticked: tuple[tuple[UUID, time | None], ...] | None = None

    @property
    def stretch(self) -> Stretch:
        """The time in which they lie."""
        return Stretch(self.first, self.last, self.from_time, self.to_time)

    @property
    def begins(self) -> dict[UUID, time]:
        """The time from which on a session is withdrawn, of those of which a first part stays."""
        return {session: since for session, since in self.ticked or () if since}

    @property
    def in_part(self) -> bool:
        """Whether times of a session may stay while others of it go."""
        return bool(self.begins) or (self.schedule is None and not self.stretch.whole_days)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a session is moved to."""

    starts_at: datetime
    clinician: UUID
    site: UUID


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a rule needs to know of a session and of the clinician whose it is to be; times are aware instants.

    `others` are that clinician's other sessions at that time, by name; `lasts` is how long the session is, and
    `arrived` whether somebody has arrived for it. `away_hours` says from when to when, where it is not the whole day.
    """

    starts_at: datetime
    clinician: UUID
    site: UUID
    clinician_name: str = ""
    known: bool = True
    away: bool = False
    away_hours: str = ""
    others: Sequence[str] = ()
    closed: bool = False
    lasts: timedelta = timedelta(0)
    arrived: bool = False

    @property
    def named(self) -> dict[str, str]:
        """What the words of a refusal name."""
        return {"clinician": self.clinician_name, "session": ", ".join(self.others), "hours": self.away_hours}


def why_not_say(*, reason: str, words: str) -> NotWithdrawn | None:
    """Why the reason for staff and the words for patients cannot be kept whole, or None. A reason there must be."""
    fits = 0 < len(reason.strip()) <= MOST_REASON_FOR_STAFF and len(words) <= MOST_WORDS
    return None if fits else NotWithdrawn.TOO_LONG


def why_not_move(facts: SessionFacts, to: Target, *, at: datetime) -> NotWithdrawn | None:
    """Why a session may not be moved there at this instant, or None."""
    if facts.starts_at <= at:
        return NotWithdrawn.HAS_BEGUN
    if facts.arrived:
        return NotWithdrawn.HAS_ARRIVED
    if to.starts_at <= at:
        return NotWithdrawn.IN_THE_PAST
    if (to.starts_at, to.clinician, to.site) == (facts.starts_at, facts.clinician, facts.site):
        return NotWithdrawn.SAME_PLACE
    return _why_not_then(facts, to) or _why_not_there(facts)


def why_not_put_back(facts: SessionFacts, *, at: datetime) -> NotWithdrawn | None:
    """Why what was withdrawn of a session may not be put back at this instant, or None."""
    return _why_not_there(facts)


def _why_not_then(facts: SessionFacts, to: Target) -> NotWithdrawn | None:
    """A template makes no such session either. What stands in the book already may be put back as it was."""
    if to.starts_at.second or to.starts_at.microsecond:
        return NotWithdrawn.NOT_A_MINUTE
    last = max(to.starts_at, to.starts_at + facts.lasts - timedelta.resolution)
    return None if local_day(last) == local_day(to.starts_at) else NotWithdrawn.PAST_MIDNIGHT


def _why_not_there(facts: SessionFacts) -> NotWithdrawn | None:
    if not facts.known:
        return NotWithdrawn.NOT_OURS
    if facts.closed:
        return NotWithdrawn.CLOSED
    if facts.away:
        return NotWithdrawn.AWAY_THEN if facts.away_hours else NotWithdrawn.AWAY
    return NotWithdrawn.OVERLAPS if facts.others else None


def digest(parts: Iterable[Iterable[object]]) -> str:
    """A short mark of what was shown: another one means that something in it has changed."""
    text = "\x1e".join(sorted("\x1f".join(str(each) for each in part) for part in parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def staying(rows: Collection[tuple[UUID, UUID | None, UUID, bool]]) -> set[UUID]:
    """The slots that stay in the book, because who has one of them has arrived or is in the room.

    Each row is an appointment's id, what it continues, its slot, and whether its patient was seen. An appointment whose
    first part is not among the rows has begun and goes on. Who shares a slot that stays keeps the whole appointment.
    """
    known = {None, *(id_ for id_, continues, _, _ in rows if continues is None)}
    kept = {slot for _, continues, slot, seen in rows if seen or continues not in known}
    whose: dict[UUID, set[UUID]] = defaultdict(set)
    for id_, continues, slot, _ in rows:
        whose[continues or id_].add(slot)
    while kept != (wider := kept.union(*(slots for slots in whose.values() if slots & kept))):
        kept = wider
    return kept
