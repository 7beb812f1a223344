"""One policy through one shop: it shows, shoppers buy, it learns; and what that cost against knowing everything."""

from typing import NamedTuple, Protocol

import numpy as np

from benchmarks.loop.worlds import Floats, Ints, World, best_orders

BATCH = 250  # shoppers between two moments at which a policy may learn


class Player(Protocol):
    """A policy that may learn."""

    def show(self, rows: Ints) -> Ints:
        """Return orders [m, k] for the shoppers `rows` [m]."""
        ...

    def learn(self, rows: Ints, orders: Ints, bought: Floats) -> None:
        """Take what these shoppers were shown and bought, both [m, k]."""
        ...


class Played(NamedTuple):
    """Expected purchases lost in all against knowing every chance, and purchases made."""

    regret: float
    hits: int


def play(world: World, player: Player) -> Played:
    """Serve every shopper of the world once, in batches."""
    lost, hits = 0.0, 0
    best = best_orders(world)
    for start in range(0, len(world.answers), BATCH):
        rows = np.arange(start, min(start + BATCH, len(world.answers)))
        orders = player.show(rows)
        bought = world.bought(rows, orders)
        lost += float((world.value(rows, best[rows]) - world.value(rows, orders)).sum())
        hits += int(bought.sum())
        player.learn(rows, orders, bought)
    return Played(lost, hits)
