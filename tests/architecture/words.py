"""Law 8 in Python: labels, hints, errors, choices, titles and refusals go through the catalogues."""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.sources import Source, name_of

LETTERS = re.compile(r"[^\W\d_]{2,}")
MARKS = frozenset({"_", "N_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"})
SHOWN_ARGUMENTS = frozenset(
    {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "title", "noun"}
)
SHOWN_KEYS = frozenset({"title", "heading", "button", "text", "label", "hint", "happened", "next_step"})
MEMBERS_ARE_WORDS = frozenset({"TextChoices", "IntegerChoices", "Refusal"})
ROOMS_FOR_PEOPLE = frozenset({"views", "forms", "fields", "audiences", "middleware", "components", "page"})
# Made-up people and their book are data, not the program's own words.
NOT_OURS = ("patient_online/demo/",)


def untranslated_in_python(sources: Iterable[Source]) -> list[str]:
    """Every text in Python that a person will read and no translator will see."""
    return [
        source.at(node, f"{text!r} is not in the catalogues")
        for source in sources
        if not source.path.startswith(NOT_OURS)
        for node, text in _shown(source)
    ]


def marks_that_cannot_be_read(sources: Iterable[Source]) -> list[str]:
    """Every `_(…)` whose text is made at run time, so that no catalogue can hold it."""
    return [
        source.at(node, "a marked text is put together at run time")
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and name_of(node.func) in MARKS and node.args
        if isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]


def _shown(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        for value in [*_in_call(node), *_in_dictionary(node, source.room), *_in_members(node)]:
            yield from _bare(value)


def _in_call(node: ast.AST) -> Iterator[ast.expr]:
    if not isinstance(node, ast.Call):
        return
    given = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    yield from (value for name, value in given.items() if name in SHOWN_ARGUMENTS)
    if isinstance(messages := given.get("error_messages"), ast.Dict):
        yield from messages.values
    yield from _second_of_each(given.get("choices"))
    name = name_of(node.func)
    is_first_shown = name == "ValidationError" or (name.endswith("Field") and isinstance(node.func, ast.Attribute))
    if is_first_shown and _owner(node) != "_meta":
        yield from node.args[:1]
    if name in ("HttpResponse", "add_error"):
        yield from node.args[:1] if name == "HttpResponse" else node.args[1:2]


def _owner(call: ast.Call) -> str:
    return name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def _in_dictionary(node: ast.AST, room: str) -> Iterator[ast.expr]:
    if room in ROOMS_FOR_PEOPLE and isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in SHOWN_KEYS:
                yield value


def _in_members(node: ast.AST) -> Iterator[ast.expr]:
    """The words of an enumeration's members: the label of a choice, the two sentences of a refusal."""
    if not isinstance(node, ast.ClassDef):
        return
    bases = {name_of(base) for base in node.bases} & MEMBERS_ARE_WORDS
    members = [part.value for part in node.body if isinstance(part, ast.Assign) and isinstance(part.value, ast.Tuple)]
    for member in members if bases else ():
        yield from member.elts[:2] if "Refusal" in bases else member.elts[1:2]


def _second_of_each(choices: ast.expr | None) -> Iterator[ast.expr]:
    if isinstance(choices, ast.List | ast.Tuple):
        pairs = (each for each in choices.elts if isinstance(each, ast.Tuple) and len(each.elts) == 2)
        yield from (pair.elts[1] for pair in pairs)


def _bare(value: ast.expr) -> Iterator[tuple[ast.AST, str]]:
    """The text itself where nothing marks it: a string, an f-string's words, either branch, both of a sum."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str) and LETTERS.search(value.value):
        yield value, value.value
    elif isinstance(value, ast.JoinedStr):
        for part in value.values:
            yield from _bare(part)
    elif isinstance(value, ast.IfExp):
        yield from [*_bare(value.body), *_bare(value.orelse)]
    elif isinstance(value, ast.BinOp):
        yield from [*_bare(value.left), *_bare(value.right)]
