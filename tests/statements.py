"""Counting the SQL statements that a page or an action costs: all but those that begin, end and mark transactions."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

AROUND = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that this thread's connection of the application's role runs meanwhile, in their order."""
    made: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not AROUND.match(str(sql)):
            made.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield made


def shapes(made: list[str]) -> list[str]:
    """The statements without the values that stand in their text: names of savepoints and of what is prepared."""
    return [re.sub(r"'[^']*'", "?", each) for each in made]
