"""Every address of the product by its name."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

Patterns = Iterable[URLPattern | URLResolver]


def routes() -> dict[str, Callable[..., Any]]:
    """The view of every address, by the address's name with its app's."""
    return dict(_named(get_resolver().url_patterns))


def _named(patterns: Patterns, before: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _named(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else before)
        else:
            yield f"{before}{pattern.name}", pattern.callback
