"""The form fields that Django does not bring: a date in three boxes, a telephone number, an idempotency key."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from patient_online.nhs.dates import BOOK_YEARS
from patient_online.refusals import Refusal, Refused
from patient_online.storage.ids import uuid7

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class TelephoneField(forms.CharField):
    """A telephone number as somebody types it; whether it is one is for the rule that uses it."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "width": "20"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 30, **kwargs})


class IdempotencyKeyField(forms.UUIDField):
    """A hidden key that a form carries, so that sending it twice has one effect.

    It outlives an attempt that could not be read; what the rules refused gets another (see `add_refusal`).
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        words = _lazy("This page did not send everything it should. Check your answers, then send it again.")
        messages = {"required": words, "invalid": words}
        super().__init__(**{"initial": uuid7, "error_messages": messages, **kwargs})


class DateParts(forms.MultiWidget):
    """Day, month and year, each in a box of its own: nobody is shut out by a date picker."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """The three parts of a date."""
        return [str(value.day), str(value.month), str(value.year)] if isinstance(value, date) else ["", "", ""]


class DateField3(forms.Field):
    """A date typed as day, month and year; an error names the parts that are wrong.

    `noun` is what the date is called in the middle of a sentence ("your date of birth"); the label begins the others,
    or what it is `called` where the label is a question.
    `years` are those that it may be in: those of an appointment book, unless told otherwise.
    """

    widget = DateParts

    def __init__(self, *, noun: str = "", called: Any = "", years: range = BOOK_YEARS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noun, self.called, self.years = noun, called, years

    def to_python(self, value: Any) -> date | None:
        """Read the date, or say which part is missing or wrong."""
        if value is None or isinstance(value, date):
            return value
        typed = dict(zip(PARTS, (str(part or "").strip() for part in value), strict=True))
        if not any(typed.values()):
            return None
        if missing := [part for part in PARTS if not typed[part]]:
            raise self._wrong(missing, _missing_text(self._name(), missing))
        return self._real(typed)

    def validate(self, value: date | None) -> None:
        """Refuse an empty date where one is needed."""
        if value is None and self.required:
            noun = self.noun or self._name()[:1].lower() + self._name()[1:]
            raise self._wrong(list(PARTS), _("Enter %(noun)s") % {"noun": noun})

    def _real(self, typed: Mapping[str, str]) -> date:
        if not (typed["year"].isdecimal() and len(typed["year"]) == 4):
            raise self._wrong(["year"], _("%(name)s: year must include 4 numbers") % {"name": self._name()})
        if int(typed["year"]) not in self.years:
            facts = {"name": self._name(), "first": self.years[0], "last": self.years[-1]}
            raise self._wrong(["year"], _("%(name)s: year must be from %(first)s to %(last)s") % facts)
        try:
            return date(int(typed["year"]), _month(typed["month"]), int(typed["day"]))
        except ValueError:
            raise self._wrong(_impossible(typed), _("%(name)s must be a real date") % {"name": self._name()}) from None

    def _name(self) -> str:
        return str(self.called or self.label or _("Date"))

    def _wrong(self, parts: list[str], message: str) -> ValidationError:
        return ValidationError(message, code="invalid", params={"parts": parts})


def _month(typed: str) -> int:
    """The month's number, from a number or an English name, whole or short."""
    return MONTHS.index(typed[:3].lower()) + 1 if typed[:3].lower() in MONTHS else int(typed)


def _impossible(typed: Mapping[str, str]) -> list[str]:
    """The parts that no date could have; all of them when each is possible but not together (31 February)."""

    def fits(text: str, highest: int) -> bool:
        return text.isdecimal() and 1 <= int(text) <= highest

    month_fits = typed["month"][:3].lower() in MONTHS or fits(typed["month"], 12)
    wrong = ([] if fits(typed["day"], 31) else ["day"]) + ([] if month_fits else ["month"])
    return wrong or list(PARTS)


def _missing_text(name: str, missing: list[str]) -> str:
    if len(missing) == 2:
        both = {"day month": _("a day and month"), "day year": _("a day and year")}
        texts = {**both, "month year": _("a month and year")}
    else:
        texts = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
    return _("%(name)s must include %(parts)s") % {"name": name, "parts": texts[" ".join(missing)]}


class Said(ValidationError):
    """Why the rules say no, as an error of a form; its code is the rule's id."""

    def __init__(self, words: str, reason: Refusal) -> None:
        super().__init__(words, code=reason.rule)
        self.reason = reason


def add_refusal(form: forms.BaseForm, refused: Refused, *, about: str | None = None, **changed: str) -> None:
    """Put on the form why the rules say no and what the person can do next; beside the field that it is `about`.

    Sent again it is another request, which may find that the reason is gone: a form with an idempotency key gets a new
    one. `changed` is what else the page shows otherwise than it was typed.
    """
    reason = refused.reason
    texts = (_(text) % refused.facts if refused.facts else _(text) for text in (reason.words, reason.next_step))
    form.add_error(about if about in form.fields else None, Said(" ".join(texts), reason))
    keys = [name for name, field in form.fields.items() if isinstance(field, IdempotencyKeyField)]
    show_instead(form, **{name: str(uuid7()) for name in keys}, **changed)


def show_instead(form: forms.BaseForm, **changed: str) -> None:
    """Let the form show these values in the place of what was sent; all else stays as it was typed."""
    sent: Any = form.data
    data = sent.copy()
    for name, value in changed.items():
        data[form.add_prefix(name)] = value
    form.data = data


def rules_of(form: forms.BaseForm) -> list[str]:
    """The ids of the rules that said no to what was sent (see `add_refusal`)."""
    return [reason.rule for reason in _said(form)]


def rules_to_quote(form: forms.BaseForm) -> list[str]:
    """Those of them that somebody may want to ask about: no mistake in what was typed."""
    return [reason.rule for reason in _said(form) if reason.quotable]


def _said(form: forms.BaseForm) -> list[Refusal]:
    return [error.reason for errors in form.errors.as_data().values() for error in errors if isinstance(error, Said)]


def takes_long(form: Any) -> bool:
    """Whether a form takes a while to fill in: it has a box for many words, or more than five fields."""
    shown = form.visible_fields() if isinstance(form, forms.BaseForm) else []
    return len(shown) > 5 or any(isinstance(bound.field.widget, forms.Textarea) for bound in shown)
