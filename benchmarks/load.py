"""The load generator: one process, many kept connections, requests made ready before; it costs little itself."""

import multiprocessing
import select
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"content-length:"
CHUNK = 1 << 18
SLOWEST_SECONDS = 20.0
TOO_MANY = (429, 503)


@dataclass(frozen=True, slots=True)
class Step:
    """One request: what it is counted as, its bytes, and what a right answer holds, by its status."""

    name: str
    request: bytes
    right: Mapping[int, bytes] = field(default_factory=dict)

    def is_right(self, status: int, got: bytes) -> bool:
        """Whether the answer is one that was asked for, or says that there are too many."""
        return status in TOO_MANY or (status in self.right and self.right[status] in got)


NOTHING = Step("", b"")
Visit = Sequence[Step]


@dataclass
class Answers:
    """What came of the requests: seconds waited and how they ended, by name of step; and what was not right."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    waited: dict[str, list[float]] = field(default_factory=dict)
    ended: dict[str, Counter[int]] = field(default_factory=dict)
    wrong: Counter[str] = field(default_factory=Counter)
    first_wrong: bytes = b""
    retry_after: int = 0
    when: list[tuple[float, str, int, float]] = field(default_factory=list)

    def note(self, step: Step, status: int, waited: float, at: float) -> None:
        """Count an answer."""
        self.waited.setdefault(step.name, []).append(waited)
        self.ended.setdefault(step.name, Counter())[status] += 1
        self.when.append((at, step.name, status, waited))

    def judge(self, step: Step, status: int, got: bytes) -> None:
        """Look whether the answer is what was asked for: a page that is quick and wrong is no measure."""
        if not step.is_right(status, got):
            self.wrong[step.name] += 1
            self.first_wrong = self.first_wrong or step.request + b"\n\n" + got
        if status in TOO_MANY:
            self.retry_after += b"\r\nretry-after:" in got[:2048]

    @property
    def count(self) -> int:
        """How many answers came."""
        return len(self.when)


@dataclass(slots=True)
class Caller:
    """A connection and where it stands in its visit."""

    line: socket.socket
    visit: Iterator[Step]
    step: Step = NOTHING
    asked_at: float = 0.0
    got: bytes = b""


class Load:
    """Sends visits to a server: each connection one after another, or each visit at its time."""

    def __init__(self, address: tuple[str, int], *, details: bool = False) -> None:
        self.address, self.details = address, details
        self.poll, self.answers = select.epoll(), Answers()
        self.busy: dict[int, Caller] = {}
        self.idle: deque[socket.socket] = deque()

    def in_turn(self, visits: Iterator[Visit], *, connections: int, seconds: float) -> Answers:
        """Keep so many connections busy for so long, or until there are no more visits."""
        end = time.perf_counter() + seconds
        for _ in range(connections):
            self._next(visits, end)
        while self.busy:
            for caller in self._answered(1.0):
                self._hang_up(caller)
                self._next(visits, end)
        return self.answers

    def at_times(self, timed: Sequence[tuple[float, Visit]]) -> Answers:
        """Start each visit at its second, however the others fare; who waits for us is counted from that second."""
        began, due = time.perf_counter(), deque(timed)
        while due or self.busy:
            now = time.perf_counter()
            while due and began + due[0][0] <= now:
                at, visit = due.popleft()
                self._start(visit, began + at)
            for caller in self._answered(max(0.0, began + due[0][0] - now) if due else 1.0):
                self._hang_up(caller)
        return self.answers

    def _next(self, visits: Iterator[Visit], end: float) -> None:
        if time.perf_counter() < end and (visit := next(visits, None)) is not None:
            self._start(visit, time.perf_counter())

    def _start(self, visit: Visit, at: float) -> None:
        line = self.idle.pop() if self.idle else self._dial()
        caller = Caller(line, iter(visit))
        self.busy[line.fileno()] = caller
        self._ask(caller, at)

    def _dial(self) -> socket.socket:
        line = socket.create_connection(self.address, SLOWEST_SECONDS)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.poll.register(line.fileno(), select.EPOLLIN)
        return line

    def _ask(self, caller: Caller, at: float) -> None:
        caller.step, caller.asked_at, caller.got = next(caller.visit), at, b""
        try:
            caller.line.sendall(caller.step.request)
        except OSError:  # an idle connection that the server has closed meanwhile
            self._redial(caller)

    def _redial(self, caller: Caller) -> None:
        del self.busy[caller.line.fileno()]
        caller.line.close()
        caller.line, caller.got = self._dial(), b""
        self.busy[caller.line.fileno()] = caller
        caller.line.sendall(caller.step.request)

    def _answered(self, patience: float) -> Iterator[Caller]:
        """Those whose visit has ended; whoever has another step goes on to it."""
        for number, _ in self.poll.poll(patience):
            caller = self.busy.get(number)
            if caller is None:
                self._drop(number)
            elif self._whole(caller) and not self._goes_on(caller):
                yield caller

    def _drop(self, number: int) -> None:
        """Forget an idle connection that the server has closed."""
        self.poll.unregister(number)
        self.idle = deque(line for line in self.idle if line.fileno() != number)

    def _whole(self, caller: Caller) -> bool:
        try:
            part = caller.line.recv(CHUNK)
        except OSError:
            part = b""
        if not part:
            self._redial(caller)
            return False
        caller.got += part
        return _is_whole(caller.got)

    def _goes_on(self, caller: Caller) -> bool:
        now, step, got = time.perf_counter(), caller.step, caller.got
        status = int(got[9:12])
        self.answers.note(step, status, now - caller.asked_at, now)
        self.answers.judge(step, status, got)
        if status >= 400:  # told to come back, or that the time is gone: there is nothing to go on with
            return False
        try:
            self._ask(caller, now)
        except StopIteration:
            return False
        return True

    def _hang_up(self, caller: Caller) -> None:
        del self.busy[caller.line.fileno()]
        self.idle.append(caller.line)


def _is_whole(got: bytes) -> bool:
    end = got.find(END_OF_HEADERS)
    if end < 0:
        return False
    at = got.find(LENGTH, 0, end)
    if at < 0:
        return got[9:12] in (b"204", b"304") or got.endswith(b"0\r\n\r\n")
    return len(got) - end - 4 >= int(got[at + len(LENGTH) : got.index(b"\r\n", at)])


def apart(work: Callable[[], Answers]) -> Answers:
    """Do the work in a process of its own, so that it shares no lock with us."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_work, args=(work, theirs))
    process.start()
    theirs.close()
    answers: Answers = ours.recv()
    process.join()
    return answers


def _work(work: Callable[[], Any], to: Connection) -> None:
    began = time.perf_counter()
    answers = work()
    answers.seconds, answers.cpu_seconds = time.perf_counter() - began, time.process_time()
    to.send(answers)
