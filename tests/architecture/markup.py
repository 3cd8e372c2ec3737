"""What a page shows is escaped: `|safe` stands on words of our own alone. What is typed about people is never sent in
an address.
"""

import re
from collections.abc import Iterable, Iterator

from jinja2 import Environment, nodes

from tests.architecture.sources import Source

PARSER = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
# Forms whose fields are days, clinicians, sites and kinds: an address of these can be kept and tells nobody anything.
CHOICES_ALONE = {
    "patient_online/access/jinja2/access/work/list.jinja",
    "patient_online/appointments/jinja2/appointments/day.jinja",
    "patient_online/appointments/jinja2/appointments/book_times.jinja",
    "patient_online/appointments/jinja2/appointments/wish.jinja",
}


def unescaped(sources: Iterable[Source]) -> list[str]:
    """Every `|safe` on a value, every tag of ours that is joined to values without it, and every value as `html`."""
    return [breach for source in sources for breach in _unescaped(source)]


def _unescaped(source: Source) -> Iterator[str]:
    tree = PARSER.parse(source.text)
    safe = [each.node for each in tree.find_all(nodes.Filter) if each.name == "safe"]
    for node in safe:
        if not _is_literal(node):
            yield f"{source.path}: |safe on what is no literal"
    for const in tree.find_all(nodes.Const):
        if _is_literal(const) and "<" in const.value and not any(const is each for each in [*safe, *_in_trans(tree)]):
            yield f"{source.path}:{const.lineno}: a tag without |safe escapes nothing that it is joined to"
    for pair in tree.find_all(nodes.Pair):
        if getattr(pair.key, "value", "") == "html" and _is_a_value(pair.value):
            yield f"{source.path}:{pair.lineno}: a value as html"


def _in_trans(tree: nodes.Template) -> list[nodes.Node]:
    """Texts to translate are marked as ours by Jinja itself, and escape what is put into them."""
    marked = tree.find_all(nodes.MarkSafeIfAutoescape)
    return [const for each in marked for const in each.find_all(nodes.Const)]


def _is_literal(node: nodes.Node | None) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


def _is_a_value(node: nodes.Node) -> bool:
    """Whether it is an attribute of something, or a text with values in it, which Python joins without escaping."""
    if isinstance(node, nodes.CondExpr):
        return _is_a_value(node.expr1) or bool(node.expr2 and _is_a_value(node.expr2))
    if isinstance(node, nodes.Call):
        return getattr(node.node, "name", "") in ("_", "gettext", "ngettext") and bool(node.kwargs)
    return isinstance(node, nodes.Getattr | nodes.Getitem)


def typed_into_addresses(sources: Iterable[Source]) -> list[str]:
    """Every form that puts what is chosen in it into the address, but those known to have choices and days alone."""
    return [
        f"{source.path}: a form by GET"
        for source in sources
        for tag in re.findall(r"<form\b[^>]*", source.text, re.IGNORECASE)
        if not re.search(r"""method=["']?post\b""", tag, re.IGNORECASE) and source.path not in CHOICES_ALONE
    ]
