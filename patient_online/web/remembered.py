"""NHS.UK components whose HTML is remembered: each is a function of its parameters alone, and they are most of a page.

What somebody typed is never kept: a box is kept with a mark in the place of it. Nor are components that may tell of
somebody, unless their template says with `"shared": true` that what they show is the same for everybody.
"""

from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import Template, Undefined
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

LIBRARY = "nhsuk/"
REMEMBERED = frozenset(
    {
        *("backLink", "button", "characterCount", "checkboxes", "fieldset", "footer", "heading", "hint"),
        *("input", "label", "legend", "nhsukAttributes", "nhsukIcon", "radios", "select", "skipLink", "textarea"),
    }
)
WHERE_SHARED = frozenset({"card", "summaryList"})
BOXES = frozenset({"characterCount", "input", "textarea"})
# Of the private use area: no text of ours has it.
TYPED = "\ue0f7"
MOST = 4096
PLAIN = frozenset({str, Markup, bool, int, type(None)})

_kept: dict[Hashable, Markup] = {}


class NotToBeKept(Exception):
    """Raised for parameters that two requests cannot be known to share."""


class ComponentTemplate(Template):
    """A template whose macros, where they are components, remember what they made."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """The template as others import it. No template of ours has globals of its own, so one module serves all."""
        if self._module is None:
            module = self.make_module()
            if (self.name or "").startswith(LIBRARY):
                _remember(module)
            self._module = module
        return self._module


def _remember(module: TemplateModule) -> None:
    for name in (REMEMBERED | WHERE_SHARED) & vars(module).keys():
        setattr(module, name, remembering(name, getattr(module, name)))


def remembering(name: str, component: Callable[..., Markup]) -> Callable[..., Markup]:
    """The component, made once for the same parameters where it tells of nobody."""

    def remembered(*params: Any, **more: Any) -> Markup:
        typed, params = _typed(name, params)
        try:
            key = (name, *map(key_of, params)) if not more and _is_shared(name, params) else None
        except NotToBeKept:
            key = None
        if key is None:
            made = component(*params, **more)
        elif (kept := _kept.get(key)) is None:
            made = _keep(key, component(*params))
        else:
            made = kept
        return made if typed is None else made.replace(TYPED, typed)

    return remembered


def _typed(name: str, params: tuple[Any, ...]) -> tuple[str | None, tuple[Any, ...]]:
    """What was typed into a box, and its parameters with the mark instead; an error, which may quote it, is left."""
    first = params[0] if len(params) == 1 and name in BOXES else None
    if (
        type(first) is not dict
        or type(value := first.get("value")) not in (str, int)
        or not value
        or "errorMessage" in first
    ):
        return None, params
    return str(value), ({**first, "value": TYPED},)


def _is_shared(name: str, params: tuple[Any, ...]) -> bool:
    """Whether the parameters hold nothing of one person: no typed value, in a list what its template vouches for."""
    first = params[0] if params and type(params[0]) is dict else {}
    return (not first.get("value") or first["value"] == TYPED) and (name in REMEMBERED or bool(first.get("shared")))


def _keep(key: Hashable, made: Markup) -> Markup:
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = made
    return made


def key_of(value: Any) -> Hashable:
    """What tells these parameters from all others; raises NotToBeKept for what is neither text, number nor list."""
    kind = type(value)
    if kind in PLAIN:
        return kind, value
    if kind is dict:
        return kind, *((name, key_of(part)) for name, part in value.items())
    if kind is list:
        return kind, *map(key_of, value)
    if isinstance(value, Undefined):
        return Undefined
    raise NotToBeKept
