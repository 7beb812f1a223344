"""The quizzes of a shop: the shipped ones, or one of them alone with every second visitor held out, to know soon."""

import re
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from quizfunnel.demo.taste import Market
from quizfunnel.kit.clock import SystemClock
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shipped import shipped_folder

HALF, SHIPPED = SHOPS = ("half", "shipped")
HELD_OUT = 0.5

_SHARE = re.compile(r"^(\s*holdout_share:\s*)\S+$", re.MULTILINE)


@lru_cache(maxsize=2)
def markets(shop: str, quiz: str) -> list[Market]:
    """Return the quizzes of a shop, as the demo's visitors meet them; raise RuntimeError as `write_half` does."""
    if shop == SHIPPED:
        return _markets(shipped_folder() / "quizzes")
    with TemporaryDirectory() as folder:
        write_half(Path(folder), quiz)
        return _markets(Path(folder))


def write_half(folder: Path, quiz: str) -> None:
    """Write a quiz folder: a copy of one shipped quiz with its catalogue, and half of the visitors held out.

    Raise RuntimeError where no such quiz is shipped, or it has no experiment.
    """
    shipped = shipped_folder() / "quizzes"
    if not (shipped / f"{quiz}.yaml").is_file():
        raise RuntimeError(f"no quiz {quiz} is shipped in {shipped}")
    text, found = _SHARE.subn(rf"\g<1>{HELD_OUT}", (shipped / f"{quiz}.yaml").read_text("utf-8"))
    if found != 1:
        raise RuntimeError(f"quiz {quiz} has no experiment, and so no verdict")
    shutil.copytree(shipped / "catalogs", folder / "catalogs", dirs_exist_ok=True)
    (folder / f"{quiz}.yaml").write_text(text, "utf-8")


def _markets(folder: Path) -> list[Market]:
    shelf = Shelf(folder, None, SystemClock())
    live = [found for slug in shelf.slugs() if (found := shelf.live(slug))]
    return [market for market in map(Market, live) if market.shelf]
