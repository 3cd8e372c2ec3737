"""Law 7: rules and `nhs/` are plain Python, and never read the clock."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.sources import PACKAGE, Source

AT_THE_GROUND = frozenset({"nhs", "refusals", "asking"})
NEVER = ("django", "psycopg", "allauth", "time", "jinja2")
ROOMS = frozenset({"models", "queries", "actions", "forms", "views", "jobs", "imports", "fhir"})
CLOCK = frozenset({"now", "utcnow", "today", "localtime", "gmtime", "monotonic", "perf_counter", "time_ns"})


def not_plain(sources: Iterable[Source]) -> list[str]:
    """Every import of a framework or of another room, and every reading of the clock, where plain Python belongs."""
    return [
        source.at(node, what)
        for source in sources
        if source.room.split("_")[0] == "rules" or source.app in AT_THE_GROUND
        for node, what in [*_imports(source.tree), *_clocks(source.tree)]
    ]


def _imports(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        for module in _modules(node):
            if module.split(".")[0] in NEVER:
                yield node, f"imports {module}"
            elif module.startswith(f"{PACKAGE}.") and ROOMS.intersection(module.split(".")[2:3]):
                yield node, f"imports the room {module}"


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _clocks(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCK:
            yield node, f"reads the clock (.{node.attr}): take at="
