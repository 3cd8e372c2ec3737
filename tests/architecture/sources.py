"""The project's files, read as text and as syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "patient_online"


@dataclass(frozen=True)
class Source:
    """One Python file: where it stands, from the project's folder, and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as a syntax tree."""
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the file's name without its ending, below the package."""
        return PurePosixPath(self.path).with_suffix("").parts[1:]

    @property
    def app(self) -> str:
        """The app, or the module at the ground, that the file belongs to."""
        return self.parts[0]

    @property
    def room(self) -> str:
        """The room of its app that the file is or lies in: `actions`, `views` and so on."""
        return self.parts[1] if len(self.parts) > 1 else ""

    @property
    def is_test(self) -> bool:
        """Whether the file is there for tests alone."""
        folders = PurePosixPath(self.path).parts
        return "tests" in folders or folders[-1] == "conftest.py"

    def at(self, node: ast.AST, what: str) -> str:
        """A breach, told as a person finds it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}: {what}"


def read(path: Path) -> Source:
    """The file at this path."""
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def everything() -> list[Source]:
    """Every Python file of ours but the migrations, which Django writes."""
    found = [ROOT / "manage.py", ROOT / "conftest.py"]
    for folder in (PACKAGE, "tests", "benchmarks"):
        found += sorted((ROOT / folder).rglob("*.py"))
    return [read(path) for path in found if "migrations" not in path.parts]


def product() -> list[Source]:
    """What runs in production: the package without its tests and migrations."""
    return [source for source in everything() if source.path.startswith(f"{PACKAGE}/") and not source.is_test]


def templates() -> list[Source]:
    """Every page template of ours; `text` is Jinja, so do not ask for its tree."""
    found = [
        path for folder in (ROOT / PACKAGE).rglob("jinja2") for path in sorted(folder.rglob("*")) if path.is_file()
    ]
    return [read(path) for path in found]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in the tree, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def name_of(node: ast.AST) -> str:
    """The last name of `a`, `a.b`, `a.b()`: what a reader would call it."""
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
