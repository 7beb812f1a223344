"""Laws of docs/worlds.md: its figures are those that are kept, its pictures are there, and all of it says simulated."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.studies import worlds
from benchmarks.studies.worlds import drawing, page, play
from benchmarks.studies.worlds.play import Setup
from benchmarks.studies.worlds.summary import RIGHT, SAYS, VERDICTS
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
    assert page.as_markdown(found) == (DOCS / "worlds.md").read_text("utf-8")
    assert drawing.as_svg(found["figures"]) == (DOCS / "pictures" / "worlds.svg").read_text("utf-8")


def test_the_figures_are_of_the_whole_benchmark_and_keep_their_targets() -> None:
    """As many seeds and visitors as the benchmark has by itself, every world, and each target met."""
    figures = kept()["figures"]
    assert (figures["seeds"], figures["visitors"], figures["quiz"]) == (worlds.SEEDS, worlds.VISITORS, worlds.QUIZ)
    assert (figures["shop"], figures["holdout_share"]) == ("half", 0.5)
    assert set(figures["worlds"]) == set(SAYS) == set(world.EFFECTS)
    assert all(row["met"] for row in figures["targets"])
    for each in figures["worlds"].values():
        assert sum(kind["count"] for kind in each["at_the_end"].values()) == len(each["by_seed"]) == worlds.SEEDS


def test_most_histories_are_told_rightly_and_a_yes_is_rarest_where_it_hurts() -> None:
    """Seen at the end in most of them where there is something to see, and never called a success where it is none."""
    each = kept()["figures"]["worlds"]
    for name in ("helps", "hurts"):
        assert each[name]["at_the_end"][RIGHT[name]]["count"] > worlds.SEEDS / 2
    ever = {name: each[name]["on_any_day"]["yes"]["count"] for name in ("hurts", "nothing", "helps")}
    assert ever["hurts"] <= ever["nothing"] <= 0.05 * worlds.SEEDS < ever["helps"]


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


@pytest.mark.parametrize("name", SAYS)
def test_the_page_owns_up_where_a_picture_does_not_tell_the_truth(name: str) -> None:
    """Its picture's verdict is called right only where it is the world's."""
    found = kept()
    shown = found["pictures"]["worlds"][name]
    for kind in VERDICTS:
        shown["kind"] = kind
        part = page.as_markdown(found).split(f"### {SAYS[name].capitalize()}")[1].split("###")[0]
        assert ("**That is not what is true here**" in part) is (kind != RIGHT[name])


@pytest.mark.thorough
def test_the_pictures_show_what_their_seed_gives() -> None:
    """Verdict and naive ratio are those of the same history in memory, but for windows that closed meanwhile."""
    pictures = kept()["pictures"]
    seen = play.played(Setup("half", "coffee", pictures["visitors"]), pictures["seed"])
    for name, said in pictures["worlds"].items():
        ratio = seen[name].takers.long[0].ratio.estimate
        assert float(said["long"].split("x")[0]) == pytest.approx(ratio, rel=0.03)
        assert seen[name].kind == said["kind"]
