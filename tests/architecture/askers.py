"""Laws 2 and 3: views ask `queries`, and every query and action is told who asks."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Source, functions

NAMES = frozenset({"acting", "staff", "analyst", "client", "system", "anyone", "asker", "holder"})
TYPES = frozenset(
    {"Acting", "Staff", "AccountHolder", "Analyst", "Client", "System", "Anyone", "Asker", "LinkHolder", "None"}
)
# These tell who is asking, so nobody can be asking yet.
TELL_WHO_ASKS = frozenset({"access.who_is_asking", "access.who_has"})
TO_THE_DATABASE = frozenset({"objects", "_default_manager", "_base_manager", "cursor"})


def views_at_the_database(sources: Iterable[Source]) -> list[str]:
    """Every place where a view goes to the database itself."""
    return [
        source.at(node, f"a view says .{node.attr}: ask queries")
        for source in sources
        if source.room == "views"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in TO_THE_DATABASE
    ]


def queries_not_told_who_asks(sources: Iterable[Source]) -> list[str]:
    """Every public query whose first argument is not who asks, by name and by type."""
    return [
        source.at(function, f"the first argument of {function.name} is not who asks")
        for source in sources
        if source.room == "queries"
        for function in _public(source.tree)
        if f"{source.app}.{function.name}" not in TELL_WHO_ASKS and not _told_first(function)
    ]


def actions_not_told_by_whom(sources: Iterable[Source]) -> list[str]:
    """Every public function of an actions room without the keywords `by`, of an asker's type, and `at`.

    Audit's own, which every action calls, take them too; `action` and `record_account` stand below who asks.
    """
    below = {"audit.action", "audit.record_account"}
    return [
        source.at(function, f"{function.name} does not take by= (who asks) and at= as keywords")
        for source in sources
        if source.room == "actions"
        for function in _public(source.tree)
        if f"{source.app}.{function.name}" not in below and not _told_by(function)
    ]


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    outermost = {id(node) for node in tree.body}
    return (each for each in functions(tree) if id(each) in outermost and not each.name.startswith("_"))


def _told_first(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    positional = [*function.args.posonlyargs, *function.args.args]
    return bool(positional) and positional[0].arg in NAMES and _is_asker(positional[0])


def _told_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    given = {argument.arg: argument for argument in function.args.kwonlyargs}
    return "by" in given and "at" in given and _is_asker(given["by"])


def _is_asker(argument: ast.arg) -> bool:
    if argument.annotation is None:
        return False
    names = {node.id for node in ast.walk(argument.annotation) if isinstance(node, ast.Name)}
    return bool(names) and names <= TYPES
