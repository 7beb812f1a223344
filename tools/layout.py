"""Layout of the package in figures: `python tools/layout.py [COMMIT]`, of the checkout where no commit is named.

It reads the code and imports nothing, so that it can say the same of any commit. Its figures:

- Room: a folder of the package. Its *modules* are the files that lie directly in it, its own `__init__` apart.
- Floors of a room: the modules on its longest chain of imports, `a` over `b` over `c`, where each sub-folder counts as
  one. Imports inside functions count like others. A room whose imports go round in a circle has none.
- A kind's modules: those whose code names a class that says `pick: Literal[...]`, which is a question kind.
- A metric's modules: those whose code says a metric's word, `profit` where none is given: in a name, an attribute, an
  argument or a text that is no docstring.
- A way: the modules with whatever can come to run between an entry and the end, followed by names. A function reaches
  what its body names, a class what its methods name, a constant what its value names. What is handed in as a value, a
  template, and a method of a value whose class nobody names are not followed. Its *rooms* are the folders of these
  modules, its *floors* the modules on the longest chain of them that name each other.

The ways: an answer from the form that is sent, an order from the hook, a quiz from its file, and a figure from the page
of a quiz's results.
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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "quizfunnel"
METRIC = "profit"
ADDRESSES = {  # of the functions that begin a way, which stay what they are when the code around them moves
    "an answer": ("journey", "post", "/a/<attempt>/<question>"),
    "an order": ("orders", "post", "/hooks/<source>"),
    "a figure": ("insight", "get", "/<slug>"),
}
LOADER = "load_quiz"  # what begins the way of a quiz file
MEANT_AS_WORDS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One module: its code, what its names stand for, and what is defined at its top."""

    name: str
    tree: ast.Module
    imports: frozenset[str]  # modules of the package
    names: Mapping[str, tuple[str, str]]  # a local name -> module, and the name there or "" for the module itself
    top: Mapping[str, ast.AST] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """How far one thing goes through the package."""

    modules: int
    rooms: int
    floors: int


@dataclass(frozen=True)
class Room:
    """One folder: how many modules lie directly in it, and on how many floors."""

    modules: int
    floors: int


@dataclass(frozen=True)
class Layout:
    """The package in figures."""

    rooms: Mapping[str, Room]
    kind: int
    metric: int
    ways: Mapping[str, Way]


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


def unpacked(commit: str, folder: Path) -> Path:
    """Write the package as it was at a commit into a folder."""
    packed = subprocess.run(["git", "archive", commit, PACKAGE], cwd=ROOT, check=True, capture_output=True)  # noqa: S603, S607 - git, and a commit that somebody typed
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def measure(root: Path, *, metric: str = METRIC) -> Layout:
    """Return every figure of the package that lies in a folder."""
    modules = read(root)
    kinds = kind_classes(modules.values())
    return Layout(
        rooms={room: Room(len(own), floors(modules, room)) for room, own in by_room(modules).items()},
        kind=sum(says(module, kinds.__contains__) for module in modules.values()),
        metric=sum(says(module, re.compile(metric, re.IGNORECASE).search) for module in modules.values()),
        ways={name: way(modules, entry) for name, entry in entries(modules)},
    )


def as_text(layout: Layout) -> str:
    """Return the figures as lines to read."""
    sizes = [room.modules for room in layout.rooms.values()]
    lines = [
        f"{'room':<34}{'modules':>8}{'floors':>8}",
        *(f"{name:<34}{room.modules:>8}{room.floors or '-':>8}" for name, room in layout.rooms.items()),
        "",
        f"{sum(sizes)} modules; the fullest room has {max(sizes)}, a median one {median(sizes):g}",
        f"a question kind is named in {layout.kind} modules, the metric's word in {layout.metric}",
        *(
            f"the way of {name}: {far.modules} modules in {far.rooms} rooms, {far.floors} floors"
            for name, far in layout.ways.items()
        ),
    ]
    return "\n".join(lines) + "\n"


def read(root: Path) -> dict[str, Module]:
    """Return every module of the package by its name, migrations' steps apart: they are frozen."""
    paths = {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((root / PACKAGE).rglob("*.py"))
        if "versions" not in path.parts
    }
    packages = {name for name, path in paths.items() if path.name == "__init__.py"}
    return {name: _module(name, path, known=paths.keys(), packages=packages) for name, path in paths.items()}


def _module(name: str, path: Path, *, known: Iterable[str], packages: set[str]) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    names = dict(_imported(tree, home=name if name in packages else name.rpartition(".")[0], known=set(known)))
    top = {label: node for node in tree.body for label in _labels(node)}
    return Module(name, tree, frozenset(module for module, _ in names.values()) - {name}, names, top)


def _imported(tree: ast.Module, *, home: str, known: set[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each name that an import binds, with the module of the package that it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in known:
                    yield alias.asname or alias.name, (alias.name, "")
        elif isinstance(node, ast.ImportFrom):
            above = home.split(".")[: len(home.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                if inner in known:
                    yield alias.asname or alias.name, (inner, "")
                elif base in known:
                    yield alias.asname or alias.name, (base, alias.name)


def _labels(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement at the top of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    for target in [*getattr(node, "targets", ()), getattr(node, "target", None)]:
        if isinstance(target, ast.Name):
            yield target.id


def by_room(modules: Mapping[str, Module]) -> dict[str, list[str]]:
    """Return the modules that lie directly in each folder; a folder's own `__init__` is its face and no module."""
    rooms: dict[str, list[str]] = {
        name: [] for name in sorted(modules) if any(other.startswith(f"{name}.") for other in modules)
    }
    for name in modules:
        if name not in rooms and (room := name.rpartition(".")[0]):
            rooms[room].append(name)
    return {room: own for room, own in rooms.items() if own}


def floors(modules: Mapping[str, Module], room: str) -> int:
    """Return how many of a room's modules and sub-folders stand on its longest chain of imports, 0 for a circle."""
    depth = len(room.split(".")) + 1

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


def entries(modules: Mapping[str, Module]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the module and the function that each way begins with."""
    for way_name, (room, method, address) in ADDRESSES.items():
        mark = f"blueprint.{method}('{address}')"
        for module in modules.values():
            if module.name.startswith(f"{PACKAGE}.{room}."):
                for label, node in module.top.items():
                    if any(ast.unparse(each) == mark for each in getattr(node, "decorator_list", ())):
                        yield way_name, (module.name, label)
    for module in modules.values():
        if LOADER in module.top:
            yield "a quiz file", (module.name, LOADER)


def way(modules: Mapping[str, Module], entry: tuple[str, str]) -> Way:
    """Follow the names from an entry; return how many modules, rooms and floors its way has."""
    seen, waiting = {entry}, [entry]
    below: dict[str, set[str]] = {}
    while waiting:
        module, label = waiting.pop()
        below.setdefault(module, set())
        for other in reached(modules, module, label):
            if other[0] != module:
                below[module].add(other[0])
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return Way(len(below), len({name.rpartition(".")[0] for name in below}), longest(below))


def reached(modules: Mapping[str, Module], module: str, label: str) -> Iterator[tuple[str, str]]:
    """Yield what a definition names: definitions of its own module, and those of others that it imports."""
    home = modules[module]
    node = home.top.get(label)
    if node is None:  # passed on by a package's own list, as `from room import name` does
        if label in home.names:
            yield _target(modules, *home.names[label])
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in home.top:
            yield module, part.id
        elif isinstance(part, ast.Name) and part.id in home.names and home.names[part.id][1]:
            yield _target(modules, *home.names[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            origin = home.names.get(part.value.id, ("", ""))
            if origin[0] and not origin[1]:
                yield _target(modules, origin[0], part.attr)


def _target(modules: Mapping[str, Module], module: str, label: str) -> tuple[str, str]:
    inner = f"{module}.{label}"
    return (inner, "") if inner in modules else (module, label)


if __name__ == "__main__":
    main()
