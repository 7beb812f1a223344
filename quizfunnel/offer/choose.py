"""Choice of an offer for a finished attempt, made once and stored with everything needed to judge it later."""

import hashlib
import json
import math
from collections.abc import Callable, Sequence
from itertools import compress
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.journey.attempt import Finished
from quizfunnel.kit.ids import new_id
from quizfunnel.offer import reasons
from quizfunnel.offer.allowed import Allowed, allowed, products_of
from quizfunnel.offer.memory import Memory
from quizfunnel.offer.products import Chosen, NearMiss, OfferDraft
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.publication import keep_catalog
from quizfunnel.quiz.rules import rules
from quizfunnel.quiz.spec import Answers, Quiz
from quizfunnel.quiz.texts.mentions import filled, names
from quizfunnel.recommend.serving.packed import GRID, ZERO
from quizfunnel.recommend.serving.policy import PlackettLucePolicy, Weights
from quizfunnel.recommend.serving.recommender import Models, Pick, RulesRecommender
from quizfunnel.recommend.serving.score_table import ScoreTable
from quizfunnel.store.types import columns

_offer = columns(Offer)

BATCHES = 2  # the products shown first, and the next ones for whom none of these suits
MOST_PATTERNS = 256  # sets of answers whose weights a worker keeps: some 50 KB each over 500 products


class Chooser:
    """Chooses and stores offers by the models that serve and one policy."""

    def __init__(self, models: Models, policy: PlackettLucePolicy) -> None:
        """Take the source of recommenders, and the policy that varies the order."""
        self.models = models
        self.policy = policy

    def on_finish(self, connection: Connection, finished: Finished) -> str:
        """Choose and store the offer of a finished attempt; return its id.

        One offer for each set of answers: the same answers again find the offer that stands.
        """
        text = answers_text(finished.answers)
        digest = hashlib.sha256(text.encode()).hexdigest()
        mine = _offer.attempt_id == finished.attempt_id
        known = connection.execute(select(_offer.id).where(mine, _offer.answers_hash == digest)).scalar()
        if known is not None:
            return str(known)
        # Nothing but what is stored: whoever reads the log can draw the same order again.
        seed = f"{finished.attempt_id}:{digest}"
        pick = self.pick(finished.live, finished.attempt_id)
        choice = self._choose(pick, finished.live, finished.answers, seed=seed)
        last = connection.execute(select(func.max(_offer.revision)).where(mine)).scalar()
        id, given = new_id(), {"answers": text, "answers_hash": digest, "revision": (last or 0) + 1}
        catalog = keep_catalog(connection, finished.live, at=finished.at)
        by = {"policy": self.policy.as_json(), "seed": seed, "catalog_version": catalog}
        connection.execute(insert(Offer), {"id": id} | _row(finished, pick, choice) | given | by)
        if choice.items:
            connection.execute(insert(OfferItem), _rows(id, choice))
        return id

    def pick(self, live: LiveQuiz, attempt: str) -> Pick:
        """Return the recommender of an attempt."""
        return self.models.pick(live.slug, live.quiz, products_of(live.catalog), attempt)

    def prepare(self, live: LiveQuiz) -> None:
        """Work out the rows that the first shopper would wait for."""
        self._table(live, "").prepare()

    def scores(self, live: LiveQuiz, answers: Answers, attempt: str = "") -> list[float]:
        """Return the score of every product that is allowed, in catalogue order."""
        table = self._table(live, attempt)
        scores = table.scores(answers)
        return [scores[place] for place in allowed(table.rules, answers).places]

    def choose(self, live: LiveQuiz, answers: Answers, *, seed: str, attempt: str = "") -> OfferDraft:
        """Choose products for one set of answers; the same for the same seed."""
        return self._choose(self.pick(live, attempt), live, answers, seed=seed)

    def _choose(self, pick: Pick, live: LiveQuiz, answers: Answers, *, seed: str) -> OfferDraft:
        table = pick.recommender.table(live.quiz, products_of(live.catalog))
        return choose(table, self.policy, answers, seed=seed, depth=live.quiz.offer.show * BATCHES)

    def _table(self, live: LiveQuiz, attempt: str) -> ScoreTable:
        return self.pick(live, attempt).recommender.table(live.quiz, products_of(live.catalog))


class Weighed(NamedTuple):
    """One set of answers, ready to draw offers from: the eligible products, their weights, and the reasons."""

    allowed: Allowed
    weights: Weights
    why: reasons.Reasons


_patterns = Memory[Weighed](MOST_PATTERNS)


def choose(table: ScoreTable, policy: PlackettLucePolicy, answers: Answers, *, seed: str, depth: int) -> OfferDraft:
    """Choose products for one set of answers; pure, and the whole of what serving does beside the database.

    What a hard rule or the stock forbids is removed before anything is ranked. Fewer are chosen
    rather than a forbidden one.
    """
    given = tuple(answers.items())
    may, weights, why = _patterns.get((table, policy.temperature, given), lambda: _weigh(table, policy, answers))
    drawn = policy.draw(weights, seed, depth)
    places = [may.places[place] for place, _ in drawn]
    quiz = table.rules.quiz
    sentences = why.told(places, first=quiz.offer.show)
    items = [
        Chosen(
            table.rules.products.all[index],
            GRID * (weights.scores[place] - ZERO),
            propensity,
            _filled(told, quiz, answers),
        )
        for (place, propensity), index, told in zip(drawn, places, sentences, strict=True)
    ]
    return OfferDraft(tuple(items), may)


def _filled(sentences: tuple[str, ...], quiz: Quiz, answers: Answers) -> tuple[str, ...]:
    """Return reasons with the earlier answers that their words repeat."""
    return tuple(filled(each, quiz, answers) for each in sentences) if names(quiz) else sentences


def _weigh(table: ScoreTable, policy: PlackettLucePolicy, answers: Answers) -> Weighed:
    """Return a set of answers with its weights; many shoppers may give the same."""
    may = allowed(table.rules, answers)
    scores = list(compress(table.read(answers), may.selected))
    return Weighed(may, policy.weigh(scores, GRID), reasons.Reasons(table, dict(answers), may))


def shown_by_rules(quiz: Quiz, catalog: Catalog, policy: PlackettLucePolicy) -> Callable[[Answers, str], list[Product]]:
    """Return the chooser of a quiz that nobody has taken yet: the products of the first page, by the points alone."""
    table = RulesRecommender().table(quiz, products_of(catalog))

    def shown(answers: Answers, seed: str) -> list[Product]:
        return [item.product for item in choose(table, policy, answers, seed=seed, depth=quiz.offer.show).items]

    return shown


def answers_text(answers: Answers) -> str:
    """Return a set of answers as it is stored, the same text for the same answers in any order."""
    return json.dumps(dict(sorted(answers.items())), ensure_ascii=True, separators=(",", ":"))


def answers_hash(answers: Answers) -> str:
    """Return a digest of a set of answers, the same for the same answers in any order."""
    return hashlib.sha256(answers_text(answers).encode()).hexdigest()


def relaxed(live: LiveQuiz, answers: Answers, most: int = 3) -> list[NearMiss]:
    """Return the products that break the fewest rules, for the page that says that none fits all."""
    hard = rules(live.quiz, answers)
    misses = [
        NearMiss(product, tuple(rule for rule in hard if not rule.allows(product)))
        for product in live.catalog.products
        if product.available
    ]
    near = sorted((miss for miss in misses if miss.broken), key=lambda miss: (len(miss.broken), miss.product.price))
    return near[:most]


def _row(finished: Finished, pick: Pick, choice: OfferDraft) -> dict[str, object]:
    """Return the columns of an offer that its attempt, the recommender and the choice give."""
    return {
        "attempt_id": finished.attempt_id,
        "finished_at": finished.finished_at,
        "chosen_at": finished.at,
        "show": finished.live.quiz.offer.show,
        "model": pick.recommender.name,
        "fallback": pick.fallback,
        "rival": pick.rival,
        "model_share": pick.share,
        "eligible": choice.allowed.as_json,
        "rejected_at": None,
        "rejected_why": "",
        "sections": "",
    }


def _rows(offer: str, choice: OfferDraft) -> Sequence[dict[str, object]]:
    return [
        {
            "offer_id": offer,
            "section": "",
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


def varied(chooser: Chooser, live: LiveQuiz, answers: Answers, attempt: str = "") -> float:
    """Return the chance that these answers get another order than their scores alone would give.

    Products of equal scores stand in catalogue order in that one.
    """
    scores = chooser.scores(live, answers, attempt)
    order = sorted(range(len(scores)), key=lambda n: (-scores[n], n))[: live.quiz.offer.show]
    return 1 - math.prod(chooser.policy.propensities(scores, order))
