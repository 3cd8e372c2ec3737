"""A role that may too much and a server that is too old are told before anybody is served."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from patient_online.storage.checks import too_mighty, too_old
from tests.architecture.sources import ROOT


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_application_s_role_is_modest_and_the_owner_s_is_not() -> None:
    assert too_mighty("default") == []
    assert [error.msg for error in too_mighty("owner")] == ["The role in DATABASE_URL owns the tables."]


@pytest.mark.parametrize(("version", "told"), [(140012, 1), (150000, 0), (180001, 0)])
def test_postgresql_is_fifteen_or_newer(version: int, told: int) -> None:
    assert len(too_old(version)) == told


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_check_of_the_database_passes_here(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", databases=["default"])
    assert "no issues" in capsys.readouterr().out


def test_migrating_where_no_server_answers_ends_in_a_sentence() -> None:
    known = {**os.environ, "DATABASE_OWNER_URL": "postgresql://owner:x@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"], cwd=ROOT, env=known, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "CommandError: The database does not answer." in done.stderr
    assert "Traceback" not in done.stderr
