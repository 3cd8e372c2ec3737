"""Stretches of days and parts of days, by the clock on the wall: a closure from 12:30pm, a week away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from patient_online.nhs.dates import LONDON, time_range_text


@dataclass(frozen=True, slots=True)
class Stretch:
    """From a day to a day, both included; a time on the first begins it later, one on the last ends it sooner."""

    first: date
    last: date
    starts: time | None = None
    ends: time | None = None

    @property
    def whole_days(self) -> bool:
        """Whether it takes in the whole of each of its days."""
        return self.starts is None and self.ends is None

    @property
    def in_order(self) -> bool:
        """Whether it ends after it begins."""
        begins, over = self._on_the_wall
        return begins < over

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """The instant at which it begins, and the first at which it is over."""
        begins, over = self._on_the_wall
        return begins.astimezone(UTC), over.astimezone(UTC)

    def hours_on(self, day: date) -> str:
        """From when to when on one of its days, such as `midnight to 10am`; empty where it is the whole day."""
        starts, ends = self.starts if day == self.first else None, self.ends if day == self.last else None
        return time_range_text(starts or time(), ends or time()) if starts or ends else ""

    @property
    def asked(self) -> dict[str, str]:
        """The same for an address: `from` and `to` as days, `from_time` and `to_time` where there are any."""
        days = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        times = {"from_time": self.starts, "to_time": self.ends}
        return days | {name: f"{each:%H:%M}" for name, each in times.items() if each}

    @property
    def _on_the_wall(self) -> tuple[datetime, datetime]:
        """The same by the clock on the wall; a time that the clocks skip stands for the one an hour later."""
        begins = datetime.combine(self.first, self.starts or time(), LONDON)
        if self.ends:
            return begins, datetime.combine(self.last, self.ends, LONDON)
        return begins, datetime.combine(self.last + timedelta(days=1), time(), LONDON)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether it has an instant in common with what lasts from one to another; what only touches has none."""
        begins, over = self.instants
        return begins < ends_at and over > starts_at

    def covers(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether all from one instant to another lies in it."""
        begins, over = self.instants
        return begins <= starts_at and ends_at <= over


def stretch_of(given: Mapping[str, Any] | object) -> Stretch:
    """The stretch of whatever has the days `from_day` and `to_day`, and the times `from_time` and `to_time` or None."""
    names = ("from_day", "to_day", "from_time", "to_time")
    known = given if isinstance(given, Mapping) else {name: getattr(given, name) for name in names}
    return Stretch(*(known.get(name) for name in names))  # type: ignore[arg-type]
