"""Contracts that import-linter has no type for: purity as claimed, rooms that stand alone, who opens connections."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOT = Path(__file__).parents[1]


class PureContract(Contract):
    """Purity, as docstrings claim it: a module that says `pure` reaches no database, no HTTP and no process by any way.

    The modules are read from the code, so that purity cannot be claimed and not held.
    """

    forbidden_modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001, ARG002 - import-linter's interface
        """Find the shortest chain from each pure module to each forbidden one."""
        forbidden = [name for name in map(str, self.forbidden_modules) if name in graph.modules]
        chains = [
            chain
            for module in pure_modules(graph)
            for name in forbidden
            if (chain := graph.find_shortest_chain(module, name, as_packages=False))
        ]
        return ContractCheck(kept=not chains, metadata={"chains": chains})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each chain after the module that it begins with."""
        for chain in check.metadata["chains"]:
            output.print_error(f"{chain[0]} says that it is pure, and reaches {chain[-1]}:")
            output.print(f"    {' -> '.join(chain)}")


class AloneContract(Contract):
    """A room that imports the standard library and itself, and nothing else."""

    modules = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001, ARG002 - import-linter's interface
        """Find every import that leads out of a room."""
        out = [
            f"{module} imports {name}"
            for room in map(str, self.modules)
            for module in sorted({room, *graph.find_descendants(room)})
            for name in sorted(graph.find_modules_directly_imported_by(module))
            if not name.startswith(room) and name.partition(".")[0] not in sys.stdlib_module_names
        ]
        return ContractCheck(kept=not out, metadata={"out": out})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that leads out."""
        for line in check.metadata["out"]:
            output.print_error(line)


class DialContract(Contract):
    """Connections to other machines: the modules that may import what opens one.

    The code is read, and not the graph, in which `urllib.parse` and `urllib.request` are one.
    """

    opens = fields.ListField(subfield=fields.StringField())
    allowed_importers = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001, ARG002 - import-linter's interface
        """Find every import of what opens a connection, but for those of the modules that may."""
        opens, allowed = frozenset(map(str, self.opens)), tuple(map(str, self.allowed_importers))
        lines = [
            f"{module}:{line} has {name}"
            for module in sorted(graph.modules)
            if (file := _file(module)) and not any(module == each or module.startswith(f"{each}.") for each in allowed)
            for line, name in dials(file.read_text("utf-8"), opens)
        ]
        return ContractCheck(kept=not lines, metadata={"lines": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import."""
        for line in check.metadata["lines"]:
            output.print_error(
                f"{line}, which opens connections; quizfunnel.outbound.OutboundClient does that, guarded"
            )


def dials(source: str, opens: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of every import that is one of `opens` or lies within one.

    Part of a package is also found where it is reached through the package, as `urllib.request` through `urllib`.
    """
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute):
            reached = ast.unparse(node)
            names = [reached] if reached in opens else []
        for name in names:
            if any(name == each or name.startswith(f"{each}.") for each in opens):
                yield getattr(node, "lineno", 0), name


def pure_modules(graph: ImportGraph) -> list[str]:
    """Return the modules of the package whose docstring's first paragraph ends in `pure`, by name."""
    return sorted(module for module in graph.modules if module.startswith("quizfunnel") and says_pure(_file(module)))


def says_pure(file: Path | None) -> bool:
    """Tell whether a module claims to be pure."""
    if file is None:
        return False
    first = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n\n")[0]
    return first.replace("\n", " ").rstrip().endswith("; pure.")


def _file(module: str) -> Path | None:
    path = ROOT / module.replace(".", "/")
    found: Any = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
    return found
