"""What stands in a form that was kept, in words: its owner reads it before it is sent, whoever typed it."""

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from inspect import unwrap
from typing import Any

from django import forms
from django.urls import Resolver404, resolve
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _

from patient_online.nhs.dates import date_text, time_text

Fields = Sequence[Sequence[str]]
UNSEEN = frozenset({"key", "seen"})  # by which a repeat and a change meanwhile are known: they say nothing
SECRET = ("password", "code", "secret", "token")
PARTS = ("_day", "_month", "_year")


def in_words(path: str, fields: Fields) -> list[tuple[str, str]]:
    """Each field's label, as on the page the form came from, and what stands in it; secrets are not shown."""
    known = _fields_of(path, {name for name, _value in fields})
    rows: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in UNSEEN and value.strip():
            whole = next((name.removesuffix(part) for part in PARTS if name.endswith(part)), name)
            field = known.get(name) or known.get(whole)
            rows.setdefault(_label(field, name if name in known else whole), []).append(_words(field, name, value))
    return [(label, " ".join(values)) for label, values in rows.items()]


def _fields_of(path: str, names: set[str]) -> dict[str, Any]:
    """The fields of that form of the page's view which has most of these names."""
    try:
        view = unwrap(resolve(path.split("?")[0]).func)
    except Resolver404:
        return {}
    around = [one for one in vars(sys.modules[view.__module__]).values() if isinstance(one, type)]
    known = [one.base_fields for one in around if issubclass(one, forms.Form)]
    return max(known, key=lambda each: len(names & set(each)), default={})


def _label(field: Any, name: str) -> str:
    return str(field.label) if field and field.label else name.replace("_", " ").replace("-", " ").capitalize()


def _words(field: Any, name: str, value: str) -> str:
    if any(sign in name for sign in SECRET):
        return _("Not shown")
    choices = dict(_flat(getattr(field, "choices", ())))
    if value in choices:
        return choices[value]
    return _("Yes") if isinstance(field, forms.BooleanField) else _moment(value) or value


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    return ((str(value), str(label)) for value, label in choices if not isinstance(label, list | tuple))


def _moment(value: str) -> str:
    """A moment that the page carried along, as people say it."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return ""
    return _("%(day)s at %(time)s") % {"day": date_text(at), "time": time_text(at)} if is_aware(at) else ""
