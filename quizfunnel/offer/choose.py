"""Choosing what a finished attempt is offered, once, with everything needed to judge the choice later."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from itertools import compress
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.journey.record import Finished
from quizfunnel.kit.ids import new_id
from quizfunnel.offer import reasons
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.quiz.rules import Products, Rule, rules
from quizfunnel.quiz.spec import Answers
from quizfunnel.quiz.versions import LiveQuiz
from quizfunnel.recommend.policy import PlackettLucePolicy
from quizfunnel.recommend.recommender import Recommender
from quizfunnel.recommend.table import compiled
from quizfunnel.store.types import columns

_offer = columns(Offer)

_DIGITS = bytes.maketrans(b"01", b"\0\1")

BATCHES = 2  # the products shown first, and the next ones for whom none of these suits


class Chosen(NamedTuple):
    """One product of an offer, before it is stored."""

    product: Product
    score: float
    propensity: float
    reasons: list[str]


class Choice(NamedTuple):
    """A whole offer, before it is stored: the products in order and which ones were allowed."""

    items: tuple[Chosen, ...]
    eligible: tuple[str, ...]


class NearMiss(NamedTuple):
    """A product that breaks few rules, for when none fits all, and which rules it breaks."""

    product: Product
    broken: tuple[Rule, ...]


class Chooser:
    """Chooses and stores offers by one recommender and one policy."""

    def __init__(self, recommender: Recommender, policy: PlackettLucePolicy) -> None:
        """Take what scores and what varies the order."""
        self.recommender = recommender
        self.policy = policy

    def on_finish(self, connection: Connection, finished: Finished) -> str:
        """Choose and store the offer of a finished attempt; return its id.

        One offer for each set of answers: the same answers again find the offer that stands.
        """
        digest = answers_hash(finished.answers)
        mine = _offer.attempt_id == finished.attempt_id
        known = connection.execute(select(_offer.id).where(mine, _offer.answers_hash == digest)).scalar()
        if known is not None:
            return str(known)
        seed = f"{finished.attempt_id}:{digest}"
        choice = self.choose(finished.live, finished.answers, seed=seed)
        last = connection.execute(select(func.max(_offer.revision)).where(mine)).scalar()
        offer = {
            "id": new_id(),
            "attempt_id": finished.attempt_id,
            "finished_at": finished.finished_at,
            "answers_hash": digest,
            "revision": (last or 0) + 1,
            "chosen_at": finished.at,
            "show": finished.live.quiz.offer.show,
            "answers": answers_text(finished.answers),
            "model": self.recommender.name,
            "fallback": "",
            "rival": "",
            "model_share": 1.0,
            "policy": self.policy.as_json(),
            "seed": seed,
            "eligible": json.dumps(choice.eligible),
            "rejected_at": None,
            "rejected_why": "",
        }
        connection.execute(insert(Offer), offer)
        if choice.items:
            connection.execute(insert(OfferItem), _rows(str(offer["id"]), choice))
        return str(offer["id"])

    def scores(self, live: LiveQuiz, answers: Answers) -> list[float]:
        """Return the score of every product that is allowed, in catalogue order."""
        products = products_of(live.catalog)
        return list(compress(self.recommender.scores(live.quiz, products, answers), _selected(live, answers)))

    def choose(self, live: LiveQuiz, answers: Answers, *, seed: str) -> Choice:
        """Choose products for one set of answers; pure.

        What a hard rule or the stock forbids is removed before anything is ranked. Fewer are chosen
        rather than a forbidden one.
        """
        quiz, products = live.quiz, products_of(live.catalog)
        selected = _selected(live, answers)
        eligible = list(compress(range(len(products.all)), selected))
        if not eligible:
            return Choice((), ())
        scores = list(compress(self.recommender.scores(quiz, products, answers), selected))
        parts = self.recommender.contributions(quiz, products, answers)
        why = reasons.Considered(quiz, products, answers, selected=selected, contributions=parts)
        hard = reasons.hard(quiz, products, answers, buyable_bits(products))
        items = []
        for slot in self.policy.rank(scores, seed, quiz.offer.show * BATCHES):
            index = eligible[slot.place]
            said = dict.fromkeys([*why.soft(index), *hard])
            items.append(Chosen(products.all[index], scores[slot.place], slot.propensity, list(said)))
        return Choice(tuple(items), tuple(products.all[n].id for n in eligible))


def answers_text(answers: Answers) -> str:
    """Return a set of answers as it is stored, the same text for the same answers in any order."""
    return json.dumps(dict(sorted(answers.items())), ensure_ascii=True, separators=(",", ":"))


def answers_hash(answers: Answers) -> str:
    """Return a digest of a set of answers, the same for the same answers in any order."""
    return hashlib.sha256(answers_text(answers).encode()).hexdigest()


def relaxed(live: LiveQuiz, answers: Answers, most: int = 3) -> list[NearMiss]:
    """Return the products that break the fewest rules, for the page that says that none fits all."""
    asked = rules(live.quiz, answers)
    misses = [
        NearMiss(product, tuple(rule for rule in asked if not rule.allows(product)))
        for product in live.catalog.products
        if product.available
    ]
    near = sorted((miss for miss in misses if miss.broken), key=lambda miss: (len(miss.broken), miss.product.price))
    return near[:most]


@lru_cache(maxsize=64)
def products_of(catalog: "Catalog") -> Products:
    """Return a catalogue's products as the rules take them; one object for one catalogue."""
    return Products(catalog.products)


@lru_cache(maxsize=64)
def buyable_bits(products: Products) -> int:
    """Return a bit for every product that is published and in stock."""
    return sum(1 << n for n, product in enumerate(products.all) if product.available)


def _selected(live: LiveQuiz, answers: Answers) -> bytes:
    """Return a 1 for every product that can be bought and that no answer forbids, else a 0, in catalogue order."""
    products = products_of(live.catalog)
    table = compiled(live.quiz, products)
    bits = buyable_bits(products)
    for id, value in answers.items():
        for held in table.held(id, value):
            bits &= ~held.forbidden
    # Through text, since Python turns a number into digits far quicker than it tests its bits one by one.
    return f"{bits:0{len(products.all)}b}"[::-1].encode().translate(_DIGITS)


def _rows(offer: str, choice: Choice) -> Sequence[dict[str, object]]:
    return [
        {
            "offer_id": offer,
            "rank": rank,
            "product": item.product.id,
            "score": item.score,
            "propensity": item.propensity,
            "price_minor": item.product.price,
            "currency": item.product.currency,
            "reasons": json.dumps(item.reasons, ensure_ascii=False),
        }
        for rank, item in enumerate(choice.items, start=1)
    ]
