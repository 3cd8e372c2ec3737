"""The Jinja environment: NHS.UK macros, our templates, translation, and filters that write as the NHS does."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, Undefined
from jinja2.exceptions import UndefinedError

from patient_online.nhs.addresses import title_cased
from patient_online.nhs.dates import date_short, date_text, time_range_text, time_text
from patient_online.nhs.numbers import formatted
from patient_online.nhs.telephones import phone_text
from patient_online.web.components import error_list, has_errors, nhsuk_field
from patient_online.web.fields import rules_of


class StrictWhenShown(ChainableUndefined):
    """What is missing may be asked for, as the NHS.UK macros do with their parameters, but is never shown in error."""

    def _show(self) -> str:
        obj: Any = self._undefined_obj
        # The macros look for optional parameters in dictionaries and strings; a variable or an object's field is ours.
        if self._undefined_name in {None, "undefined", "caller"} or _is_parameter_of_a_macro(obj):
            return ""
        raise UndefinedError(self._undefined_message)

    __str__ = __html__ = _show


def _is_parameter_of_a_macro(obj: Any) -> bool:
    return isinstance(obj, dict | str | bool | list | Undefined | None)


def environment(**options: Any) -> Environment:
    """Make the environment that Django renders pages with."""
    loader = ChoiceLoader([options.pop("loader"), PackageLoader("nhsuk_frontend_jinja")])
    options |= {"undefined": StrictWhenShown, "extensions": ["jinja2.ext.i18n"], "loader": loader}
    del options["autoescape"]
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, **options)
    # Not `newstyle`: it makes every text Markup, which the NHS.UK macros then show twice, as text and as HTML.
    env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals |= {"static": static, "url": url, "language": language, "text_direction": text_direction}
    env.globals |= {"nhsuk_field": nhsuk_field}
    env.globals |= {"error_list": error_list, "has_errors": has_errors, "rules_of": rules_of}
    env.filters |= {"date_text": date_text, "date_short": date_short, "time_text": time_text, "phone_text": phone_text}
    env.filters |= {"time_range_text": time_range_text, "nhs_number_text": formatted, "title_cased": title_cased}
    return env


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, with the values in it: `_("Version %(number)s", number=version)`."""
    return translation.gettext(message) % values if values else translation.gettext(message)


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The message for so many things in the reader's language, with the values in it."""
    return translation.ngettext(one, many, n) % {"n": n, "num": n, **values}


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page."""
    return reverse(name, args=args, kwargs=kwargs)


def language() -> str:
    """The language of the page, as HTML writes it."""
    return translation.get_language() or "en-gb"


def text_direction() -> str:
    """The way the language runs, as HTML writes it."""
    return "rtl" if translation.get_language_bidi() else "ltr"
