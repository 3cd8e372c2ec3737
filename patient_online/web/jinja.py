"""The Jinja environment: NHS.UK macros, our templates, translation, and filters that write as the NHS does."""

from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from uuid import UUID

import jinja2
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, Undefined
from jinja2.exceptions import UndefinedError

from patient_online.nhs.addresses import title_cased
from patient_online.nhs.dates import date_brief, date_short, date_text, time_range_text, time_text
from patient_online.nhs.numbers import formatted
from patient_online.nhs.telephones import phone_text
from patient_online.storage.codes import grouped
from patient_online.web.components import error_list, has_errors, nhsuk_field
from patient_online.web.fields import rules_of, rules_to_quote, takes_long
from patient_online.web.qr import our_addresses, qr_code
from patient_online.web.remembered import ComponentTemplate
from patient_online.web.searches import onward
from patient_online.web.shown import ShortContext

# Asked for once a page: Django's own answer takes as long as looking up a text does.
LANGUAGE: ContextVar[str | None] = ContextVar("language", default=None)
METHODS_OF_A_DICTIONARY = frozenset(dir(dict))


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


class Environment(jinja2.Environment):
    """Jinja's environment, where a component is made once and a dictionary is asked for its keys first."""

    template_class = ComponentTemplate
    context_class = ShortContext

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What Jinja's own finds, without failing first: the macros ask dictionaries a thousand times a page."""
        if type(obj) is dict and attribute not in METHODS_OF_A_DICTIONARY:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    """Make the environment that Django renders pages with."""
    loader = ChoiceLoader([options.pop("loader"), PackageLoader("nhsuk_frontend_jinja")])
    options |= {"undefined": StrictWhenShown, "extensions": ["jinja2.ext.i18n"], "loader": loader}
    del options["autoescape"]
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, **options)
    # Not `newstyle`: it makes every text Markup, which the NHS.UK macros then show twice, as text and as HTML.
    env.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.globals["_"] = gettext  # without the detour that Jinja's own alias takes
    env.globals |= {"static": static, "url": url, "language": language, "text_direction": text_direction}
    env.globals |= {"nhsuk_field": nhsuk_field, "url_around": url_around}
    env.globals |= {"error_list": error_list, "has_errors": has_errors, "rules_of": rules_of}
    env.globals |= {"rules_to_quote": rules_to_quote, "takes_long": takes_long, "onward": onward}
    env.filters |= {
        "date_text": date_text,
        "date_short": date_short,
        "date_brief": date_brief,
        "time_text": time_text,
        "phone_text": phone_text,
    }
    env.filters |= {"our_addresses": our_addresses, "qr_code": qr_code, "grouped": grouped}
    env.filters |= {"time_range_text": time_range_text, "nhs_number_text": formatted, "title_cased": title_cased}
    return env


def gettext(message: str, **values: Any) -> str:
    """The message in the reader's language, with the values in it: `_("Version %(number)s", number=version)`."""
    text = _text(LANGUAGE.get() or translation.get_language(), message)
    return text % values if values else text


@lru_cache(maxsize=4096)
def _text(language: str | None, message: str) -> str:
    """The message in the reader's language; the catalogues do not change while the program runs."""
    return translation.gettext(message)


def ngettext(one: str, many: str, n: int, **values: Any) -> str:
    """The message for so many things in the reader's language, with the values in it."""
    return translation.ngettext(one, many, n) % {"n": n, "num": n, **values}


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page; where only ids stand in it, it is made from one that was asked for before."""
    if kwargs or not all(type(arg) is UUID for arg in args):
        return reverse(name, args=args, kwargs=kwargs)
    parts = _address(settings.ROOT_URLCONF, name, len(args))
    return parts[0] + "".join([f"{arg}{part}" for arg, part in zip(args, parts[1:], strict=True)])


def url_around(name: str) -> list[str]:
    """What stands before and after the one id in the address of a named page: for a list of hundreds of links."""
    return _address(settings.ROOT_URLCONF, name, 1)


@lru_cache(maxsize=1024)
def _address(urls: str, name: str, ids: int) -> list[str]:
    """The parts of the address of a named page that stand before, between and after its ids."""
    address, parts = reverse(name, args=[UUID(int=n) for n in range(ids)]), []
    for n in range(ids):
        part, address = address.split(str(UUID(int=n)))
        parts.append(part)
    return [*parts, address]


def language() -> str:
    """The language of the page, as HTML writes it."""
    return translation.get_language() or "en-gb"


def text_direction() -> str:
    """The way the language runs, as HTML writes it."""
    return "rtl" if translation.get_language_bidi() else "ltr"
