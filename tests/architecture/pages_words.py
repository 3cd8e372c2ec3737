"""Law 8 in templates: every text that a person reads goes through the catalogues."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from tests.architecture.sources import Source

LETTERS = re.compile(r"[^\W\d_]{2,}")
# A name is the same in every language.
NAMES = ("Patient Online",)
READ_ALOUD = frozenset({"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription"})
TEXT_KEYS = re.compile(r"(text|html|label|legend|heading|title|hint|caption|message|description)s?$", re.IGNORECASE)
SENTENCE = re.compile(r"[A-Z][a-z]+\b")
TRANSLATED = frozenset({"_", "gettext", "ngettext", "pgettext", "npgettext"})
JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def untranslated_in_templates(sources: Iterable[Source]) -> list[str]:
    """Every text in a template that no translator will see."""
    return [
        f"{source.path}: {text!r} is not in the catalogues"
        for source in sources
        for text in [*_Reader().read(_html_of(source.text)), *_given_to_macros(source.text)]
    ]


def _html_of(template: str) -> str:
    """What the template shows of its own: its HTML, with the strings that it shows untranslated."""
    html, expression, shows, in_trans = "", "", False, False
    for _line, kind, value in JINJA.lex(template):
        if kind in ("variable_begin", "variable_end"):
            html, expression = html + _shown(expression), ""
            shows = kind == "variable_begin"
        elif shows:
            expression += value
        elif kind == "name" and value in ("trans", "endtrans"):
            in_trans = value == "trans"
        elif kind == "data" and not in_trans:
            html += value
    return html


def _shown(expression: str) -> str:
    """The strings that an expression may show as they are: `x or "Hello"`, `"Yes" if y`."""
    shown = JINJA.parse("{{" + expression + "}}").find_all(nodes.Output) if expression else ()
    return " ".join(text for output in shown for each in output.nodes for text in _constants(each))


def _given_to_macros(template: str) -> Iterator[str]:
    """The texts in a component's dictionary, among a macro's arguments, and in a variable that is named as a text."""
    tree = JINJA.parse(template)
    named: list[tuple[str, nodes.Node]] = [(_name(pair.key), pair.value) for pair in tree.find_all(nodes.Pair)]
    named += [(keyword.key, keyword.value) for keyword in tree.find_all(nodes.Keyword)]
    named += [(_name(assign.target), assign.node) for assign in tree.find_all(nodes.Assign)]
    for name, value in named:
        if TEXT_KEYS.search(name):
            yield from (text for text in _constants(value) if _is_words(text))
    for call in tree.find_all(nodes.Call):
        if _name(call.node) not in TRANSLATED:
            yield from (text for value in call.args for text in _constants(value) if SENTENCE.match(text))


def _name(node: nodes.Node) -> str:
    return str(getattr(node, "value", getattr(node, "name", "")))


def _constants(node: nodes.Node) -> Iterator[str]:
    """The strings that an expression may come to; not those of a translation, a filter's arguments or a macro."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        for branch in (node.expr1, node.expr2):
            yield from _constants(branch) if branch else ()
    elif isinstance(node, nodes.Filter) and node.node is not None:
        yield from _constants(node.node)
    elif isinstance(node, nodes.Or | nodes.Add | nodes.Concat):
        for child in node.iter_child_nodes():
            yield from _constants(child)


def _is_words(text: str) -> bool:
    for name in NAMES:
        text = text.replace(name, "")
    return bool(LETTERS.search(re.sub(r"<[^>]*>", "", text)))


class _Reader(HTMLParser):
    """Reads a page as a person does, or a program that reads it aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def read(self, html: str) -> list[str]:
        """The words found."""
        self.feed(html)
        self.close()
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes that are read aloud; be silent in what is not shown."""
        self.silent += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in READ_ALOUD and value and _is_words(value)]

    def handle_endtag(self, tag: str) -> None:
        """Come back from what is not shown."""
        self.silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        """Keep what has words."""
        if not self.silent and _is_words(data):
            self.found.append(data.strip())
