"""Values are shown and functions called as Jinja's own way shows and calls them."""

from typing import Any

import markupsafe
import pytest
from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from jinja2 import Environment, Undefined, pass_context, pass_environment, pass_eval_context
from jinja2.runtime import Context
from markupsafe import Markup

from patient_online.web.shown import ShortContext, escape


class Quoting(str):
    """A text of its own kind."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        *("", "plain", '<b>"A & B\'s"</b>', Markup("<b>&amp;</b>"), SafeString("<b>"), Quoting("<b>")),
        *(7, None, 1.5, ["<"], gettext_lazy("<Day>"), Undefined()),
    ],
)
def test_a_value_is_shown_as_ever(value: Any) -> None:
    assert (escape(value), type(escape(value))) == (markupsafe.escape(value), Markup)


def test_our_pages_show_values_this_way_and_escape_what_is_typed() -> None:
    env: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    template = env.from_string("{{ typed }}{% macro it(x) %}<i>{{ x }}</i>{% endmacro %}{{ it(typed) }}")
    assert template.root_render_func.__globals__["escape"] is escape
    assert template.render(typed="<script>") == "&lt;script&gt;<i>&lt;script&gt;</i>"


CALLS = """
{%- macro it(x, y=2) %}{{ x }}{{ y }}{{ varargs }}{{ kwargs.z }}{{ caller() if caller }}{% endmacro -%}
{{ it("<", z=3) }}{{ it(1, 2, 3) }}{% call it(1) %}inside{% endcall %}
{%- for n in [1, 2] %}{% set m = n %}{{ it(n) }}{{ plain(n, more=m) }}{{ of_context() }}
{{ loop.cycle("a", "b") }}{% endfor -%}
{% block here %}{{ of_environment() }}{{ of_evaluation() }}{{ ends() }}{{ "x".upper() }}{{ kind(5) }}{% endblock %}
"""


def test_what_is_called_gets_what_jinja_gives_it() -> None:
    def ends() -> str:
        raise StopIteration

    given: dict[str, Any] = {
        "plain": lambda *args, **more: f"{args}{more}",
        "of_context": pass_context(lambda context: sorted(name for name in context.get_all() if name in ("m", "n"))),
        "of_environment": pass_environment(lambda env: env.autoescape),
        "of_evaluation": pass_eval_context(lambda evaluation: evaluation.autoescape),
        "ends": ends,
        "kind": str,
    }

    def shown(kind: type) -> str:
        env = Environment(autoescape=True)
        env.context_class = kind
        return env.from_string(CALLS).render(given)

    assert shown(ShortContext) == shown(Context)
    assert "inside" in shown(Context)
