"""Which NHS.UK component shows a form field, and that component's parameters."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from patient_online.web.fields import PARTS, DateParts
from patient_online.web.remembered import is_shared

Params = dict[str, Any]
Component = tuple[str, Params]


def nhsuk_field(bound: BoundField, more: Params | None = None) -> Component:
    """The macro that shows the field and its parameters; `more` adds to them or replaces them."""
    widget = bound.field.widget
    for kind, component in COMPONENTS:
        if isinstance(widget, kind):
            macro, params = component(bound)
            return macro, _joined(params, _plain(more or {})) if more else {**params, "shared": is_shared(macro, bound)}
    raise TypeError(f"No NHS.UK component shows a {type(widget).__name__}; the field {bound.name!r} has one.")


def has_errors(form: forms.BaseForm | None) -> bool:
    """Whether the form was sent and something in it has to be put right."""
    return form is not None and bool(form.errors)


def error_list(form: forms.BaseForm) -> list[Params]:
    """Everything that has to be put right, in the order of the page, each linked to its field."""
    return list(_errors_of(form))


def _errors_of(form: forms.BaseForm) -> Iterator[Params]:
    yield from ({"text": str(error)} for error in form.non_field_errors())
    yield from ({"text": text} for bound in form.hidden_fields() for text in _error_texts(bound))
    for bound in form.visible_fields():
        yield from ({"text": text, "href": f"#{_first_input(bound)}"} for text in _error_texts(bound))


def _error_texts(bound: BoundField) -> list[str]:
    """What is wrong with the field, where Django's own words do not name it in ours."""
    return [_kinder(bound, one) or str(text) for one, text in zip(bound.errors.as_data(), bound.errors, strict=True)]


def _kinder(bound: BoundField, error: ValidationError) -> str | None:
    label, widget = str(bound.label), bound.field.widget
    if error.code == "max_length" and "max_length" not in bound.field.error_messages:
        limit = (error.params or {}).get("limit_value", "")
        return _("%(label)s must be %(limit)s characters or fewer") % {"label": label, "limit": limit}
    if error.code != "required" or error.message != forms.Field.default_error_messages["required"]:
        return None
    if isinstance(widget, forms.CheckboxInput):
        return _("Tick “%(label)s” to go on") % {"label": label}
    name = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    choosing = isinstance(widget, forms.RadioSelect | forms.Select | forms.CheckboxSelectMultiple)
    return (_("Select %(label)s") if choosing else _("Enter %(label)s")) % {"label": name}


def _first_input(bound: BoundField) -> str:
    """The id of the input that the field's error is about: of a date, its first wrong part."""
    return f"{bound.auto_id}-{_wrong_parts(bound)[0]}" if isinstance(bound.field.widget, DateParts) else bound.auto_id


def _wrong_parts(bound: BoundField) -> list[str]:
    named = [part for error in bound.errors.as_data() for part in (error.params or {}).get("parts", ())]
    return named or list(PARTS)


def _joined(params: Params, more: Params) -> Params:
    """Both, where a dictionary in `more` adds to the one it meets."""
    both = {**params, **more}
    for name in params.keys() & more.keys():
        if isinstance(params[name], dict) and isinstance(more[name], dict):
            both[name] = _joined(params[name], more[name])
    return both


def _plain(value: Any) -> Any:
    """The value with late translations made now, because the macros ask whether a text is a string."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return str(value) if isinstance(value, Promise) else value


def _given(**params: Any) -> Params:
    return {name: value for name, value in params.items() if value not in (None, "", {})}


def _texts(bound: BoundField) -> Params:
    """What every component takes: the name, and hint and error where there are any."""
    return {"name": bound.html_name, **_given(hint=_plain(bound.help_text), errorMessage=_error_message(bound))}


def _error_message(bound: BoundField) -> Params:
    if not bound.errors:
        return {}
    lines = format_html_join(SafeString("<br>"), "{}", ([text] for text in _error_texts(bound)))
    return {"html": lines, "visuallyHiddenText": _("Error")}


def _box(bound: BoundField) -> Params:
    """What a component with one box to type in takes."""
    attrs, value = bound.field.widget.attrs, bound.field.widget.format_value(bound.value())
    names = ("autocomplete", "inputmode", "autocapitalize", "spellcheck", "width")
    given = _given(value=value, disabled=bound.field.disabled or None, **{name: attrs.get(name) for name in names})
    return {"label": {"text": str(bound.label)}, "id": bound.auto_id, **_texts(bound), **given}


def _hidden(bound: BoundField) -> Component:
    # A value that could not be read would fail again for ever; a fresh one lets the next attempt through.
    value = bound.initial if bound.errors else bound.value()
    return "hidden", {"name": bound.html_name, "id": bound.auto_id, "value": "" if value is None else str(value)}


def _input(bound: BoundField) -> Component:
    widget: Any = bound.field.widget
    kind = widget.attrs.get("type", widget.input_type)
    # A number box changes when somebody scrolls over it; digits in a text box do not.
    shapes: dict[str, Params] = {
        "number": {"type": "text", "inputmode": "numeric"},
        "email": {"type": "email", "inputmode": "email", "spellcheck": False, "autocapitalize": "none"},
        "tel": {"type": "tel", "inputmode": "tel"},
    }
    return "input", {**shapes.get(kind, {"type": kind}), **_box(bound)}


def _password(bound: BoundField) -> Component:
    texts = {
        "showPasswordText": _("Show"),
        "hidePasswordText": _("Hide"),
        "showPasswordAriaLabelText": _("Show password"),
        "hidePasswordAriaLabelText": _("Hide password"),
        "passwordShownAnnouncementText": _("Your password is visible"),
        "passwordHiddenAnnouncementText": _("Your password is hidden"),
    }
    # What was typed never goes back into a page.
    return "passwordInput", {**texts, **_box(bound), "value": None}


def _textarea(bound: BoundField) -> Component:
    rows = bound.field.widget.attrs.get("rows")
    params = {**_box(bound), **_given(rows=None if rows == forms.Textarea().attrs["rows"] else rows)}
    if (limit := getattr(bound.field, "max_length", None)) is None:
        return "textarea", params
    return "characterCount", {"maxlength": limit, **_counting(get_language()), **params}


@lru_cache(maxsize=64)
def _counting(language: str | None) -> Params:
    """What the character count says in the language while somebody types; looked up once."""
    return {
        "textareaDescriptionText": _("You can enter up to %{count} characters"),
        "charactersUnderLimitText": {
            "one": _("You have %{count} character remaining"),
            "other": _("You have %{count} characters remaining"),
        },
        "charactersAtLimitText": _("You have 0 characters remaining"),
        "charactersOverLimitText": {
            "one": _("You have %{count} character too many"),
            "other": _("You have %{count} characters too many"),
        },
    }


def _date(bound: BoundField) -> Component:
    value = bound.value()
    widget: Any = bound.field.widget
    typed = value if isinstance(value, list) else widget.decompress(value)
    wrong = _wrong_parts(bound) if bound.errors else []
    labels, widths = (_("Day"), _("Month"), _("Year")), (2, 2, 4)
    birthday = widget.attrs.get("autocomplete") == "bday"
    items = [
        {
            **{"id": f"{bound.auto_id}-{part}", "name": f"{bound.html_name}_{part}", "label": label, "width": width},
            **{"value": text or "", "error": part in wrong},
            **({"autocomplete": f"bday-{part}"} if birthday else {}),
        }
        for part, label, width, text in zip(PARTS, labels, widths, typed, strict=True)
    ]
    return "dateInput", {"id": bound.auto_id, "fieldset": _legend(bound), "items": items, **_texts(bound)}


def _legend(bound: BoundField) -> Params:
    return {"legend": {"text": str(bound.label)}}


def _choices(bound: BoundField) -> Iterator[tuple[str, str]]:
    widget: Any = bound.field.widget
    for value, label in widget.choices:
        if isinstance(label, list | tuple):
            yield from ((str(inner), str(text)) for inner, text in label)
        else:
            yield "" if value is None else str(value), str(label)


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    several = value if isinstance(value, list | tuple | set) else [value]
    return {str(one) for one in several if one is not None}


def _group(bound: BoundField) -> Params:
    """What a component with several inputs takes; the label is the legend around them.

    `field.choice_hints`, where a form sets it, is a dictionary of the hint under each choice.
    """
    chosen, hints = _chosen(bound), getattr(bound.field, "choice_hints", {})
    items = [
        {"value": value, "text": text, "checked": value in chosen, **_given(hint=_plain(hints.get(value)))}
        for value, text in _choices(bound)
        if value
    ]
    return {"fieldset": _legend(bound), "idPrefix": bound.auto_id, "items": items, **_texts(bound)}


def _tick(bound: BoundField) -> Component:
    """One box to tick, which is its own label."""
    item = {"value": "on", "text": str(bound.label), "checked": bool(bound.value())}
    return "checkboxes", {"idPrefix": bound.auto_id, "items": [item], **_texts(bound)}


def _select(bound: BoundField) -> Component:
    chosen = _chosen(bound) or {""}
    items = [{"value": value, "text": text, "selected": value in chosen} for value, text in _choices(bound)]
    return "select", {"label": {"text": str(bound.label)}, "id": bound.auto_id, "items": items, **_texts(bound)}


COMPONENTS: list[tuple[type[forms.Widget], Callable[[BoundField], Component]]] = [
    (forms.HiddenInput, _hidden),
    (DateParts, _date),
    (forms.PasswordInput, _password),
    (forms.Textarea, _textarea),
    (forms.CheckboxSelectMultiple, lambda bound: ("checkboxes", _group(bound))),
    (forms.RadioSelect, lambda bound: ("radios", _group(bound))),
    (forms.CheckboxInput, _tick),
    (forms.SelectMultiple, lambda bound: ("checkboxes", _group(bound))),
    (forms.Select, _select),
    *((kind, _input) for kind in (forms.TextInput, forms.EmailInput, forms.NumberInput, forms.URLInput)),
]
