"""PostgreSQL alone: the same one statement from bare psycopg loops, without any server in front."""

import os
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import psycopg

from benchmarks.load import Answers, Step, apart
from benchmarks.statements import STATEMENTS

LOOPS = 8

Given = Mapping[str, Any]


def measure(name: str, given: Sequence[Given], seconds: float) -> Answers:
    """Run the statement in several processes at once; what they did, together."""
    from concurrent.futures import ThreadPoolExecutor

    parts = [given[loop::LOOPS] for loop in range(LOOPS)]
    with ThreadPoolExecutor(LOOPS) as pool:
        each = list(pool.map(lambda part: apart(partial(_loop, name, part, seconds)), parts))
    together = Answers(seconds=max(one.seconds for one in each))
    for one in each:
        together.cpu_seconds += one.cpu_seconds
        together.when += one.when
        together.waited.setdefault(name, []).extend(one.waited.get(name, []))
    return together


def _loop(name: str, given: Sequence[Given], seconds: float) -> Answers:
    answers, step = Answers(), Step(name, b"")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        cursor, end = connection.cursor(), time.perf_counter() + seconds
        for one in given:
            began = time.perf_counter()
            if began >= end:
                break
            cursor.execute(STATEMENTS[name], one, prepare=True).fetchone()
            now = time.perf_counter()
            answers.note(step, 200, now - began, now)
    return answers
