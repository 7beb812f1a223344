"""One seed's history in every world, in a process of its own."""

from datetime import UTC, datetime
from functools import lru_cache

from benchmarks.worlds.count import Seen, seen
from benchmarks.worlds.walk import Shop, shoppers
from quizfunnel.demo import world
from quizfunnel.demo.taste import Market
from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.versions import Shelf
from quizfunnel.shipped import shipped_folder

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # any moment: what is drawn is told from the end of history

Played = dict[str, Seen]


def played(quiz: str, seed: int, visitors: int, now: datetime = NOW) -> Played:
    """Return what the page of a quiz says in each world; the same visitors come in all of them."""
    shop = Shop(markets(), quiz, seed, now)
    who = list(shoppers(shop, visitors))
    return {name: seen(shop, who, name) for name in world.EFFECTS}


@lru_cache(maxsize=1)
def markets() -> list[Market]:
    """Return the shipped quizzes, as the demo's visitors meet them."""
    shelf = Shelf(shipped_folder() / "quizzes", None, SetClock(NOW))
    live = [found for slug in shelf.slugs() if (found := shelf.live(slug))]
    return [market for market in map(Market, live) if market.shelf]


def held_out(quiz: str) -> float:
    """Return the share that a quiz holds out."""
    return Shop(markets(), quiz, 1, NOW).experiment.holdout_share
