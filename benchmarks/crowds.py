"""Crowds: five hundred people on forty slots in ten seconds, and five times more than can be served."""

import random
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import connections

from benchmarks import world
from benchmarks.load import TOO_MANY, Answers, Load, Step, Visit, apart
from benchmarks.run import keep, row_of
from benchmarks.served import HOST, PRODUCT
from benchmarks.visits import book, search, slot_page
from benchmarks.world import Visitor, World

Print = Callable[[str], None]
Timed = list[tuple[float, Visit]]

PEOPLE, SLOTS, WITHIN = 500, 40, 10.0
ELSEWHERE_A_SECOND = 10
TIMES_TOO_MUCH = 5
FLOOD_SECONDS, AFTER_SECONDS = 10.0, 20.0
BOOKED = """
SELECT count(*), count(DISTINCT (slot_id, seat)) FROM appointments_appointment
WHERE practice_id = %s AND slot_id = ANY(%s) AND status = 'booked'
"""


def rush(here: World, print_line: Print) -> None:
    """Measure the rush on one practice, and what the others notice of it."""
    world.begin_again(here)
    practice = here.visitors[0].practice
    wanted = [here.take(practice) for _ in range(SLOTS)]
    there = [one for one in here.near() if one.practice == practice][:PEOPLE]
    others = [one for one in here.near() if one.practice != practice]
    quiet = _run(_elsewhere(here, others, WITHIN))
    pressing = _pressing(there, [(slot, here.starts[slot]) for slot in wanted])
    both = _run(sorted(pressing + _elsewhere(here, others, WITHIN), key=lambda one: one[0]))
    seats, rows = _booked(practice, wanted)
    print_line(f"\n{len(there)} people, {SLOTS} slots, {WITHIN:.0f} s: {seats} slots booked, {rows} times.")
    _tell_rush(both, print_line)
    _tell_elsewhere(quiet, both, print_line)


def _booked(practice: str, wanted: list[UUID]) -> tuple[int, int]:
    """How many of the slots are booked, and how many appointments that is."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(BOOKED, [practice, wanted])
        rows, seats = cursor.fetchone()
    return seats, rows


def _tell_rush(both: Answers, print_line: Print) -> None:
    crowd = [one for one in both.when if one[1] != "elsewhere"]
    late = sum(waited > 1 for _, _, _, waited in crowd)
    away, pressed = sum(one[2] in TOO_MANY for one in crowd), both.ended["book"]
    told_no = pressed[409] + both.ended["slot"][409]
    print_line(
        f"{pressed[302]} were told yes and {told_no} no with other times; {away} were asked to come back, "
        f"{pressed[503]} of them when they pressed; {both.wrong.total()} wrong answers."
    )
    print_line(f"{len(crowd)} answers, the slowest after {max(one[3] for one in crowd):.2f} s, {late} after a second.")


def _tell_elsewhere(quiet: Answers, both: Answers, print_line: Print) -> None:
    before, during = _p95(quiet), _p95(both)
    away = sum(both.ended["elsewhere"][status] for status in TOO_MANY)
    print_line(
        f"Other practices' pages, p95: {before:.0f} ms before, {during:.0f} ms meanwhile ({during / before:.2f}); "
        f"{away} of {both.ended['elsewhere'].total()} were asked to come back."
    )


def _pressing(people: list[Visitor], wanted: list[tuple[UUID, str]]) -> Timed:
    """Each looks for a time, looks at one, and presses book."""
    timed: Timed = []
    for visitor in people:
        slot, starts = random.choice(wanted)  # noqa: S311 - no secret
        visit = [search(visitor), slot_page(visitor, slot, starts), book(visitor, slot, starts)]
        timed.append((random.uniform(0, WITHIN), visit))  # noqa: S311 - no secret
    return timed


def _elsewhere(here: World, others: list[Visitor], seconds: float) -> Timed:
    from dataclasses import replace

    count = int(seconds * ELSEWHERE_A_SECOND)
    pages = [page_of(here, one) for one in others[:count]]
    return [(n / ELSEWHERE_A_SECOND, [replace(page, name="elsewhere")]) for n, page in enumerate(pages)]


def page_of(here: World, visitor: Visitor) -> Step:
    """Somebody looks at a slot of their practice that nobody else is given."""
    slot = here.take(visitor.practice)
    return slot_page(visitor, slot, here.starts[slot])


def _run(timed: Timed) -> Answers:
    answers = apart(partial(_at_times, timed))
    keep(answers.first_wrong)
    return answers


def _at_times(timed: Timed) -> Answers:
    return Load((HOST, PRODUCT)).at_times(timed)


def _p95(answers: Answers) -> float:
    waited = sorted(each for _, name, status, each in answers.when if name == "elsewhere" and status not in TOO_MANY)
    return waited[int(len(waited) * 0.95)] * 1000


def flood(here: World, print_line: Print) -> None:
    """Measure what it can carry, ask for five times as much, then for half, and see how it fares."""
    world.begin_again(here)
    people = here.near()
    pages: list[Visit] = [[page_of(here, one)] for one in people]
    can = row_of(apart(partial(_in_turn, pages))).a_second
    asked = can * TIMES_TOO_MUCH
    usual = can / 2
    timed = [(n / asked, pages[n % len(pages)]) for n in range(int(asked * FLOOD_SECONDS))]
    after = [(FLOOD_SECONDS + n / usual, pages[n % len(pages)]) for n in range(int(usual * AFTER_SECONDS))]
    answers = _run(timed + after)
    _tell_flood(answers, can, asked, print_line)


def _in_turn(pages: list[Visit]) -> Answers:
    return Load((HOST, PRODUCT)).in_turn(iter(pages), connections=16, seconds=5.0)


def _tell_flood(answers: Answers, can: float, asked: float, print_line: Print) -> None:
    began = answers.when[0][0] - answers.when[0][3]
    during = [one for one in answers.when if one[0] - began < FLOOD_SECONDS]
    served, away = ([one for one in during if (one[2] == 503) is turned] for turned in (False, True))
    slowest = max(one[3] for one in answers.when)
    print_line(f"\nIt can carry {can:.0f} pages a second; {asked:.0f} a second were asked for {FLOOD_SECONDS:.0f} s:")
    print_line(
        f"{len(served) / FLOOD_SECONDS:.0f} a second were served, {len(away) / FLOOD_SECONDS:.0f} asked to come back;"
    )
    waited = sorted(one[3] for one in during)
    late = sum(each > 1 for each in waited)
    print_line(
        f"p99 {waited[int(len(waited) * 0.99)] * 1000:.0f} ms, slowest {slowest:.2f} s, {late} later than a second;"
    )
    said, wrong = answers.retry_after, answers.wrong.total()
    print_line(f"{said} of {answers.ended['slot'][503]} said when to come back; {wrong} wrong answers.")
    bad = [one[0] - began - FLOOD_SECONDS for one in answers.when if one[2] >= 500 or one[3] > 1]
    print_line(f"The last to be turned away or to wait more than a second: {max([0.0, *bad]):.1f} s after it ended.")
