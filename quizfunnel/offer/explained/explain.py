"""Explanation of an offer, product by product, rebuilt from the log of when it was chosen."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from quizfunnel.catalog.product import Product
from quizfunnel.journey import record
from quizfunnel.offer import describe, reasons
from quizfunnel.offer.allowed import products_of
from quizfunnel.offer.explained.explanation import (
    ExplainedSection,
    Explanation,
    ProductExplanation,
    QuestionContribution,
)
from quizfunnel.offer.explained.rivals import chances_to_lead, rivals_of, section_of
from quizfunnel.offer.sections import LoggedSection, logged_sections
from quizfunnel.offer.tables import Offer, OfferItem
from quizfunnel.quiz.kinds.answer import as_answer
from quizfunnel.quiz.kinds.rule import Rule
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import broken
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import AnswerValue, Quiz
from quizfunnel.quiz.texts.mentions import filled
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.serving.packed import GRID
from quizfunnel.recommend.serving.recommender import Recommender, RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import RULES
from quizfunnel.recommend.serving.score_table import ScoreTable
from quizfunnel.store.types import columns

_offer, _item = columns(Offer), columns(OfferItem)
_IN_NO_SECTION = "no section of the offer takes it"
_CLOSE = 1e-6  # log-odds; a score that was logged and one counted again from the same rows are closer


class ExplainError(Exception):
    """An attempt or product that cannot be explained; the text says what to do."""


class _Chosen(NamedTuple):
    """An offer as it lies in the log."""

    offer: Any
    items: Mapping[str, Any]
    live: LiveQuiz
    answers: Mapping[str, AnswerValue]
    sections: Sequence[LoggedSection]


def explain(connection: Connection, attempt: str, shelf: Shelf, registry: Registry) -> Explanation:
    """Return the latest offer of an attempt, taken apart; raise ExplainError where there is none."""
    logged = _read(connection, attempt, shelf)
    recommender, notes = _recommender(logged, registry)
    table = (recommender or RulesRecommender()).table(logged.live.quiz, products_of(logged.live.catalog))
    explainer = _Explainer(logged, table, counted=recommender is not None)
    every = [explainer.of(place) for place in range(len(logged.live.catalog.products))]
    offer, sections = logged.offer, logged.sections
    order, page = [each.section for each in sections] or [""], max((each.show for each in sections), default=offer.show)
    return Explanation(
        attempt=attempt,
        quiz=logged.live.slug,
        version=logged.live.version,
        revision=offer.revision,
        chosen_at=offer.chosen_at,
        show=offer.show,
        answers=explainer.answers,
        model=offer.model,
        fallback=offer.fallback,
        rival=offer.rival,
        model_share=offer.model_share,
        policy=json.loads(offer.policy),
        notes=[*notes, *_changes(logged, every)],
        chosen=sorted(
            (each for each in every if each.rank),
            key=lambda each: ((each.rank or 0) > page, order.index(each.section), each.rank or 0),
        ),
        others=sorted((each for each in every if not each.rank and not each.forbidden), key=_worst),
        forbidden=[each for each in every if each.forbidden],
        page=page,
        sections=[ExplainedSection(each.section, each.show, len(each.eligible)) for each in sections],
    )


def about(explanation: Explanation, product: str) -> Explanation:
    """Return an explanation of one product alone; raise ExplainError where the catalogue has none of that id."""
    chosen, others, forbidden = (
        [each for each in products if each.product == product]
        for products in (explanation.chosen, explanation.others, explanation.forbidden)
    )
    if not chosen and not others and not forbidden:
        raise ExplainError(f"no product `{product}` is in the catalogue of `{explanation.quiz}`; look at its id there")
    return explanation._replace(chosen=chosen, others=others, forbidden=forbidden)


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation for programs."""

    def product(each: ProductExplanation) -> dict[str, Any]:
        return each._asdict() | {"parts": [part._asdict() for part in each.parts]}

    facts = explanation._asdict() | {"chosen_at": explanation.chosen_at.isoformat()}
    facts["sections"] = [each._asdict() for each in explanation.sections]
    return facts | {name: list(map(product, facts[name])) for name in ("chosen", "others", "forbidden")}


def _read(connection: Connection, attempt: str, shelf: Shelf) -> _Chosen:
    row = record.load(connection, attempt)
    if row is None:
        raise ExplainError(f"there is no attempt `{attempt}`; its id stands in the address of its pages: /a/ID/offer")
    mine = select(*_offer).where(_offer.attempt_id == attempt).order_by(_offer.revision.desc())
    offer = connection.execute(mine.limit(1)).first()
    if offer is None:
        raise ExplainError(f"attempt `{attempt}` is not finished, so that nothing was chosen for it yet")
    live = shelf.pinned(row.version, row.quiz)
    if live is None:
        raise ExplainError(f"version {row.version[:12]} of quiz `{row.quiz}`, which the attempt took, cannot be read")
    items = connection.execute(select(*_item).where(_item.offer_id == offer.id)).all()
    given = json.loads(offer.answers)
    answers = {question.id: as_answer(given[question.id]) for question in live.quiz.questions if question.id in given}
    return _Chosen(offer, {item.product: item for item in items}, live, answers, logged_sections(offer.sections))


def _recommender(logged: _Chosen, registry: Registry) -> tuple[Recommender | None, list[str]]:
    model = logged.offer.model
    if model == RULES:
        return RulesRecommender(), []
    try:
        return TableRecommender(model, registry.load(logged.live.slug, model)), []
    except RegistryError as error:
        return None, [f"the model that chose can no longer be read, only what was logged: {error}"]


def _changes(logged: _Chosen, every: Sequence[ProductExplanation]) -> list[str]:
    """Return notes on the catalogue's changes since the offer was chosen."""
    notes = []
    there = {each.product for each in every}
    if gone := [id for id in logged.items if id not in there]:
        notes.append(f"no longer in the catalogue: {', '.join(gone)}")
    # Scores are worked out from today's catalogue: products whose tags or prices changed come to other sums.
    moved = [each.product for each in every if each.rank and each.score is not None and not _adds_up(each)]
    if moved:
        notes.append(f"today's catalogue gives other scores than those that were logged: {', '.join(moved)}")
    return notes


def _adds_up(product: ProductExplanation) -> bool:
    if product.base is None or product.score is None:
        return True
    return abs(product.base + sum(part.rules + part.learnt for part in product.parts) - product.score) < _CLOSE


def _by_file(quiz: Quiz, rule: Rule) -> str:
    """Return a rule as the quiz file has it, in brackets; none of a sensitive answer, which it would tell."""
    sensitive = quiz.by_id[rule.question].sensitive
    return "" if sensitive else f" ({rule.question}: {rule.kind} {rule.written})"


def _worst(product: ProductExplanation) -> float:
    return -(product.score or 0.0)


class _Explainer:
    """Explains the products of one offer."""

    def __init__(self, logged: _Chosen, table: ScoreTable, *, counted: bool) -> None:
        """Take what was logged and the rows; not `counted` where the model that chose is gone."""
        self._logged = logged
        self._table = table
        self._counted = counted
        quiz, products = logged.live.quiz, logged.live.catalog.products
        self._eligible = set(json.loads(logged.offer.eligible))
        self._rivals = rivals_of(logged.offer, logged.sections, products)
        self._of_section = {each.section: each for each in self._rivals}
        self._parts = [(question.id, *table.parts(question.id, logged.answers)) for question in quiz.questions]
        self._means: dict[tuple[str, str], float] = {}
        self._scores = table.scores(logged.answers)
        self._first = chances_to_lead(self._rivals, self._scores, self._shown()) if counted else {}
        given = logged.answers
        self.answers = {
            question.id: filled(describe.in_words(question, logged.answers[question.id], quiz.say), quiz, given)
            for question in quiz.questions
            if question.id in logged.answers
        }

    def of(self, place: int) -> ProductExplanation:
        """Return the explanation of the product at one place of the catalogue."""
        product = self._logged.live.catalog.products[place]
        item = self._logged.items.get(product.id)
        counted = self._scores[place] if self._counted else None
        section = section_of(product, self._logged.live.quiz, self._logged.items, self._rivals, place)
        return ProductExplanation(
            product=product.id,
            title=product.title,
            rank=item.rank if item else None,
            score=item.score if item else counted,
            propensity=item.propensity if item else None,
            first=self._first.get((section, place)),
            reasons=json.loads(item.reasons) if item else [],
            forbidden=self._why_not(product, place),
            base=GRID * self._table.base[place] if self._counted else None,
            parts=[self._part(place, section, *row) for row in self._parts],
            section=section,
        )

    def _part(self, place: int, section: str, question: str, *rows: Sequence[float]) -> QuestionContribution:
        rules, learnt = rows
        answer, both = self.answers.get(question, "not asked"), rules[place] + learnt[place]
        if (section, question) not in self._means:
            rivals = self._of_section.get(section, self._rivals[0])
            self._means[section, question] = rivals.mean(rules) + rivals.mean(learnt)
        return QuestionContribution(
            question, answer, rules[place], learnt[place], both - self._means[section, question]
        )

    def _shown(self) -> dict[str, list[int]]:
        """Return the places of what each section shows at once."""
        page = max((each.show for each in self._logged.sections), default=0)
        shown: dict[str, list[int]] = {}
        for place, product in enumerate(self._logged.live.catalog.products):
            item = self._logged.items.get(product.id)
            if item and item.rank <= page:
                shown.setdefault(item.section, []).append(place)
        return shown

    def _why_not(self, product: Product, place: int) -> list[str]:
        """Return the reasons that kept a product out: the rules it breaks, the stock, or that no section takes it."""
        if product.id in self._eligible:
            return [] if any(place in each.places for each in self._rivals) else [_IN_NO_SECTION]
        live, products = self._logged.live, products_of(self._logged.live.catalog)
        quiz, given = live.quiz, self._logged.answers
        broken_rules = [
            f"{filled(reasons.broken_in_words(quiz, products, rule), quiz, given)}{_by_file(quiz, rule)}"
            for rule in broken(product, quiz, given)
        ]
        if not product.available:
            broken_rules.append("is sold out or withdrawn")
        return broken_rules or ["could not be bought then, or was not in the catalogue"]
