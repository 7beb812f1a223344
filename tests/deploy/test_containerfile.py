"""Laws of the container: sound to its linter, run by nobody's root, watched; its steps make a program that serves."""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from tests.deploy.containerfile import FILE, ROOT, only, stages
from tests.servers import free_port, get, started

BUILD, FINAL = stages()
INSTALLED = "/opt/quizfunnel"


def copied() -> list[str]:
    """Return what the build copies out of the repository."""
    return [source for each in BUILD if each.name == "COPY" for source in each.words()[:-1]]


def test_its_linter_has_nothing_to_say() -> None:
    """Hadolint, with every rule on."""
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint
    said = subprocess.run([hadolint, "--no-color", str(FILE)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("", 0)


def test_it_runs_as_nobody_special() -> None:
    """A user by number, so that a cluster can see that it is not root; the program's files are not that user's."""
    user = only(FINAL, "USER").rest
    number = user.partition(":")[0]
    assert number.isdecimal()
    assert int(number) > 0
    assert f"--uid {number}" in only(FINAL, "RUN").rest
    assert all("--chown" not in each.rest for each in FINAL)
    assert FINAL.index(only(FINAL, "USER")) < FINAL.index(only(FINAL, "CMD"))


def test_only_what_is_built_goes_in() -> None:
    """The second stage takes the environment alone: no compiler's leavings, no sources, no cache of pip."""
    assert only(FINAL, "COPY").words() == ["--from=build", INSTALLED, INSTALLED]
    pips = [each.rest for each in BUILD if each.name == "RUN" and "pip install" in each.rest]
    assert len(pips) == 2
    assert all("--no-cache-dir" in each for each in pips)
    assert "--require-hashes --requirement requirements.txt" in pips[0]


def test_the_context_is_what_is_copied() -> None:
    """.dockerignore lets through what the build copies and nothing else, so that no secret of a checkout is sent."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert lines[1] == "*"
    assert sorted(line[1:] for line in lines if line.startswith("!")) == sorted(copied())
    assert all((ROOT / source).exists() for source in copied())


def test_whatever_the_package_ships_is_copied() -> None:
    """What pyproject.toml puts into the package, or its build fails in the container alone."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    shipped = {source.split("/")[0] for source in [*wheel["packages"], *wheel["force-include"]]}
    assert shipped <= set(copied())


@pytest.mark.slow
def test_its_steps_make_a_program_that_serves(tmp_path: Path) -> None:
    """In a clean environment its own install step, then its command; its health check passes then, and fails after.

    The libraries are those of this environment, by reference, and so is pip: that the lock can be installed is shown by
    every run of CI.
    """
    source, place = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for name in copied():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    venv.create(place, symlinks=True)
    site = next((place / "lib").glob("python*/site-packages"))
    libraries = (path for path in sys.path if path.endswith("site-packages"))
    (site / "of-the-tests.pth").write_text("\n".join(libraries) + "\n")
    step = [each.rest for each in BUILD if each.name == "RUN" and "--no-deps" in each.rest]
    (install,) = (shlex.split(line.removeprefix(f"{INSTALLED}/bin/pip")) for line in step)
    install = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), *install]
    done = subprocess.run([*install, "--quiet"], cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    store, port = tmp_path / "store", str(free_port())
    store.mkdir()
    env = {"PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}", "QUIZFUNNEL_STORE": str(store)}
    command = [word.replace("8000", port).replace("0.0.0.0", "127.0.0.1") for word in only(FINAL, "CMD").words()]  # noqa: S104 - it is not listened on
    check = [word.replace("8000", port) for word in only(FINAL, "HEALTHCHECK").words()]
    with started(str(place / "bin" / command[0]), *command[1:], cwd=store, env=env):
        assert get(f"http://127.0.0.1:{port}/")[0] == 200
        assert subprocess.run([str(place / "bin" / check[0]), *check[1:]], check=False).returncode == 0
    failed = subprocess.run([str(place / "bin" / check[0]), *check[1:]], capture_output=True, check=False)
    assert failed.returncode != 0
    assert (site / "quizfunnel" / "_shipped" / "quizzes").is_dir()
