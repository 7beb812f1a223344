"""The released package, built the way a release is: sdist first, wheel from it, started from an empty folder."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.servers import free_port, get, started

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SHIPPED = ("templates", "quizzes", "static", "locale", "models", "docs")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel into a folder, with the build tools that are installed here."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def tracked(*folders: str) -> set[str]:
    """Return the files that are there in the checkout's folders, other than what Python leaves."""
    found = (path for name in folders for path in (ROOT / name).rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


def test_the_wheel_has_the_code_and_everything_shipped(built: Path) -> None:
    """Every module, template, quiz, picture and model of the checkout, and nothing else."""
    (wheel,) = built.glob("*.whl")
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = tracked("quizfunnel") | {f"quizfunnel/_shipped/{name}" for name in tracked(*SHIPPED)}
    assert names == wanted


def test_the_sdist_builds_the_same_wheel_anywhere(built: Path) -> None:
    """The sdist holds all that the wheel is made from, and nothing that a store or a developer leaves behind."""
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert tracked("quizfunnel", *SHIPPED) | {"pyproject.toml", "README.md", "LICENSE"} <= names
    assert not [name for name in names if name.split("/")[0] in (".venv", "var", "dist", "node_modules", ".git")]


def test_it_starts_from_an_empty_folder(built: Path, tmp_path: Path) -> None:
    """Installed in a new environment, outside the checkout, it serves its first page with its own templates."""
    (wheel,) = built.glob("*.whl")
    venv.create(tmp_path / "env", symlinks=True)
    site = next((tmp_path / "env" / "lib").glob("python*/site-packages"))
    # the libraries of this environment by reference: what is tested is our own package, and it must come first
    zipfile.ZipFile(wheel).extractall(site)  # noqa: S202 - our own wheel
    libraries = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
    (tmp_path / "store").mkdir()
    port = free_port()
    env = {"PYTHONPATH": os.pathsep.join([str(site), libraries])}
    command = [str(tmp_path / "env" / "bin" / "python"), "-m", "quizfunnel", "serve", "--port", str(port)]
    with started(*command, cwd=tmp_path / "store", env=env) as (_, said):
        assert any("quizfunnel init" in line for line in said), said
        status, page = get(f"http://127.0.0.1:{port}/")
    assert status == 200
    assert "<h1" in page
    assert sorted(path.name for path in (tmp_path / "store").iterdir()) == ["quizzes", "var"]
