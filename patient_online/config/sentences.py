"""What is wrong with the place it runs in is told in one sentence, not in a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dj_database_url import ParseError, UnknownSchemeError
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError, SystemCheckError
from django.db import InterfaceError, OperationalError, ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

NO_ANSWER = (
    "The database does not answer. Look at DATABASE_URL and DATABASE_OWNER_URL, and whether the server runs. "
    "It said: {error}"
)
NOT_DONE = "The database could not do it. Nothing that was begun is kept; try again. It said: {error}"
NO_TABLES = "The database does not have the tables of this version. Run first: .venv/bin/python manage.py migrate"
NO_ADDRESS = (
    "DATABASE_URL or DATABASE_OWNER_URL is not the address of a PostgreSQL database. Write it as "
    "postgresql://role:password@host:5432/database, with what is not a letter or digit in the password as %40 and the "
    "like; or leave both unset, and the database comes along."
)
EVERYTHING = "--traceback"


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """End the program with a sentence on standard error where one can be said; `--traceback` shows everything."""
    try:
        yield
    except Exception as error:
        words = sentence(error)
        if words is None or EVERYTHING in sys.argv:
            raise
        sys.exit(words)


def sentence(error: Exception) -> str | None:
    """What to tell whoever runs the program, or None for an error of the program's own."""
    match error:
        case OperationalError() | InterfaceError():
            told = getattr(error.__cause__, "sqlstate", None)
            return (NOT_DONE if told else NO_ANSWER).format(error=_in_one_line(error))
        case ProgrammingError() if isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            return NO_TABLES
        case UnknownSchemeError() | ParseError():
            return NO_ADDRESS
        case CommandError() | SystemCheckError() | ImproperlyConfigured():
            return str(error)
        case _:
            return None


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())
