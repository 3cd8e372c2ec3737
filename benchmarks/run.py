"""The operations measured side by side, round after round: the product, the bare view, PostgreSQL alone."""

import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from benchmarks import alone, world
from benchmarks.load import TOO_MANY, Answers, Load, Visit, apart
from benchmarks.served import BARE, HOST, PRODUCT, ROOT, cpu_seconds, database_cpu_seconds
from benchmarks.visits import Asked, asked, bare_step_of, step_of, visits
from benchmarks.world import World

OPERATIONS = {
    "book": "booking, different slots",
    "hot": "booking, hot slots",
    "move": "moving an appointment",
    "search": "search of free slots",
    "slot": "signed-in slot page",
    "day": "day list",
}
WRITING = ("book", "hot", "move")
MOST_ASKED = 20_000
Print = Callable[[str], None]


@dataclass
class Row:
    """One round of one kind: how many a second, how long they waited (ms), and processor time for each (ms)."""

    a_second: float
    p50: float
    p95: float
    p99: float
    server_ms: float = 0.0
    database_ms: float = 0.0
    ended: dict[int, int] = field(default_factory=dict)
    wrong: int = 0


@dataclass(frozen=True)
class Plan:
    """How it is measured."""

    seconds: float
    rounds: int
    connections: int


def measure(names: list[str], plan: Plan, here: World, print_line: Print) -> dict[str, dict[str, Row]]:
    """Measure in turns, and print the table; the rows by operation and kind."""
    rows: dict[str, dict[str, list[Row]]] = {name: {"product": [], "bare": [], "alone": []} for name in names}
    for number in range(plan.rounds + 1):
        for name in names:
            for kind, one in _turn(name, plan if number else Plan(1.0, 1, plan.connections), here).items():
                if number:  # the first round only warms up
                    rows[name][kind].append(one)
    medians = {name: {kind: _median(each) for kind, each in kinds.items()} for name, kinds in rows.items()}
    _print_table(medians, print_line)
    return medians


def _turn(name: str, plan: Plan, here: World) -> dict[str, Row]:
    """One round of an operation, each kind on a world as it was made."""
    kinds: dict[str, Callable[[list[Asked]], Answers]] = {
        "product": lambda what: _product(name, what, plan),
        "bare": lambda what: _bare(name, what, plan),
        "alone": lambda what: alone.measure(name, [given for _, given in what], plan.seconds),
    }
    made: dict[str, Row] = {}
    for kind, run in kinds.items():
        what = _asked(name, here, fresh=name in WRITING or not made)
        made[kind] = _row(lambda run=run, what=what: run(what), BARE if kind == "bare" else PRODUCT)  # type: ignore[misc]
    return made


def _asked(name: str, here: World, *, fresh: bool) -> list[Asked]:
    if fresh:
        world.begin_again(here)
    appointments: dict[UUID, UUID] = world.give_everybody_one(here) if name == "move" else {}
    return list(asked(name, here, MOST_ASKED, appointments))


def _product(name: str, what: list[Asked], plan: Plan) -> Answers:
    steps = [step_of(name, visitor, given) for visitor, given in what]
    return _loaded(PRODUCT, [[step] for step in steps], plan)


def _bare(name: str, what: list[Asked], plan: Plan) -> Answers:
    return _loaded(BARE, list(visits([bare_step_of(name, given) for _, given in what])), plan)


def _loaded(port: int, all_visits: list[Visit], plan: Plan) -> Answers:
    return apart(partial(_drive, port, all_visits, plan))


def _drive(port: int, all_visits: list[Visit], plan: Plan) -> Answers:
    return Load((HOST, port)).in_turn(iter(all_visits), connections=plan.connections, seconds=plan.seconds)


def _row(run: Callable[[], Answers], port: int) -> Row:
    server, database = cpu_seconds(port), database_cpu_seconds()
    answers = run()
    server, database = cpu_seconds(port) - server, database_cpu_seconds() - database
    return row_of(answers, server, database)


def row_of(answers: Answers, server: float = 0.0, database: float = 0.0) -> Row:
    """The answers in figures; how long they took, and how many a second, of those alone that were not turned away."""
    waited = sorted(each * 1000 for _, _, status, each in answers.when if status not in TOO_MANY)
    count, cuts = max(1, len(waited)), statistics.quantiles(waited or [0.0, 0.0], n=100)
    ended: dict[int, int] = {}
    for counted in answers.ended.values():
        for status, n in counted.items():
            ended[status] = ended.get(status, 0) + n
    rate, wrong = len(waited) / answers.seconds, answers.wrong.total()
    keep(answers.first_wrong)
    return Row(rate, cuts[49], cuts[94], cuts[98], server * 1000 / count, database * 1000 / count, ended, wrong)


def keep(wrong: bytes) -> None:
    """Write down what was asked for and answered wrongly, for whoever wonders."""
    if wrong:
        (ROOT / "var" / "bench-wrong.txt").write_bytes(wrong)


def _median(rows: list[Row]) -> Row:
    names = ("a_second", "p50", "p95", "p99", "server_ms", "database_ms")
    middle: dict[str, Any] = {name: statistics.median([getattr(row, name) for row in rows]) for name in names}
    ended: dict[int, int] = {}
    for row in rows:
        for status, n in row.ended.items():
            ended[status] = ended.get(status, 0) + n
    return Row(**middle, ended=ended, wrong=sum(row.wrong for row in rows))


HEADINGS = (
    "| what | a second | p50 ms | p95 ms | p99 ms | server ms | database ms | bare view | PostgreSQL alone |"
    " of the bare view | of PostgreSQL | answers |"
)


def _print_table(rows: dict[str, dict[str, Row]], print_line: Print) -> None:
    print_line(f"{os.cpu_count()} processors, shared by server, database and load generator.\n")
    print_line(HEADINGS)
    print_line("|---" * HEADINGS.count("| ") + "|")
    for name, kinds in rows.items():
        one, bare, database = kinds["product"], kinds["bare"], kinds["alone"]
        figures = f"{one.a_second:.0f} | {one.p50:.1f} | {one.p95:.1f} | {one.p99:.1f}"
        costs = f"{one.server_ms:.2f} | {one.database_ms:.2f}"
        limits = f"{bare.a_second:.0f} | {database.a_second:.0f}"
        ratios = f"{one.a_second / bare.a_second:.2f} | {one.a_second / database.a_second:.2f}"
        ended = ", ".join(f"{status}: {n}" for status, n in sorted(one.ended.items()))
        if wrong := one.wrong + bare.wrong:
            ended += f", **{wrong} wrong (var/bench-wrong.txt)**"
        print_line(f"| {OPERATIONS[name]} | {figures} | {costs} | {limits} | {ratios} | {ended} |")
