"""Layout of the package in figures: `python tools/layout.py [COMMIT]`, of the checkout where no commit is named.

It reads the code and imports nothing, so that it can say the same of any commit. Its figures:

- Room: a folder of the package. Its *modules* are the files that lie directly in it, its own `__init__` apart.
- Floors of a room: the modules on its longest chain of imports, `a` over `b` over `c`, where each sub-folder counts as
  one. Imports inside functions count like others. A room whose imports go round in a circle has none. *Opened* is the
  same with every module of its sub-folders counted by itself.
- A kind's modules: those whose code names a class that says `pick: Literal[...]`, which is a question kind.
- A metric's modules: those whose code says a metric's word, `profit` where none is given: in a name, an attribute, an
  argument or a text that is no docstring.
- A way: the modules with whatever can come to run between an entry and the end, by rapid type analysis: a function
  reaches what its body names, a constant what its value names, a class what stands in its body; and a method of a class
  that is reached runs once somebody on the way names an attribute like it. Functions that are handed in as values, and
  templates, are not followed. Its *rooms* are the folders of these modules, its *floors* the modules on the longest
  chain of them that name each other.

`python tools/trace_request.py` tells what of an answer's and a figure's way really runs.

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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
Definition = tuple[str, str]  # a module, and the name of what it defines at its top
MEANT_AS_WORDS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One module: its code, what its names stand for, and what is defined at its top."""

    name: str
    tree: ast.Module
    imports: frozenset[str]  # modules of the package
    names: Mapping[str, Definition]  # a local name -> module, and the name there or "" for the module itself
    top: Mapping[str, ast.AST] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """Extent of a way: its modules, their folders, and the longest chain of them."""

    modules: int
    rooms: int
    floors: int


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
        ways={name: way(modules, entry) for name, entry in entries(modules)},
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


def _imported(tree: ast.Module, *, home: str, known: set[str]) -> Iterator[tuple[str, Definition]]:
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


def entries(modules: Mapping[str, Module]) -> Iterator[tuple[str, Definition]]:
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


def way(modules: Mapping[str, Module], entry: Definition) -> Way:
    """Follow the names from an entry; return how many modules, rooms and floors its way has."""
    seen, waiting = {entry}, [(entry, modules[entry[0]].top[entry[1]])]
    below: dict[str, set[str]] = {}
    attributes: set[str] = set()
    methods: list[tuple[Definition, ast.AST]] = []  # of classes that are reached, until somebody names them
    while waiting:
        (module, label), node = waiting.pop()
        own = list(_methods(node))
        methods += [((module, label), method) for method in own]
        parts = _parts(node, without=own)
        below.setdefault(module, set())
        attributes |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
        for other in reached(modules, modules[module], parts):
            below[module] |= {other[0]} - {module}
            if other not in seen and (target := modules[other[0]].top.get(other[1])):
                seen.add(other)
                waiting.append((other, target))
        called = [each for each in methods if getattr(each[1], "name", "") in attributes]
        methods = [each for each in methods if each not in called]
        waiting += called
    return Way(len(below), len({name.rpartition(".")[0] for name in below}), longest(below))


def _methods(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a class's methods that run only where somebody names them: not those that Python calls by itself."""
    for line in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef) and not line.name.startswith("__"):
            yield line


def _parts(node: ast.AST, *, without: Sequence[ast.AST]) -> list[ast.AST]:
    apart = {id(part) for method in without for part in ast.walk(method)}
    return [part for part in ast.walk(node) if id(part) not in apart]


def reached(modules: Mapping[str, Module], home: Module, parts: Iterable[ast.AST]) -> Iterator[Definition]:
    """Yield what code names: definitions of its own module, and those of others that it imports."""
    for part in parts:
        if isinstance(part, ast.Name) and part.id in home.top:
            yield home.name, part.id
        elif isinstance(part, ast.Name) and part.id in home.names and home.names[part.id][1]:
            yield _defined(modules, *home.names[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            module, label = home.names.get(part.value.id, ("", ""))
            if module and not label:
                yield _defined(modules, module, part.attr)


def _defined(modules: Mapping[str, Module], module: str, label: str) -> Definition:
    """Return where a name is defined that one module may only pass on from another, as a room's own list does."""
    while label not in modules[module].top and label in modules[module].names:
        module, label = modules[module].names[label]
    return module, label


if __name__ == "__main__":
    main()
