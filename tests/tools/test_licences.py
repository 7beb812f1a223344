"""Laws of the licences: the page names whatever runs with the program, as it is installed; nothing forbids its use."""

import re
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.docs import markdown
from tools import licences

LOCK = re.compile(r"^([a-z0-9._-]+)(?:\[.+\])?==", re.MULTILINE)
PAGE = markdown.read("docs/licences.md")


def test_the_page_is_that_of_what_is_installed() -> None:
    """Written anew it is the same: `python tools/licences.py > docs/licences.md`."""
    assert licences.page() == PAGE


def test_every_package_of_the_lock_is_named() -> None:
    """Those that the lock brings to build with are not of the program; all others are on the page."""
    tools = {"editables", "hatchling", "pathspec", "pluggy", "trove-classifiers", "tomlkit"}
    locked = set(LOCK.findall(markdown.read("requirements.txt")))
    of_elsewhere = {name for name in locked if not _is_here(name)}
    named = set(re.findall(r"^\| ([a-z0-9-]+) \|", PAGE, re.MULTILINE))
    assert locked - tools - of_elsewhere <= named


def _is_here(name: str) -> bool:
    try:
        distribution(name)
    except ModuleNotFoundError:  # of another system
        return False
    return True


def test_nothing_forbids_its_use() -> None:
    """Each licence is permissive, or an exception with its reason; and no exception is for a package that is gone."""
    packages = {name: licences.licence(name, each) for name, each in licences.packages().items()}
    wrong = {name for name, under in packages.items() if not licences.is_permissive(under)}
    assert wrong == set(licences.EXCEPTIONS)


@pytest.mark.parametrize(
    ("under", "good"),
    [("MIT", True), ("BSD-3-Clause AND MIT", True), ("MIT AND GPL-3.0-only", False), ("GPL-2.0-only OR MIT", True)],
)
def test_what_is_permissive(under: str, good: object) -> None:
    """All of those that hold together, or one of those to choose from; a licence that nobody named is none."""
    assert licences.is_permissive(under) is good
    assert not licences.is_permissive("unknown")


def test_every_file_of_others_is_named() -> None:
    """Each has its licence beside it and its digest among the checksums."""
    vendor: Path = markdown.ROOT / "static" / "vendor"
    files = {path.name for path in vendor.iterdir()}
    of_others = {name for name in files if not name.endswith((".LICENSE.txt", "checksums.txt"))}
    assert of_others == set(licences.VENDORED)
    checked = (vendor / "checksums.txt").read_text("utf-8")
    for name, (of, under) in licences.VENDORED.items():
        assert name in checked
        assert (vendor / f"{of}.LICENSE.txt").is_file()
        assert f"| `{name}` | {of} | {under} |" in PAGE
