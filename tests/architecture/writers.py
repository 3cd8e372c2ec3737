"""Law 1: only `actions` write our tables. Who else may, and the check by syntax tree."""

import ast
import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from tests.architecture.sources import PACKAGE, Source, name_of

# The one list of exceptions, for the syntax tree and for the watch over the whole suite alike.
MAY_WRITE = {
    f"{PACKAGE}/storage/idempotency.py": "the key of a repeated write goes in before the action runs",
    f"{PACKAGE}/access/sessions.py": "the session store",
    f"{PACKAGE}/*/loading.py": "the importers, in bulk and as the owner",
    f"{PACKAGE}/storage/bulk.py": "their COPY, as the owner",
    f"{PACKAGE}/demo/*": "the made-up world",
}
# Whose statements write for who calls it: in an action, as the syntax tree and the watch see to.
WRITES_FOR_OTHERS = f"{PACKAGE}/storage/writing.py"
# Libraries write their own tables; one of ours is theirs to change, because it is the user model.
LIBRARIES_MAY_WRITE = {"allauth": frozenset({"identity_account"})}

# No dictionary, set or file has a method of these names.
ALWAYS = frozenset({"save", "delete", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"})
ALWAYS_TOO = frozenset({"asave", "adelete", "acreate", "aupdate", "abulk_create", "abulk_update", "aget_or_create"})
SQL = re.compile(
    r"(^|[(;]|\bAS\b)\s*(INSERT\s+INTO|UPDATE\s+(ONLY\s+)?[\"\w.{}]+\s+(AS\s+\w+\s+|\w+\s+)?SET|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE"
    r"|COPY\s+[\"\w.{}]+\s*(\([^)]*\)\s*)?FROM)\b",
    re.IGNORECASE,
)


def may_write(path: str) -> bool:
    """Whether the file at this path is an `actions` room or a named exception."""
    parts = path.removesuffix(".py").split("/")
    return parts[2:3] == ["actions"] or any(fnmatch(path, allowed) for allowed in MAY_WRITE)


def writes_outside_actions(sources: Iterable[Source]) -> list[str]:
    """Every write in a file that may not write."""
    return [
        source.at(node, f"{what} writes outside an actions room")
        for source in sources
        if not may_write(source.path) and source.path != WRITES_FOR_OTHERS
        for node, what in _writes(source.tree)
    ]


def _writes(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_write(node, node.func):
            yield node, f".{node.func.attr}()"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "insert":
            yield node, "insert()"
        elif SQL.search(_text_of(node)):
            yield node, "SQL"


def _text_of(node: ast.AST) -> str:
    """A string as it stands, or an f-string with {} for what is put into it."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part) or "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _is_write(call: ast.Call, method: ast.Attribute) -> bool:
    if method.attr in ALWAYS | ALWAYS_TOO:
        return True
    # `dict.update(other)` takes a mapping in its place; `QuerySet.update(column=…)` takes keywords alone.
    return method.attr == "update" and not call.args and name_of(method.value) != "environ"
