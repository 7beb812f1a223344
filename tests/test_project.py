"""The project's own files: locks without hosts, and one command for everything."""

import os
import re
import subprocess
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


@pytest.mark.parametrize("status", [0, 3])
def test_ci_runs_what_a_developer_runs(tmp_path: Path, status: int) -> None:
    """One command, `make test` in the project's folder, and its failure is CI's."""
    (tmp_path / "make").write_text(f'#!/bin/sh\necho "$PWD: make $*"\nexit {status}\n')
    (tmp_path / "make").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    ran = subprocess.run([ROOT / ".ci" / "run"], env={"PATH": path}, cwd=tmp_path, capture_output=True, check=False)
    assert (ran.stdout.decode(), ran.returncode) == (f"{ROOT}: make test\n", status)
