"""The demonstration and real use are kept apart: each has its own folder, and neither is served as the other."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection, connections

from patient_online.demo.factories import a_practice
from patient_online.demo.keeping import IS_HERE, demo_is_here
from patient_online.demo.surgery import ODS_CODE

# Stands where Python would, and tells in which folder it was asked to work.
TELLS_ITS_FOLDER = '#!/bin/sh\necho "$* in ${PATIENT_ONLINE_VAR:-var}"\n'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with what `make` reads, and a Python that only tells where it would work."""
    for name in ("Makefile", *(file.name for file in settings.ROOT.glob("requirements*.txt"))):
        shutil.copy(settings.ROOT / name, tmp_path)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(TELLS_ITS_FOLDER)
    python.chmod(0o755)
    return tmp_path


def said_by_make(tree: Path, target: str, **given: str) -> list[str]:
    """The lines that `make` says, without what the installing of packages says."""
    without = {name: value for name, value in os.environ.items() if not name.startswith(("PATIENT_", "MAKE", "MFLAGS"))}
    command = ["make", "--no-print-directory", target]
    done = subprocess.run(command, cwd=tree, env=without | given, capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if line.startswith(("manage.py", "-m patient_online"))]


@pytest.mark.parametrize(
    ("target", "given", "folder"),
    [
        ("demo", {}, "{tree}/var/demo"),
        ("run", {}, "var"),
        ("demo", {"PATIENT_ONLINE_VAR": "{tree}/elsewhere"}, "{tree}/elsewhere"),
    ],
)
def test_make_demo_works_in_a_folder_of_its_own_with_its_assets(
    tree: Path, target: str, given: dict[str, str], folder: str
) -> None:
    """Unless somebody names another."""
    place = folder.format(tree=tree)
    said = said_by_make(tree, target, **{name: value.format(tree=tree) for name, value in given.items()})
    assert said[0] == f"-m patient_online.web.assets in {place}"
    assert len(said) == 2
    assert said[1].endswith(f" in {place}")
    assert (tree / place / "static").is_dir()


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_program_for_real_use_does_not_start_where_the_made_up_practice_is(tmp_path: Path) -> None:
    """Everybody knows the password of `manager@example.com`."""
    a_practice(ODS_CODE)
    name = connections["owner"].settings_dict["NAME"]
    urls = {
        variable: urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    place = {"PATIENT_ONLINE_VAR": str(tmp_path), "PATIENT_ONLINE_DEMO": ""}
    (tmp_path / "assets").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "patient_online.config.serve", "--port", str(port)]
    done = subprocess.run(
        command, cwd=settings.ROOT, env=os.environ | urls | place, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.strip() == IS_HERE


@pytest.mark.django_db
def test_a_database_without_tables_holds_no_demonstration() -> None:
    assert not demo_is_here()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp")
    assert not demo_is_here()
