"""What was decided about an online service, one decision after another: each with what it changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Made:
    """That somebody decided how a service stands from a day on, or took such a decision back."""

    at: datetime
    by: UUID | None
    from_day: date
    status: str
    ceiling: str
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A decision with how the service stood on its first day without it, and how it stands with it."""

    made: Made
    was: Made | None
    now: Made | None


def each_told(made: Iterable[Made]) -> list[Told]:
    """Tell each decision, the newest first; of several for one day each is told, with what the one before it said."""
    stands: dict[date, Made] = {}
    told = []
    for each in sorted(made, key=lambda each: each.at):
        was = _on(stands, each.from_day)
        if each.taken_back:
            stands.pop(each.from_day, None)
        else:
            stands[each.from_day] = each
        told.append(Told(each, was, _on(stands, each.from_day)))
    return told[::-1]


def _on(stands: dict[date, Made], day: date) -> Made | None:
    earlier = [from_day for from_day in stands if from_day <= day]
    return stands[max(earlier)] if earlier else None
