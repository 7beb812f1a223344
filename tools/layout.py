"""Layout of the package in figures: `python tools/layout.py [COMMIT]`, of the checkout where no commit is named.

It reads the code and imports nothing, so that it can say the same of any commit. Its figures:

- Room: a folder of the package. Its *modules* are the files that lie directly in it, its own `__init__` apart.
- Floors of a room: the modules on its longest chain of imports, `a` over `b` over `c`, where each sub-folder counts as
  one. Imports inside functions count like others. A room whose imports go round in a circle has none. *Opened* is the
  same with every module of its sub-folders counted by itself.
- A kind's modules: those whose code names a class that says `pick: Literal[...]`, which is a question kind.
- A metric's modules: those whose code says a metric's word, `profit` where none is given: in a name, an attribute, an
  argument or a text that is no docstring.

`tools/trace_request.py` tells how far one answer and one figure go through the rooms.
"""

import argparse
import ast
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "quizfunnel"
METRIC = "profit"
MEANT_AS_WORDS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One module: its code, and the modules of the package that it imports."""

    tree: ast.Module
    imports: frozenset[str]


@dataclass(frozen=True)
class Room:
    """One folder: how many modules lie directly in it, and on how many floors; `opened` counts those of sub-folders."""

    modules: int
    floors: int
    opened: int


@dataclass(frozen=True)
class Layout:
    """The package in figures."""

    rooms: Mapping[str, Room]
    kind: int
    metric: int


def main() -> None:
    """Print the figures of a commit or of the checkout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", nargs="?", help="a commit of this repository; without it the checkout as it is")
    parser.add_argument("--metric", default=METRIC, help="a metric's word in the code (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="for programs")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = unpacked(options.commit, Path(scratch)) if options.commit else ROOT
        layout = measure(root, metric=options.metric)
    sys.stdout.write(json.dumps(asdict(layout), indent=1) + "\n" if options.json else as_text(layout))


def unpacked(commit: str, folder: Path, *names: str) -> Path:
    """Write what the repository held under some names at a commit, the package alone by itself, into a folder."""
    command = ["git", "archive", commit, *(names or (PACKAGE,))]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - git, and a commit that somebody typed
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def measure(root: Path, *, metric: str = METRIC) -> Layout:
    """Return every figure of the package that lies in a folder."""
    modules = read(root)
    kinds = kind_classes(modules.values())
    return Layout(
        rooms={
            room: Room(len(own), floors(modules, room), floors(modules, room, opened=True))
            for room, own in by_room(modules).items()
        },
        kind=sum(says(module, kinds.__contains__) for module in modules.values()),
        metric=sum(says(module, re.compile(metric, re.IGNORECASE).search) for module in modules.values()),
    )


def as_text(layout: Layout) -> str:
    """Return the figures as lines to read."""
    sizes = [room.modules for room in layout.rooms.values() if room.modules]
    lines = [
        f"{'room':<34}{'modules':>8}{'floors':>8}{'opened':>8}",
        *(
            f"{name:<34}{room.modules or '-':>8}{room.floors or '-':>8}{room.opened or '-':>8}"
            for name, room in layout.rooms.items()
        ),
        "",
        f"{sum(sizes)} modules; the fullest room has {max(sizes)}, a median one {median(sizes):g}",
        f"a question kind is named in {layout.kind} modules, the metric's word in {layout.metric}",
    ]
    return "\n".join(lines) + "\n"


def read(root: Path) -> dict[str, Module]:
    """Return every module of the package by its name, migrations' steps apart: they are frozen."""
    paths = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((root / PACKAGE).rglob("*.py"))
        if "versions" not in path.parts
    }
    trees = {name: ast.parse(path.read_text("utf-8")) for name, path in paths.items()}
    return {name: Module(tree, frozenset(_imported(tree, trees.keys())) - {name}) for name, tree in trees.items()}


def _imported(tree: ast.Module, known: Container[str]) -> Iterator[str]:
    """Yield each module of the package that code imports, also within functions; no import is a relative one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in known or node.module in known:
                    yield inner if inner in known else str(node.module)


def by_room(modules: Mapping[str, Module]) -> dict[str, list[str]]:
    """Return the modules that lie directly in each folder; a folder's own `__init__` is its face and no module."""
    rooms: dict[str, list[str]] = {
        name: [] for name in sorted(modules) if any(other.startswith(f"{name}.") for other in modules)
    }
    for name in modules:
        if name not in rooms and (room := name.rpartition(".")[0]):
            rooms[room].append(name)
    return rooms


def floors(modules: Mapping[str, Module], room: str, *, opened: bool = False) -> int:
    """Return how many of a room's modules and sub-folders stand on its longest chain of imports, 0 for a circle."""
    depth = None if opened else len(room.split(".")) + 1

    def child(name: str) -> str:
        return ".".join(name.split(".")[:depth]) if name.startswith(f"{room}.") else ""

    below: dict[str, set[str]] = {child(name): set() for name in modules if child(name)}
    for name, module in modules.items():
        if mine := child(name):
            below[mine] |= {other for each in module.imports if (other := child(each)) and other != mine}
    return longest(below)


def longest(below: Mapping[str, set[str]]) -> int:
    """Return how many nodes stand on the longest chain, 0 where there is a circle."""
    height: dict[str, int] = {}
    try:
        for node in TopologicalSorter(below).static_order():
            height[node] = 1 + max((height[other] for other in below.get(node, ())), default=0)
    except CycleError:
        return 0
    return max(height.values(), default=0)


def kind_classes(modules: Iterable[Module]) -> frozenset[str]:
    """Return the names of the classes that say `pick: Literal[...]`."""
    return frozenset(
        node.name
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
        and any(
            isinstance(line, ast.AnnAssign) and ast.unparse(line).startswith("pick: Literal[") for line in node.body
        )
    )


def says(module: Module, is_meant: Callable[[str], object]) -> bool:
    """Tell whether a module's code says a word that is meant, docstrings apart."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, MEANT_AS_WORDS) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return any(is_meant(word) for node in ast.walk(module.tree) if id(node) not in docstrings for word in _words(node))


def _words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for attribute in ("id", "attr", "arg", "name", "asname"):
        if isinstance(word := getattr(node, attribute, None), str):
            yield word


if __name__ == "__main__":
    main()
