"""NHS.UK components whose HTML is remembered: each is a function of its parameters alone, and they are most of a page.

What may tell of somebody is not kept: only what says with `"shared": true` that its words are the same for everybody
who may see it. Form fields say so by themselves while they are as their form declares them (`components.nhsuk_field`).
Buttons and the like are kept unless they say `"shared": false`. What somebody typed is never kept: a box is kept with
a mark in the place of it, and nothing is with an error, which may quote it.
"""

from collections.abc import Callable, Hashable
from types import CodeType
from typing import Any

from django.forms.boundfield import BoundField
from jinja2 import Environment, Template, Undefined
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from patient_online.web.shown import escape

LIBRARY = "nhsuk/"
REMEMBERED = frozenset({"backLink", "button", "footer", "nhsukIcon", "skipLink"})
WHERE_SHARED = frozenset(
    {
        *("card", "characterCount", "checkboxes", "dateInput", "fieldset", "heading", "hint", "input", "label"),
        *("legend", "nhsukAttributes", "radios", "select", "summaryList", "textarea"),
    }
)
BOXES = frozenset({"characterCount", "input", "textarea"})
CHOICES = frozenset({"checkboxes", "radios", "select"})
# Attributes of which none says anything of anybody.
SAY_NOTHING = frozenset({"class", "data-module", "dir", "id"})
# Of the private use area: no text of ours has it.
TYPED = "\ue0f7"
MOST = 4096
PLAIN = frozenset({str, Markup, bool, int, type(None)})

_kept: dict[Hashable, Markup] = {}


class NotToBeKept(Exception):
    """Raised for parameters that two requests cannot be known to share."""


class ComponentTemplate(Template):
    """A template whose macros, where they are components, remember what they made."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, *more: Any, **named: Any) -> Template:
        """The template, which shows values by our `escape`."""
        template = super().from_code(environment, code, *more, **named)
        template.root_render_func.__globals__["escape"] = escape
        return template

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
    """Whether the parameters hold nothing of one person: nothing typed, and no words that may be of somebody."""
    first = params[0] if params and type(params[0]) is dict else {}
    if first.get("errorMessage") or first.get("value", TYPED) not in ("", None, TYPED):
        return False
    structural = name == "nhsukAttributes" and bool(first) and first.keys() <= SAY_NOTHING
    says_nothing = structural or not any(params)
    return bool(first.get("shared", name in REMEMBERED or says_nothing))


def _keep(key: Hashable, made: Markup) -> Markup:
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = made
    return made


def is_shared(component: str, bound: BoundField) -> bool:
    """Whether a field shows but the words that its form declares for everybody: none were given for this request."""
    field, declared = bound.field, getattr(bound.form, "base_fields", {}).get(bound.name)
    return (
        component in BOXES | CHOICES
        and declared is not None
        and field.label is declared.label
        and field.help_text is declared.help_text
        and not hasattr(field, "choice_hints")
        and list(getattr(field.widget, "choices", ())) == list(getattr(declared.widget, "choices", ()))
    )


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
