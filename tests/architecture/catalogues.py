"""What the translators see: every message that Babel finds, as `make check` has it extract them."""

import tomllib
from typing import Any

from babel.messages.extract import extract_from_dir

from tests.architecture.sources import ROOT


def settings() -> dict[str, Any]:
    """The Babel section of pyproject.toml."""
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"])


def messages() -> set[str]:
    """Every message of the product, plurals by their first form."""
    mappings = settings()["mappings"]
    methods = [(each["pattern"], each["method"]) for each in mappings]
    options = {each["pattern"]: {name: str(value) for name, value in each.items()} for each in mappings}
    keywords: dict[str, Any] = {"N_": None, "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}
    found = extract_from_dir(str(ROOT), methods, options, keywords)
    return {text[0] if isinstance(text, tuple) else text for _file, _line, text, _comments, _context in found}
