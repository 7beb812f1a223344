"""One seed's history in every world, in a process of its own."""

from datetime import UTC, datetime
from typing import NamedTuple

from benchmarks.studies.worlds import quizzes
from benchmarks.studies.worlds.count import Seen, seen
from benchmarks.studies.worlds.walk import Shop, shoppers
from quizfunnel.demo import world

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # any moment: what is drawn is told from the end of history

Played = dict[str, Seen]


class Setup(NamedTuple):
    """Setup that all histories have in common: the shop, the quiz whose page is read, and how many visitors come."""

    shop: str
    quiz: str
    visitors: int


def played(setup: Setup, seed: int, now: datetime = NOW) -> Played:
    """Return the verdicts of a quiz's page in each world; the same visitors come in all of them."""
    shop = Shop(quizzes.markets(setup.shop, setup.quiz), setup.quiz, seed, now)
    who = list(shoppers(shop, setup.visitors))
    return {name: seen(shop, who, name) for name in world.EFFECTS}


def held_out(setup: Setup) -> float:
    """Return the share that the quiz holds out in the shop; raise RuntimeError where it cannot have a verdict."""
    return Shop(quizzes.markets(setup.shop, setup.quiz), setup.quiz, 1, NOW).experiment.holdout_share
