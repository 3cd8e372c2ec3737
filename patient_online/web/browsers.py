"""Which browser on which system somebody uses, as its own line about itself tells it: good enough to know it again."""

import re

from django.utils.translation import gettext as _

# The first that fits: many name others too, to be served what those are.
BROWSERS = (
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\b(OPR|OPX|Opera)\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("DuckDuckGo", r"\b(DuckDuckGo|Ddg)/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bVersion/[\d.]+ .*Safari/"),
)
SYSTEMS = (
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Mac", r"\bMac(intosh| OS X)\b"),
    ("Linux", r"\bLinux\b"),
)


def browser_of(user_agent: str) -> str:
    """The browser and the system as they are kept: `Firefox/Windows`, with nothing where one is not known."""
    return f"{_first(BROWSERS, user_agent)}/{_first(SYSTEMS, user_agent)}" if user_agent else ""


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, sign in known if re.search(sign, user_agent[:500])), "")


def browser_text(kept: str) -> str:
    """What was kept, in words: "Firefox on Windows"."""
    browser, _slash, system = kept.partition("/")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser that we do not know")
