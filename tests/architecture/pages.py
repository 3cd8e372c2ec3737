"""Law 4: every address says who its page is for, and shows a page of ours."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.template.loader import get_template
from django.urls import URLPattern, URLResolver
from jinja2.exceptions import TemplateNotFound

from patient_online.web.audiences import AUDIENCES, audience_of
from tests.architecture.sources import PACKAGE, ROOT

Patterns = Iterable[URLPattern | URLResolver]


def every_address(patterns: Patterns, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Each address with its view."""
    for pattern in patterns:
        address = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from every_address(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def for_nobody(patterns: Patterns) -> list[str]:
    """Every address whose view has not said who it is for."""
    return [f"/{address}: for whom?" for address, view in every_address(patterns) if audience_of(view) not in AUDIENCES]


def included_from_libraries(patterns: Patterns) -> list[str]:
    """Every `include` of addresses that are not listed one by one in ours."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            name = getattr(pattern.urlconf_module, "__name__", "")
            found += [f"/{pattern.pattern}: includes {name or 'a list'}"] if not _is_ours(name) else []
            found += included_from_libraries(pattern.url_patterns)
    return found


def without_our_look(patterns: Patterns) -> list[str]:
    """Every view of a library that would show a page that is not ours."""
    return [
        f"/{address}: {view.__module__}.{getattr(view, '__name__', view)} has no template of ours"
        for address, view in every_address(patterns)
        if not _is_ours(view.__module__) and not _has_our_template(view)
    ]


def _is_ours(module: str) -> bool:
    return module == PACKAGE or module.startswith((f"{PACKAGE}.", "tests."))


def _has_our_template(view: Callable[..., Any]) -> bool:
    name = getattr(getattr(view, "view_class", None), "template_name", None)
    try:
        origin = get_template(name).origin.name if name else ""  # type: ignore[attr-defined]
    except TemplateNotFound:
        return False
    return bool(origin) and Path(origin).is_relative_to(ROOT / PACKAGE)
