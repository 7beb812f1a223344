"""Stage of a simulation: the rooms' verbs, and the world and seed behind them."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from quizfunnel.demo import INVITATIONS
from quizfunnel.demo.taste import Market
from quizfunnel.journey.record import OnFinish
from quizfunnel.kit.signing import Signer
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.settings import Settings
from quizfunnel.shop.invite import Host, Plan


@dataclass(frozen=True)
class Stage:
    """Store, verbs, world and seed of a simulation."""

    shelf: Shelf
    settings: Settings
    plan: Plan
    signer: Signer
    keys: AttributionKeys
    on_finish: OnFinish
    world: str
    seed: int

    @cached_property
    def host(self) -> Host:
        """Return the store that invites them, with a digest of the seed's own."""
        key = f"arms of seed {self.seed}".encode()

        def digest(text: str) -> bytes:
            return hashlib.blake2b(text.encode(), key=key[:64]).digest()

        return Host(self.shelf, self.settings, self.plan, digest, INVITATIONS)

    @cached_property
    def of_slug(self) -> dict[str, Market]:
        """Return the quizzes that the visitors meet, by slug."""
        live = [quiz for slug in self.shelf.slugs() if (quiz := self.shelf.live(slug))]
        return {each.slug: Market(each) for each in live}

    def markets(self) -> list[Market]:
        """Return the quizzes with something to sell."""
        return [market for market in self.of_slug.values() if market.shelf]
