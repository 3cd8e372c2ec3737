"""How long things may be: a function 30 lines, a file 250, a template 60."""

from collections.abc import Iterable

from tests.architecture.sources import Source, functions

MOST_OF_A_FUNCTION = 30
MOST_OF_A_FILE = 250
MOST_OF_A_TEMPLATE = 60
# Path, or path::function, and why it may be longer.
MAY_BE_LONGER: dict[str, str] = {}


def too_long(sources: Iterable[Source]) -> list[str]:
    """Every Python file of 250 lines or more, and every function of more than 30."""
    found = []
    for source in sources:
        if (lines := source.text.count("\n")) >= MOST_OF_A_FILE and source.path not in MAY_BE_LONGER:
            found.append(f"{source.path}: {lines} lines")
        for function in functions(source.tree):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > MOST_OF_A_FUNCTION and f"{source.path}::{function.name}" not in MAY_BE_LONGER:
                found.append(source.at(function, f"{function.name} has {lines} lines"))
    return found


def templates_too_long(sources: Iterable[Source]) -> list[str]:
    """Every template of 60 lines or more."""
    counted = {source.path: source.text.count("\n") for source in sources}
    return [
        f"{path}: {n} lines" for path, n in counted.items() if n >= MOST_OF_A_TEMPLATE and path not in MAY_BE_LONGER
    ]
