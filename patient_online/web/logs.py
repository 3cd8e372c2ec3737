"""Structured logs, one JSON object a line, which tell what happened and never to whom.

Three walls: a line names the route and not the address; an exception is told by its kind and place and not by its
words, which may quote what somebody typed; and what still looks like an NHS number, an e-mail address or a telephone
number is masked at the end.
"""

import logging
import re
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.http import HttpRequest
from pythonjsonlogger.json import JsonFormatter

REQUEST_ID: ContextVar[UUID | None] = ContextVar("request_id", default=None)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
FIELDS = ("method", "route", "status", "duration_ms")
"""What a line may carry beside its words (`extra=`); anything else is left out."""
SAID = frozenset({"message", "route", "exc_info"})
"""What is made of words; all else is the machine's own."""

# These speak of the machine and quote nobody, and without their words nobody could mend it.
OF_THE_MACHINE = (OperationalError, ImproperlyConfigured, ImportError, OSError)

PERSONAL = re.compile(
    r"""
    (?P<keep>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b)                        # an id of our own making
    | [^\s@"'<>()\[\]{},;:=/?&%]{1,64} (?:@|%40) [\w-]+ (?:\.[\w-]+)+               # e-mail address
    | (?<!\d) (?:\+|00|%2B) \d{1,3} (?:(?:[\s().+-]|%20){0,3}\d){7,12} (?!\d)       # telephone number with its country
    | (?<!\d) (?:44|\(?0) (?:(?:[\s().+-]|%20){0,3}\d){9,10} (?!\d)                 # British telephone number
    | (?<!\d) \d{3} (?:[\s.+-]|%20)? \d{3} (?:[\s.+-]|%20)? \d{4} (?!\d)           # NHS number
    """,
    re.VERBOSE | re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text without anything that looks like an NHS number, an e-mail address or a telephone number."""
    return PERSONAL.sub(lambda found: found["keep"] or "[masked]", text)


def route_of(request: HttpRequest) -> str:
    """The name of the page that was asked for, never its address: that may hold ids, keys and what somebody typed."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "unknown"


class WhereAndWhat(logging.Filter):
    """Gives a line its request's id, and takes the address out of the lines that Django writes about a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, changed."""
        request_id = REQUEST_ID.get()
        record.request_id = str(request_id) if request_id else None
        request = record.__dict__.pop("request", None)
        status = record.__dict__.pop("status_code", None)
        if isinstance(request, HttpRequest):
            # Django writes this line when our middleware has let go of the request already.
            known = request_id or getattr(request, "id", None)
            record.request_id = str(known) if known else None
            record.method, record.route, record.status = method_of(request), route_of(request), status
            record.msg, record.args = "Answered with an error.", ()
        elif record.name.startswith(("django.server", "django.security")):
            record.msg, record.args = "Refused as suspicious." if "security" in record.name else "Answered.", ()
        return True


def method_of(request: HttpRequest) -> str:
    """The request's method, when it is one; a client may write anything there."""
    return request.method if request.method in METHODS else "OTHER"


class PrivateJsonFormatter(JsonFormatter):
    """Writes the allowed fields of a line as JSON and masks what looks personal in any of them."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Keep only what a line may say, and mask every text in it."""
        allowed = {"timestamp", "level", "logger", "message", "request_id", "exc_info", *FIELDS}
        kept = {name: value for name, value in log_data.items() if name in allowed and value is not None}
        return {name: masked(value) if name in SAID else value for name, value in kept.items()}

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """Where it happened and of which kind, without the words unless they are the machine's."""
        return exception_text(*ei)


def exception_text(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> str:
    """The kind of the error and of those that caused it, and the places they went through, innermost last."""
    lines: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        lines += [_kind_of(error), *(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


def _kind_of(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    words = str(error).splitlines()
    return f"{name}: {words[0]}" if words and isinstance(error, OF_THE_MACHINE) else name


def logging_config(level: str = "INFO") -> dict[str, Any]:
    """The dictionary for settings.LOGGING: every line as JSON on the standard error stream."""
    renamed = {"levelname": "level", "name": "logger"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"where": {"()": f"{__name__}.WhereAndWhat"}},
        "formatters": {
            "json": {
                "()": f"{__name__}.PrivateJsonFormatter",
                "fmt": ["levelname", "name", "message"],
                "rename_fields": renamed,
                "timestamp": True,
            }
        },
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["where"]}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            # Each statement and its parameters: what people typed. Never, at any level.
            "django.db.backends": {"level": "WARNING", "propagate": False, "handlers": ["lines"]},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            # Two lines for each job, which tell nothing but ids.
            "procrastinate": {"level": "WARNING"},
            # What a provider answers quotes the number that it does not like.
            "notifications_python_client": {"level": "CRITICAL"},
        },
    }
