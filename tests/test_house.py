"""The house is kept: things are short, and what the documents promise is there."""

import re
from pathlib import Path

import pytest

from tests.architecture.sizes import MAY_BE_LONGER, templates_too_long, too_long
from tests.architecture.sources import ROOT, Source, everything, functions, templates

TABLES = [ROOT / "docs" / "features.md", ROOT / "docs" / "security.md"]
ROW = re.compile(r"^\|\s*([A-Z]{1,2}[0-9]+[a-z]?|[0-9]+(?:\.[0-9]+)+)\s*\|(.*)\|\s*$", re.MULTILINE)


def named_in(table: str) -> dict[str, list[str]]:
    """The tests that each row names in its last column: of the features, of the threats, of ASVS's items."""
    rows = ROW.findall(table)
    return {row: re.findall(r"\btest_\w+\b(?!\.py|/)", cells.split("|")[-1]) for row, cells in rows}


def without_a_test(named: dict[str, list[str]], known: set[str]) -> list[str]:
    """Every row that names no test, or one that does not exist."""
    missing = [f"{row}: there is no {test}" for row, tests in named.items() for test in tests if test not in known]
    return missing + [f"{row}: names no test" for row, tests in named.items() if not tests]


def known_tests() -> set[str]:
    """The name of every test there is."""
    sources = [source for source in everything() if source.is_test]
    return {function.name for source in sources for function in functions(source.tree) if function.name[:5] == "test_"}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_each_row_names_tests_that_exist(table: Path) -> None:
    named = named_in(table.read_text(encoding="utf-8"))
    assert named
    assert without_a_test(named, known_tests()) == []


@pytest.mark.parametrize("tests", ["", "`test_nobody_wrote_this`", "`test_something_too_long_is_found`, `test_not`"])
def test_a_feature_without_a_test_is_found(tests: str) -> None:
    named = named_in(f"| id | what | where | tests |\n|---|---|---|---|\n| B1 | Book | /book | {tests} |\n")
    assert list(named) == ["B1"]
    assert without_a_test(named, known_tests())


def test_functions_files_and_templates_are_short() -> None:
    assert too_long(everything()) == []
    assert templates_too_long(templates()) == []


def test_something_too_long_is_found() -> None:
    lines = "\n".join(f"    x = {n}" for n in range(31))
    assert too_long([Source("patient_online/x.py", f"def f():\n{lines}\n")])
    assert not too_long([Source("patient_online/x.py", "def f():\n    return 1\n")])
    assert too_long([Source("patient_online/x.py", "x = 1\n" * 250)])
    assert templates_too_long([Source("patient_online/web/jinja2/web/x.jinja", "<p>\n" * 60)])


def test_each_exception_to_the_sizes_is_still_needed() -> None:
    paths = {source.path for source in everything()} | {source.path for source in templates()}
    assert {exception.split("::")[0] for exception in MAY_BE_LONGER} <= paths
