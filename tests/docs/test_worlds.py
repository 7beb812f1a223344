"""Laws of docs/worlds.md: its figures are those that are kept, its pictures are there, and all of it says simulated."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks import worlds
from benchmarks.worlds import drawing, page, play
from benchmarks.worlds.told import SAYS
from quizfunnel.demo import world

DOCS = Path(__file__).parents[2] / "docs"
IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]+)\)")
SMALL = 100 * 1024


def kept() -> dict[str, Any]:
    """Return what docs/worlds.json holds."""
    found: dict[str, Any] = json.loads((DOCS / "worlds.json").read_text("utf-8"))
    return found


def test_page_and_drawing_are_current() -> None:
    """Both are what `python tools/draw_worlds.py --only page` writes now."""
    found = kept()
    held = play.held_out(found["figures"]["quiz"])
    assert page.as_markdown(found, held) == (DOCS / "worlds.md").read_text("utf-8")
    assert drawing.as_svg(found["figures"]) == (DOCS / "pictures" / "worlds.svg").read_text("utf-8")


def test_the_figures_are_of_the_whole_benchmark_and_keep_their_targets() -> None:
    """As many seeds and visitors as the benchmark has by itself, every world, and each target met."""
    figures = kept()["figures"]
    assert (figures["seeds"], figures["visitors"], figures["quiz"]) == (worlds.SEEDS, worlds.VISITORS, worlds.QUIZ)
    assert set(figures["worlds"]) == set(SAYS) == set(world.EFFECTS)
    assert all(row["met"] for row in figures["targets"])
    for each in figures["worlds"].values():
        assert sum(kind["count"] for kind in each["at_the_end"].values()) == len(each["by_seed"]) == worlds.SEEDS


def test_pictures_are_there_small_and_told_in_words() -> None:
    """A picture a world and the drawing, each with a text that says what it shows, of simulated visitors."""
    images = IMAGE.findall((DOCS / "worlds.md").read_text("utf-8"))
    assert {path for _, path in images} == {"pictures/worlds.svg", *(f"pictures/world-{name}.png" for name in SAYS)}
    assert all(len(alt) > 80 for alt, _ in images)
    assert all("simulated" in alt for alt, path in images if path.endswith(".png"))
    for name in SAYS:
        picture = (DOCS / "pictures" / f"world-{name}.png").read_bytes()
        assert picture.startswith(b"\x89PNG")
        assert len(picture) < SMALL
    assert "simulated" in drawing.as_svg(kept()["figures"])


def test_the_pictures_have_a_seed_and_a_date() -> None:
    """All worlds are of one seed, and it is said when they were taken."""
    pictures = kept()["pictures"]
    assert date.fromisoformat(pictures["taken"]) >= date(2026, 1, 1)
    assert set(pictures["worlds"]) == set(SAYS)
    assert f"seed {pictures['seed']}" in " ".join((DOCS / "worlds.md").read_text("utf-8").split())


@pytest.mark.thorough
def test_the_pictures_show_what_their_seed_gives() -> None:
    """The naive ratio on each is that of the same history in memory, but for windows that closed meanwhile."""
    pictures = kept()["pictures"]
    seen = play.played("coffee", pictures["seed"], pictures["visitors"])
    for name, said in pictures["worlds"].items():
        assert float(said["long"].rstrip("x")) == pytest.approx(seen[name].takers.long[0].ratio.estimate, rel=0.03)
        assert seen[name].kind == "unclear"
        assert said["sentence"].startswith("We can't tell yet")
