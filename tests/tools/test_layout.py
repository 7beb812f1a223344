"""Laws of the layout's figures: what they count in a small package, and that they can be had of this checkout."""

from pathlib import Path

import pytest

from tools import layout

SMALL = {
    "__init__.py": "",
    "top.py": "from quizfunnel.journey import views\n",
    "journey/__init__.py": "",
    "journey/views.py": ("def answer():\n    from quizfunnel.journey import record\n    return record.keep()\n"),
    "journey/record.py": (
        "from quizfunnel.kit.clock import now\n"
        "from quizfunnel.kit import money\n"
        "def keep():\n"
        '    """Keep profit out of docstrings."""\n'
        "    return now()\n"
        "def nothing():\n"
        "    return money.profit\n"
    ),
    "kit/__init__.py": "",
    "kit/clock.py": "def now(): ...\n",
    "kit/money.py": "profit = 1\n",
    "kit/kinds.py": "class One:\n    pick: Literal['one']\n",
}


@pytest.fixture
def small(tmp_path: Path) -> layout.Layout:
    """Measure a package of six modules in three rooms."""
    for name, text in SMALL.items():
        path = tmp_path / "quizfunnel" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return layout.measure(tmp_path)


def test_modules_and_floors_are_those_of_a_folder(small: layout.Layout) -> None:
    """A room counts the files in it; its floors count a sub-folder as one, and opened each module of it."""
    assert small.rooms == {
        "quizfunnel": layout.Room(modules=1, floors=3, opened=4),
        "quizfunnel.journey": layout.Room(modules=2, floors=2, opened=2),
        "quizfunnel.kit": layout.Room(modules=3, floors=1, opened=1),
    }


def test_words_are_those_of_the_code(small: layout.Layout) -> None:
    """A metric's word in a docstring does not count, in a name it does; a kind is a class that says what it picks."""
    assert small.metric == 2
    assert small.kind == 1


def test_a_circle_has_no_floors() -> None:
    """Modules that import each other stand on no floor."""
    assert layout.longest({"a": {"b"}, "b": {"a"}}) == 0


@pytest.fixture(scope="module")
def figures() -> layout.Layout:
    """Measure this checkout once."""
    return layout.measure(layout.ROOT)


@pytest.mark.thorough
def test_it_measures_this_checkout(figures: layout.Layout) -> None:
    """Every room has floors, closed and opened, and somebody names a kind and a metric."""
    assert all(min(room.floors, room.opened) > 0 for room in figures.rooms.values())
    assert figures.kind > 0
    assert figures.metric > 0
    assert f"named in {figures.kind} modules" in layout.as_text(figures)


@pytest.mark.thorough
def test_no_room_is_too_full(figures: layout.Layout) -> None:
    """At most fifteen modules lie in one folder, beside its sub-folders: more, and nobody finds one by its name."""
    assert {name: room.modules for name, room in figures.rooms.items() if room.modules > 15} == {}
