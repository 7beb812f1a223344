"""Laws of the tests themselves."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
MODULES = sorted(TESTS.rglob("*.py"))
CHOICE = "QUIZFUNNEL_TEST_DATABASE"
NAME = re.compile(r"\btest_\w+")


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
    # parsing all of them takes seconds, and few so much as have a module's name
    named = [path for path in MODULES if tests.intersection(NAME.findall(path.read_text("utf-8")))]
    guilty = {str(path.relative_to(TESTS)): sorted(imported(path) & tests) for path in named}
    assert {module: names for module, names in guilty.items() if names} == {}


def test_the_choice_of_database_is_met_in_its_fixture_alone() -> None:
    """A test without that fixture does the same on either database, so that running it on one of them is enough."""
    readers = {path.name for path in MODULES if f'"{CHOICE}"' in path.read_text("utf-8")}
    assert readers - {Path(__file__).name} == {"conftest.py"}
    conftest = ast.parse((TESTS / "conftest.py").read_text("utf-8"))
    users = [
        getattr(node, "name", "")
        for node in conftest.body
        if any(isinstance(part, ast.Name) and part.id == "POSTGRES" for part in ast.walk(node))
    ]
    assert users == ["", "pytest_ignore_collect", "pytest_collection_modifyitems", "databases"]


def test_whatever_drives_a_browser_lies_in_one_folder() -> None:
    """`make browser` looks nowhere else, and no other part runs them."""
    marked = {path for path in MODULES if "pytest.mark.browser" in path.read_text("utf-8")} - {Path(__file__)}
    assert marked == set((TESTS / "journeys").glob("test_*.py"))


@pytest.mark.slow
def test_what_has_a_database_runs_on_postgresql_and_nothing_else() -> None:
    """Tests with an engine, an application or an empty database of their own do, but for what others run as well."""
    chosen = "store/test_engine.py", "visit/test_views.py", "demo/test_simulate.py", "kit/test_money.py"
    output = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-qq", *chosen],
        cwd=TESTS,
        env=os.environ | {CHOICE: "postgresql"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    counts = dict(line.removeprefix("tests/").split(": ") for line in output.split("\n") if ": " in line)
    assert set(counts) == set(chosen[:3])
    of_engine = (TESTS / chosen[0]).read_text("utf-8")
    assert 0 < int(counts[chosen[0]]) <= of_engine.count("def test_")
    of_history = (TESTS / chosen[2]).read_text("utf-8")
    assert 0 < int(counts[chosen[2]]) <= of_history.count("engine: Engine") - of_history.count("@pytest.mark.once")
