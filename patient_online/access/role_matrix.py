"""Who may open which page and do which thing, by role: read from the code itself, so that it cannot be out of date.

A page says it with its audience. An action says it with the roles that it names in a call (`by.require(…)`), in its own
words or in those of the functions that it calls; they are read where they stand.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

import patient_online
from patient_online.asking import Role
from patient_online.web.audiences import audience_of


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the practice: its address, its name, what it does, and for which roles."""

    address: str
    name: str
    what: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can happen and that staff may do: its name in the trail, what it does, and for which roles."""

    event: str
    what: str
    roles: frozenset[Role]


def practice_pages() -> list[Page]:
    """Every page for staff, in the order of addresses."""
    found = [
        Page(address, name, _first_line(view), frozenset(view.roles))
        for address, name, view in _addresses(get_resolver().url_patterns)
        if audience_of(view) == "practice"
    ]
    return sorted(found, key=lambda page: page.address)


def _addresses(patterns: Iterable[Any], address: str = "/", before: str = "") -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else before
            yield from _addresses(pattern.url_patterns, f"{address}{pattern.pattern}", space)
        elif isinstance(pattern, URLPattern):
            yield f"{address}{pattern.pattern}", f"{before}{pattern.name}", pattern.callback


def deeds() -> list[Deed]:
    """Every action that staff may do, in the order of its name."""
    return sorted((Deed(*each) for each in _actions()), key=lambda deed: (deed.event, deed.what))


def _actions() -> Iterator[tuple[str, str, frozenset[Role]]]:
    for module in _modules():
        for function in vars(module).values():
            if getattr(function, "__module__", "") == module.__name__ and hasattr(function, "event"):
                plain = inspect.unwrap(function)
                if "Staff" in str(inspect.get_annotations(plain).get("by", "")):
                    yield function.event, _first_line(function), frozenset(_required(plain, module, set()))


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(patient_online.__path__, "patient_online."):
        if "actions" in found.name.split(".") and ".tests" not in found.name:
            yield importlib.import_module(found.name)


def _required(function: Callable[..., Any], module: ModuleType, seen: set[str]) -> Iterator[Role]:
    """The roles that the function asks for, and those that the module's functions that it calls ask for."""
    seen.add(function.__name__)
    for call in ast.walk(ast.parse(inspect.getsource(function))):
        if not isinstance(call, ast.Call):
            continue
        yield from _roles_in(call, module)
        if isinstance(call.func, ast.Name) and call.func.id not in seen:
            called = inspect.unwrap(getattr(module, call.func.id, None) or object)
            if inspect.isfunction(called) and called.__module__.startswith("patient_online."):
                yield from _required(called, importlib.import_module(called.__module__), seen)


def _roles_in(call: ast.Call, module: ModuleType) -> Iterator[Role]:
    for argument in call.args:
        given = argument.value if isinstance(argument, ast.Starred) else argument
        value = _value(given, module)
        named = value if isinstance(value, (tuple, list, set, frozenset)) else [value]
        yield from (each for each in named if isinstance(each, Role))


def _value(node: ast.expr, module: ModuleType) -> Any:
    """What a name, or a name of something named, stands for in the module; nothing for what only a call knows."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, ())
    if isinstance(node, ast.Attribute):
        return getattr(_value(node.value, module), node.attr, ())
    return ()


def _first_line(function: Any) -> str:
    return (inspect.getdoc(function) or "").split("\n")[0]


def matrix() -> str:
    """The whole of docs/roles.md."""
    pages = [(f"`{page.address}`", page.what, page.roles) for page in practice_pages()]
    done = [(f"`{deed.event}`", deed.what, deed.roles) for deed in deeds()]
    head = (
        "# Roles\n\nWho may open which page and do which thing at a practice. Made from the code by"
        " `manage.py role_matrix`; a test holds it to be so.\nThe national programme's people see counts of practices"
        " at `/programme`, and no page of a practice. Whoever has several roles may do what each may.\n"
    )
    return "\n".join(
        [head, "## Pages\n", *_table("Page", pages), "\n## What can be done\n", *_table("In the trail", done), ""]
    )


def _table(first: str, rows: Iterable[tuple[str, str, frozenset[Role]]]) -> Iterator[str]:
    roles = list(Role)
    yield f"| {first} | | {' | '.join(role.value for role in roles)} |"
    yield f"|---|---|{'---|' * len(roles)}"
    for name, what, allowed in rows:
        yield f"| {name} | {what} | {' | '.join('yes' if role in allowed else '' for role in roles)} |"
