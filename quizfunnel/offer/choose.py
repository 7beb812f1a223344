"""Choice of an offer for a finished attempt, made once and stored with everything needed to judge it later."""

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from itertools import compress
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.journey.attempt import Finished
from quizfunnel.kit.ids import new_id
from quizfunnel.offer import reasons, sections
from quizfunnel.offer.allowed import Allowed, allowed, products_of, within
from quizfunnel.offer.memory import Memory
from quizfunnel.offer.products import Chosen, NearMiss, OfferDraft
from quizfunnel.offer.sections import DraftSection, ScoredSection, WeighedSection
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.publication import keep_catalog
from quizfunnel.quiz.rules import rules
from quizfunnel.quiz.spec import Answers, OfferSection, Quiz
from quizfunnel.quiz.texts.mentions import filled, names
from quizfunnel.recommend.serving.packed import GRID, ZERO
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.recommender import Models, Pick, RulesRecommender
from quizfunnel.recommend.serving.score_table import ScoreTable
from quizfunnel.store.types import columns

_offer = columns(Offer)

PAGES = 2  # the products shown first, and the next ones for whom none of these suits
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
        by["sections"] = sections.as_json(choice.sections, self.policy)
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

    def by_section(self, live: LiveQuiz, answers: Answers, attempt: str = "") -> list[ScoredSection]:
        """Return the scores that each section draws by; without sections those of all that is allowed."""
        table = self._table(live, attempt)
        scores, may, offer = table.scores(answers), allowed(table.rules, answers), live.quiz.offer
        parts = [(mask.section.show, within(table.rules.products, may, mask.takes)) for mask in table.rules.sections]
        return [
            ScoredSection(show, part.places, [scores[place] for place in part.places])
            for show, part in parts or [(offer.show, may)]
        ]

    def choose(self, live: LiveQuiz, answers: Answers, *, seed: str, attempt: str = "") -> OfferDraft:
        """Choose products for one set of answers; the same for the same seed."""
        return self._choose(self.pick(live, attempt), live, answers, seed=seed)

    def _choose(self, pick: Pick, live: LiveQuiz, answers: Answers, *, seed: str) -> OfferDraft:
        table = pick.recommender.table(live.quiz, products_of(live.catalog))
        return choose(table, self.policy, answers, seed=seed)

    def _table(self, live: LiveQuiz, attempt: str) -> ScoreTable:
        return self.pick(live, attempt).recommender.table(live.quiz, products_of(live.catalog))


class Weighed(NamedTuple):
    """One set of answers, ready to draw offers from: the allowed products, and each section's weights and reasons."""

    allowed: Allowed
    parts: tuple[WeighedSection, ...]


_patterns = Memory[Weighed](MOST_PATTERNS)


def choose(
    table: ScoreTable, policy: PlackettLucePolicy, answers: Answers, *, seed: str, pages: int = PAGES
) -> OfferDraft:
    """Choose products for one set of answers; pure, and the whole of what serving does beside the database.

    What a hard rule or the stock forbids is removed before anything is ranked. Fewer are chosen
    rather than a forbidden one. Sections draw one after the other, as `sections` says.
    """
    given, quiz = tuple(answers.items()), table.rules.quiz
    page, catalog = quiz.offer.page, table.rules.products.all
    may, parts = _patterns.get((table, policy.temperature, given), lambda: _weigh(table, policy, answers))
    slots = sections.drawn(policy, parts, seed=seed, pages=pages, page=page)
    most = reasons.MOST_SHARED_IN_SECTIONS if quiz.offer.sections else reasons.MOST_SHARED
    spoken = [of.why.spoken(product) for of, _, product, _, _ in slots]
    at_once = [rank <= page for _, rank, _, _, _ in slots]
    sentences = _filled(reasons.told_together(spoken, at_once, parts[0].why.hard, most_shared=most), quiz, answers)
    items = [
        Chosen(
            catalog[product],
            GRID * (of.weights.scores[place] - ZERO),
            propensity,
            told,
            of.section.id if of.section else "",
            rank,
        )
        for (of, rank, product, place, propensity), told in zip(slots, sentences, strict=True)
    ]
    logged = [DraftSection(part.section.id, part.section.show, part.allowed) for part in parts if part.section]
    return OfferDraft(tuple(items), may, tuple(logged))


def _filled(sentences: list[tuple[str, ...]], quiz: Quiz, answers: Answers) -> list[tuple[str, ...]]:
    """Return the reasons for each product with the earlier answers that their words repeat."""
    if not names(quiz):
        return sentences
    return [tuple(filled(each, quiz, answers) for each in told) for told in sentences]


def _weigh(table: ScoreTable, policy: PlackettLucePolicy, answers: Answers) -> Weighed:
    """Return a set of answers with its weights; many shoppers may give the same."""
    may, scores = allowed(table.rules, answers), table.read(answers)

    def weighed(section: OfferSection | None, part: Allowed) -> WeighedSection:
        weights = policy.weigh(list(compress(scores, part.selected)), GRID)
        return WeighedSection(section, part, weights, reasons.Reasons(table, dict(answers), part))

    masks = table.rules.sections
    each = [weighed(mask.section, within(table.rules.products, may, mask.takes)) for mask in masks]
    return Weighed(may, tuple(each or [weighed(None, may)]))


def shown_by_rules(quiz: Quiz, catalog: Catalog, policy: PlackettLucePolicy) -> Callable[[Answers, str], list[Product]]:
    """Return the chooser of a quiz that nobody has taken yet: the products of the first page, by the points alone."""
    table = RulesRecommender().table(quiz, products_of(catalog))

    def shown(answers: Answers, seed: str) -> list[Product]:
        return [item.product for item in choose(table, policy, answers, seed=seed, pages=1).items]

    return shown


def answers_text(answers: Answers) -> str:
    """Return a set of answers as it is stored, the same text for the same answers in any order."""
    return json.dumps(dict(sorted(answers.items())), ensure_ascii=True, separators=(",", ":"))


def answers_hash(answers: Answers) -> str:
    """Return a digest of a set of answers, the same for the same answers in any order."""
    return hashlib.sha256(answers_text(answers).encode()).hexdigest()


def relaxed(
    live: LiveQuiz,
    answers: Answers,
    most: int = 3,
    *,
    section: OfferSection | None = None,
    without: Collection[str] = (),
) -> list[NearMiss]:
    """Return the products that break the fewest rules, for the page that says that none fits all.

    Of a section those that it takes, `without` what stands elsewhere on the page.
    """
    hard = rules(live.quiz, answers)
    misses = [
        NearMiss(product, tuple(rule for rule in hard if not rule.allows(product)))
        for product in live.catalog.products
        if product.available and product.id not in without and (section is None or section.takes(product))
    ]
    near = sorted((miss for miss in misses if miss.broken), key=lambda miss: (len(miss.broken), miss.product.price))
    return near[:most]


def _row(finished: Finished, pick: Pick, choice: OfferDraft) -> dict[str, object]:
    """Return the columns of an offer that its attempt, the recommender and the choice give."""
    return {
        "attempt_id": finished.attempt_id,
        "finished_at": finished.finished_at,
        "chosen_at": finished.at,
        "show": finished.live.quiz.offer.promised,
        "model": pick.recommender.name,
        "fallback": pick.fallback,
        "rival": pick.rival,
        "model_share": pick.share,
        "eligible": choice.allowed.as_json,
        "rejected_at": None,
        "rejected_why": "",
    }


def _rows(offer: str, choice: OfferDraft) -> Sequence[dict[str, object]]:
    return [
        {
            "offer_id": offer,
            "section": item.section,
            "rank": item.rank,
            "product": item.product.id,
            "score": item.score,
            "propensity": item.propensity,
            "price_minor": item.product.price,
            "currency": item.product.currency,
            "reasons": json.dumps(item.reasons, ensure_ascii=False),
        }
        for item in choice.items
    ]


def varied(chooser: Chooser, live: LiveQuiz, answers: Answers, attempt: str = "") -> float:
    """Return the chance that these answers get another order than their scores alone would give.

    Products of equal scores stand in catalogue order in that one.
    """
    return 1 - sections.chance_of_the_best(chooser.policy, chooser.by_section(live, answers, attempt))
