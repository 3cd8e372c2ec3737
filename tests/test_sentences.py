"""What is wrong with the place it runs in is told in a sentence, by every command."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from tests.architecture.sources import ROOT
from tests.test_serving import url_of

NOBODY = "postgresql://nobody@127.0.0.1:9/none"
NOWHERE = {"DATABASE_URL": NOBODY, "DATABASE_OWNER_URL": NOBODY}


def said(*command: str, known: dict[str, str], status: int = 1) -> str:
    """What a command writes on standard error; it ends with this status."""
    environment = {**os.environ, "PATIENT_ONLINE_SECRET_KEY": "x", "PATIENT_ONLINE_DEMO": "", **known}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == status, done.stderr.decode()
    return done.stderr.decode()


@pytest.fixture
def bare(db: None) -> Iterator[dict[str, str]]:
    """The addresses of a database without tables."""
    name = f"{connections['owner'].settings_dict['NAME']}_bare"
    addresses = {"DATABASE_URL": url_of("default"), "DATABASE_OWNER_URL": url_of("owner")}
    with psycopg.connect(addresses["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
        owner.execute(f'CREATE DATABASE "{name}"')
        yield {variable: f"{address.rpartition('/')[0]}/{name}" for variable, address in addresses.items()}
        owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    "command", [["tidy"], ["import_practices", "-"], ["import_appointment_book", "FILE", "--practice", "X81001"]]
)
def test_without_tables_a_command_says_to_migrate(command: list[str], bare: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text((ROOT / "docs" / "appointment-book-csv.md").read_text().split("```")[3].strip(), encoding="utf-8")
    words = said("manage.py", *[str(file) if each in ("FILE", "-") else each for each in command], known=bare)
    assert words.count("\n") == 1
    assert "manage.py migrate" in words


@pytest.mark.parametrize("command", [["manage.py", "tidy"], ["-m", "patient_online.config.serve", "--port", "48123"]])
@pytest.mark.parametrize(
    ("address", "words"),
    [
        (NOBODY, "The database does not answer."),
        ("rubbish", "is not the address of a PostgreSQL database"),
        ("postgresql://a:b@c:d/e", "is not the address of a PostgreSQL database"),
    ],
)
def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(command: list[str], address: str, words: str) -> None:
    told = said(*command, known={"DATABASE_URL": address, "DATABASE_OWNER_URL": address})
    assert words in told
    assert told.count("\n") == 1


def test_who_wants_to_see_everything_does() -> None:
    told = said("manage.py", "tidy", "--traceback", known=NOWHERE)
    assert "Traceback" in told
    assert "psycopg" in told


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["createsuperuser"], "There are no superusers"),
        (["createsuperuser", "--email", "ada@example.org"], "There are no superusers"),
        (["test"], "make test"),
        (["test", "patient_online", "--keepdb"], "make test"),
    ],
)
def test_a_command_of_django_s_that_cannot_be_done_here_says_why(command: list[str], words: str) -> None:
    told = said("manage.py", *command, known=NOWHERE)
    assert words in told
    assert "Traceback" not in told


def test_assets_that_are_not_built_are_no_warning_before_every_command(tmp_path: Path) -> None:
    assert said("manage.py", "check", status=0, known={**NOWHERE, "PATIENT_ONLINE_VAR": str(tmp_path)}) == ""
