"""Which measurements there are, and on which world."""

import argparse
from collections.abc import Callable

from benchmarks import crowds, run, world
from benchmarks.served import served

SMALL, LARGE = (10, 1000), (1000, 1000)
CROWDS = {"rush": crowds.rush, "flood": crowds.flood}


def measure(given: argparse.Namespace, print_line: Callable[[str], None]) -> None:
    """Make the world, serve it, measure what was asked for."""
    names = given.names or [*run.OPERATIONS, *CROWDS]
    practices, patients_each = LARGE if given.large else SMALL
    here = world.make(practices, patients_each)
    print_line(f"{practices * patients_each:,} patients and {2 * practices * patients_each:,} slots.")
    plan = run.Plan(given.seconds, given.rounds, given.connections)
    with served(given.serve.split()):
        if operations := [name for name in run.OPERATIONS if name in names]:
            run.measure(operations, plan, here, print_line)
        for name in names:
            if name in CROWDS:
                CROWDS[name](here, print_line)
