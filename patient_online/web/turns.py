"""Whose turn it is: places at work that practices share, so that the crowd of one holds up nobody of another.

Each request counts towards a share (`web/shares.py`): that of a practice, or the one of all who are not known yet.
When a place falls free, it goes to the share with the fewest at work, and among those to the one whose last turn is
longest ago: who comes alone is next, however many of another practice wait. Where several practices ask, the last free
place is kept for a share that has nobody at work. When every seat is taken, the longest queue gives one up. Within a
share, who presses a button goes before who looks at a page: what somebody has begun is brought to its end first.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

Place = TypeVar("Place")
UNKNOWN = ""
LATELY_SECONDS = 10.0


class Full(Exception):
    """Raised when there is no place soon for somebody."""


@dataclass(eq=False)
class Turn(Generic[Place]):
    """Somebody's turn: they are called with a place, or sent away with none."""

    share: str
    presses: bool = False
    called: threading.Lock = field(default_factory=threading.Lock)
    place: Place | None = None

    def __post_init__(self) -> None:
        self.called.acquire()

    def call(self, place: Place | None) -> None:
        """Wake them."""
        self.place = place
        self.called.release()


class Lately:
    """Which practices have asked in the last seconds, as far as it takes to tell whether one is alone."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.last, self.other = (UNKNOWN, -LATELY_SECONDS), (UNKNOWN, -LATELY_SECONDS)

    def note(self, share: str) -> None:
        """Remember that somebody of the practice asked."""
        if share == UNKNOWN:
            return
        if share != self.last[0]:
            self.other = self.last
        self.last = share, self.clock()

    def alone(self, share: str) -> bool:
        """Whether nobody of another practice has asked lately."""
        other = self.other if self.last[0] == share else self.last
        return other[0] == UNKNOWN or self.clock() - other[1] > LATELY_SECONDS


class Places(Generic[Place]):
    """Gives places at work, and seats to those who wait for one."""

    def __init__(self, places: Collection[Place], *, seats: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.lock = threading.Lock()
        self.free, self.seats = list(places), seats
        self.queues: dict[str, deque[Turn[Place]]] = {}
        self.waiting, self.turns = 0, 0
        self.at_work: Counter[str] = Counter()
        self.last_turn: dict[str, int] = {}
        self.lately = Lately(clock)

    @contextmanager
    def taken(self, share: str, *, presses: bool = False, patience: float) -> Iterator[Place]:
        """A place for somebody of the share for a while, after so many seconds on a seat at most; raises Full."""
        one = self.come(share, presses=presses)
        if not one.called.acquire(timeout=patience):
            self.give_up(one)
        if one.place is None:
            raise Full
        try:
            yield one.place
        finally:
            self.end(one)

    def come(self, share: str, *, presses: bool = False) -> Turn[Place]:
        """Ask for a place: it is there at once, or comes with a call; raises Full when there is not even a seat."""
        with self.lock:
            self.lately.note(share)
            one: Turn[Place] = Turn(share, presses)
            if self.free and share not in self.queues and self._may_begin(share):
                self._begin(one)
            else:
                self._sit(one)
            return one

    def give_up(self, one: Turn[Place]) -> None:
        """Wait no longer, unless called or sent away at the last moment."""
        with self.lock, suppress(ValueError):
            self._leave(one)

    def end(self, one: Turn[Place]) -> None:
        """Give somebody's place back, and call whoever is next."""
        with self.lock:
            self.free.append(cast(Place, one.place))
            self.at_work[one.share] -= 1
            if not self.at_work[one.share]:
                del self.at_work[one.share]
            while self.free and (share := self._next()) is not None:
                called = self.queues[share][0]
                self._leave(called)
                self._begin(called)

    def _begin(self, one: Turn[Place]) -> None:
        self.turns += 1
        self.last_turn[one.share] = self.turns
        self.at_work[one.share] += 1
        one.call(self.free.pop())

    def _may_begin(self, share: str) -> bool:
        """Whether a free place is for this share: the last one is kept for a share that has nobody at work."""
        return len(self.free) > 1 or not self.at_work[share] or self.lately.alone(share)

    def _next(self) -> str | None:
        """The share whose turn it is among those who wait and may begin."""
        waiting = [share for share in self.queues if self._may_begin(share)]
        return min(waiting, key=lambda share: (self.at_work[share], self.last_turn.get(share, 0)), default=None)

    def _sit(self, one: Turn[Place]) -> None:
        if self.waiting >= self.seats:
            self._make_room_for(one)
        queue = self.queues.setdefault(one.share, deque())
        queue.insert(sum(each.presses for each in queue) if one.presses else len(queue), one)
        self.waiting += 1

    def _make_room_for(self, one: Turn[Place]) -> None:
        """Send away the last of the longest queue, or raise Full when that would be who has just come."""
        longest = max(self.queues.values(), key=len, default=deque[Turn[Place]]())
        mine = self.queues.get(one.share, deque())
        if not longest or (len(longest) <= len(mine) + 1 and not self._goes_before(one, longest[-1])):
            raise Full
        last = longest[-1]
        self._leave(last)
        last.call(None)

    @staticmethod
    def _goes_before(one: Turn[Place], last: Turn[Place]) -> bool:
        return one.share == last.share and one.presses and not last.presses

    def _leave(self, one: Turn[Place]) -> None:
        """Take somebody off their seat; ValueError when they have left already."""
        queue = self.queues.get(one.share, deque())
        queue.remove(one)
        self.waiting -= 1
        if not queue:
            del self.queues[one.share]
