"""Which release rules another one leaves without effect: it lets in everybody they do, at least as early."""

from collections.abc import Iterable
from datetime import datetime, time

from patient_online.appointments.rules.release import OLDEST, Reach, RuleFacts


def covered(new: RuleFacts, others: Iterable[RuleFacts], reach: Reach, *, at: datetime) -> bool:
    """Whether any of the other rules would no longer change anything, were the new one kept; its like is no other."""
    return any(new != old and _for_all_of(new, old) and _as_early_as(new, old, reach, at) for old in others)


def _for_all_of(new: RuleFacts, old: RuleFacts) -> bool:
    """Whether whomever the old rule is for, the new one is for too."""
    youngest = (new.least_age or 0) <= (old.least_age or 0)
    oldest = _oldest(new) >= _oldest(old)
    return new.cohort_id in (None, old.cohort_id) and new.sex in ("", old.sex) and youngest and oldest


def _oldest(rule: RuleFacts) -> int:
    return OLDEST + 1 if rule.most_age is None else rule.most_age


def _as_early_as(new: RuleFacts, old: RuleFacts, reach: Reach, at: datetime) -> bool:
    """Whether every start that the old rule lets in the new one lets in too, at every instant from now on."""
    waits = new.embargo_until if new.embargo_until and new.embargo_until > at else None
    embargo = waits is None or (old.embargo_until is not None and waits <= old.embargo_until)
    return embargo and new.notice(reach) <= old.notice(reach) and _released_as_early(new, old, reach)


def _released_as_early(new: RuleFacts, old: RuleFacts, reach: Reach) -> bool:
    if new.days_ahead is None and old.days_ahead is None:
        return True
    # The policy releases a start at its own time of day: as the new rule it may be late, as the old one early.
    return _released(new, reach, time.max) <= _released(old, reach, time.min)


def _released(rule: RuleFacts, reach: Reach, by_policy: time) -> tuple[int, time]:
    """On which day and at what time a start is released, the earliest first."""
    if rule.days_ahead is None or rule.release_time is None:
        return -reach.book_ahead_days, by_policy
    return -rule.days_ahead, rule.release_time
