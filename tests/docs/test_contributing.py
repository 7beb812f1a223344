"""Laws of CONTRIBUTING: whatever it names is there, and every room of the package is on its map."""

import re

import pytest

from tests.docs import markdown

PACKAGE = markdown.ROOT / "quizfunnel"
TEXT = markdown.read("CONTRIBUTING.md")
NAMED = sorted(set(re.findall(r"`([\w./-]+(?:/|\.(?:py|html|toml|md|js)))`", TEXT)))


def rooms() -> set[str]:
    """Return every folder of code below the package; steps of migrations are no room."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE, PACKAGE / "migrations" / "versions"}
    return {f"{folder.relative_to(PACKAGE).as_posix()}/" for folder in folders}


@pytest.mark.parametrize("name", NAMED)
def test_every_path_is_there(name: str) -> None:
    """A file or folder that it names lies in the package or at the top of the repository, or is a file's bare name."""
    bare = "/" not in name
    assert (PACKAGE / name).exists() or (markdown.ROOT / name).exists() or (bare and any(PACKAGE.rglob(name)))


def test_every_room_is_on_the_map() -> None:
    """Top rooms and inner ones have a line of the map each, and no line is of a room that is gone."""
    table = TEXT[TEXT.index("## The map") : TEXT.index("## Five ways")]
    lines = [line.split("|")[1:3] for line in table.splitlines() if line.startswith("| `")]
    assert {name for line in lines for name in re.findall(r"`([\w/]+/)`", "".join(line))} == rooms()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`make ([\w-]+)", TEXT))))
def test_every_target_is_one(name: str) -> None:
    """A target of make that it names is in the Makefile."""
    assert re.search(rf"^{name}:", markdown.read("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("room", ["stats", "log", "recommend/serving"])
def test_a_room_with_a_law_of_its_own_says_it(room: str) -> None:
    """A README of at most seven lines stands in it: what it holds, and what it may not do."""
    text = (PACKAGE / room / "README.md").read_text("utf-8")
    assert "Its law: " in text
    assert len(text.splitlines()) <= 7


def test_the_map_follows_the_law() -> None:
    """The top rooms stand in the order of the law of direction, so that who reads down meets no import upwards."""
    law = (markdown.ROOT / "pyproject.toml").read_text("utf-8").split("layers = [", 1)[1].split("]", 1)[0]
    height = {name: floor for floor, line in enumerate(re.findall(r'"(.+)"', law)) for name in re.findall(r"\w+", line)}
    tops = re.findall(r"^\| `(\w+)/`", TEXT, re.MULTILINE)
    assert [height[name] for name in tops] == sorted(height[name] for name in tops)
