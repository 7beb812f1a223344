"""Laws of the tests themselves."""

import ast
from pathlib import Path

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py"))


def imported(module: Path) -> set[str]:
    """Return the last names of all that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names |= set((node.module or "").split(".")) | {alias.name for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {name for alias in node.names for name in alias.name.split(".")}
    return names


def test_no_module_imports_a_test_module() -> None:
    """What tests share stands in a module of its own: a test may go, or run twice, without another's knowledge."""
    tests = {path.stem for path in MODULES if path.stem.startswith("test_")}
    assert len(tests) > 100
    guilty = {str(path.relative_to(TESTS)): sorted(imported(path) & tests) for path in MODULES}
    assert {module: names for module, names in guilty.items() if names} == {}
