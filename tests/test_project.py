"""The project's own files: locks without hosts, one command for everything, and the law of direction."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINE = re.compile(r"[a-z0-9][a-z0-9._-]*(\[[a-z,]+\])?==[^ ]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_has_versions_and_hashes_and_nothing_else(name: str) -> None:
    """No line names a host, an index or a folder, so that any registry with these files serves."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    assert len(lines) > 100
    assert [line for line in lines if not LINE.fullmatch(line)] == []


def test_the_locks_agree() -> None:
    """Tested versions are those that run: every version of the run-time lock is that of the tests'."""

    def pinned(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / name).read_text("utf-8").splitlines() if "==" in line}

    assert pinned("requirements.txt") <= pinned("requirements-dev.txt")


def test_every_dependency_is_locked() -> None:
    """Every requirement in pyproject.toml is in the run-time lock."""
    locked = (ROOT / "requirements.txt").read_text("utf-8")
    for wanted in PROJECT["project"]["dependencies"]:
        name = re.split(r"[^A-Za-z0-9._-]", wanted)[0].lower().replace(".", "-")
        assert re.search(rf"^{name}(\[.+\])?==", locked, re.MULTILINE), wanted


def test_ci_runs_what_a_developer_runs() -> None:
    """One command, and it is `make test`."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert script.startswith("#!/usr/bin/env bash")
    assert "set -euo pipefail" in script
    assert script.splitlines()[-1] == "make test"


def test_the_law_of_direction_knows_every_module() -> None:
    """Every module at the top stands somewhere in the law, which lint-imports then holds exhaustively."""
    layers = next(each for each in PROJECT["tool"]["importlinter"]["contracts"] if each.get("exhaustive"))["layers"]
    known = {name.strip(" ()") for layer in layers for name in re.split(r"[|:]", layer)}
    found = {
        path.stem for path in (ROOT / "quizfunnel").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - {"__init__"} <= known
