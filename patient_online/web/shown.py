"""What every value that a page shows and every call that it makes goes through: as Jinja does it, the short way.

A day's list shows 1,600 values. Nearly all are plain text, and nearly all calls are of functions or macros.
"""

from types import FunctionType
from typing import Any

import markupsafe
from jinja2.runtime import Context, Macro
from markupsafe import Markup

# Private, but what `markupsafe.escape` itself calls; Markup's own way of being made looks twice whether it is HTML.
_escaped = markupsafe._escape_inner  # type: ignore[attr-defined]
_new = str.__new__


def escape(value: Any, /) -> Markup:
    """The value as HTML, as `markupsafe.escape` makes it."""
    kind = type(value)
    if kind is str:
        return _new(Markup, _escaped(value))
    return value if kind is Markup else markupsafe.escape(value)


class ShortContext(Context):
    """The context of a template, which calls a plain function or a macro without looking for more."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What the call gives, as Jinja's own does."""
        kind = type(called)
        if kind is Macro:
            args = (self.eval_ctx, *args)
        elif kind is not FunctionType or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        try:
            return called(*args, **kwargs)
        except StopIteration:
            return self.environment.undefined("The value was undefined because a callable raised a StopIteration.")
