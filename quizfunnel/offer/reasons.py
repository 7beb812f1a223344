"""Reasons for a product in an offer, in sentences that are true; pure.

A soft reason needs an answer that speaks for this product: one that is worth more to it than the question's
other answers are on average (by the rules alone: than no answer), and more so than to the mean of all that
were allowed, by 2 % of the odds where that was learnt. It must also raise the product's score as `quizfunnel
explain` takes it apart, by itself and beside that mean. What holds equally for all of them is no reason, and a
`sensitive` answer is none: it is never repeated. A scale's answer is a reason for a product that fits it and is
closer to it than they are on average; one that lies beside it has a miss, which is told apart. A hard rule is
named where it really forbade something that could have been bought.

Products that are shown together have the few strongest reasons that hold for all of them, then those of their own.

`because` may be a clause ("you drink it with milk", said as "Because you drink it with milk"), words that need
no because ("for espresso") or, on a choice with a hard rule, the words for what it asks ("no fragrance").
"""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.offer.allowed import Allowed, buyable_bits
from quizfunnel.quiz.cache_key import QuizKey
from quizfunnel.quiz.kinds.question_values import Closeness, Promise
from quizfunnel.quiz.kinds.rule import Rule, attribute
from quizfunnel.quiz.kinds.words import capital
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Answers, AnswerValue, Question, Quiz
from quizfunnel.recommend.serving.compiled_rules import CompiledRules
from quizfunnel.recommend.serving.packed import on_grid
from quizfunnel.recommend.serving.score_table import ScoreTable

MOST_SOFT = 2
MOST_SHARED = 2
MOST_SHARED_IN_SECTIONS = 3  # steps of a routine stand in no contest: what holds for all of them is worth more words
_SMALLEST = 100  # units of the table's grid: some 1e-9 log-odds
_WORTH_SAYING = on_grid(0.02)  # of what was learnt: an answer that moves the odds by less than 2 % is none to tell of
_LEAST_POINTS = 1e-9


class _Pick(NamedTuple):
    """One choice of an answer that speaks for itself: its sentence, and what it adds for each product."""

    words: str
    row: Sequence[float]
    choice: str


class _Voice(NamedTuple):
    """One answer that may speak for products: its lift for each of them, and the words that it has.

    These are one sentence for all products, or what its choices say, or how close a product is. `part` is what the
    answer adds to each score, and `own` of that what must not lower it: points for being `near` are counted down from
    a perfect fit, so that there it is what was learnt alone.
    """

    row: Sequence[float]
    part: Sequence[float]
    own: Sequence[float]
    question: Question
    words: str
    picks: tuple[_Pick, ...] = ()
    wish: Closeness | None = None


class Reasons:
    """Reasons of one set of answers: its eligible products, and the means that make a reason of a contribution."""

    def __init__(self, table: ScoreTable, answers: Answers, allowed: Allowed) -> None:
        """Take the scores, the answers that count, and the products that they allow."""
        self.answers = answers
        self._table = table
        self._allowed = allowed
        self._least = _SMALLEST if table.model is None else _WORTH_SAYING
        self.hard = hard(table.rules, answers)
        self._spoken: dict[int, tuple[str, ...]] = {}
        self._near_points: dict[str, tuple[Sequence[float], float]] = {}
        self._picked_of: dict[str, list[tuple[_Pick, float]]] = {}
        self._voices: list[tuple[_Voice, float, float]] = []
        for id, value in answers.items():
            if voice := _voice(table, id, value):
                mean = self._mean(voice.row, id, value)
                level = mean if voice.part is voice.row else self._mean(voice.part, "part", id, value)
                self._voices.append((voice, mean, level))

    def told(self, indices: Sequence[int], *, first: int) -> list[tuple[str, ...]]:
        """Return the sentences on products that are shown together: `first` of them at once, then all."""
        at_once = [place < first for place in range(len(indices))]
        return told_together([self.spoken(index) for index in indices], at_once, self.hard)

    def soft(self, index: int) -> list[str]:
        """Return at most two sentences for the answers that speak for a product."""
        return list(self.spoken(index)[:MOST_SOFT])

    def spoken(self, index: int) -> tuple[str, ...]:
        """Return a sentence for every answer that speaks for product `index`.

        The strongest comes first; of equal ones the first in the quiz's order.
        """
        spoken = self._spoken.get(index)
        if spoken is None:
            lifts = [
                (voice.row[index] - mean, voice) for voice, mean, level in self._voices if _raises(voice, level, index)
            ]
            lifts.sort(key=lambda lift: -lift[0])
            sentences = [self._sentence(voice, index) for lift, voice in lifts if lift > self._least]
            spoken = self._spoken[index] = tuple(dict.fromkeys(filter(None, sentences)))
        return spoken

    def _sentence(self, voice: _Voice, index: int) -> str:
        if voice.words:
            return voice.words if voice.row[index] > _SMALLEST else ""
        return self._near(voice.question, voice.wish, index) if voice.wish else self._picked(voice, index)

    def _mean(self, row: Sequence[float], *key: object) -> float:
        return self._table.mean(key, row, bits=self._allowed.bits, selected=self._allowed.selected)

    def _picked(self, voice: _Voice, index: int) -> str:
        """Return the sentence for the picked one that gives this product most, above what it gives the others."""
        best, most = "", float(self._least)
        for pick, mean in self._picks(voice):
            lift = pick.row[index] - mean
            if lift > most and pick.row[index] > _SMALLEST:
                best, most = pick.words, lift
        return best

    def _picks(self, voice: _Voice) -> list[tuple[_Pick, float]]:
        """Return the choices that speak for themselves, each with the mean of what it adds."""
        id = voice.question.id
        known = self._picked_of.get(id)
        if known is None:
            known = [(pick, self._mean(pick.row, "gain", id, pick.choice)) for pick in voice.picks]
            self._picked_of[id] = known
        return known

    def _near(self, question: Question, wish: Closeness, index: int) -> str:
        """Return the sentence for a product that fits an answer, and is closer to it than the allowed ones are.

        That is so by the points of `near`, whatever a model says.
        """
        points, mean = self._points(question)
        if points[index] - mean <= _LEAST_POINTS:
            return ""
        product = self._table.rules.products.all[index]
        has = attribute(product, wish.name)
        if not isinstance(has, float) or not wish.fits(has):
            return ""
        return _closeness(self._table, question.id, wish, has, product.currency)

    def _points(self, question: Question) -> tuple[Sequence[float], float]:
        """Return the points of an answer for every product, and their mean over the allowed ones."""
        known = self._near_points.get(question.id)
        if known is None:
            value = self.answers[question.id]
            points = self._table.rules.points(question.id, value)
            known = self._near_points[question.id] = points, self._mean(points, "points", question.id, value)
        return known


@lru_cache(maxsize=1024)
def _voice(table: ScoreTable, id: str, value: AnswerValue) -> _Voice | None:
    """Return an answer as it may speak, None where it can speak for no product."""
    row = None if value is None else table.lift(id, value)
    if row is None:
        return None
    question = table.rules.quiz.by_id[id]
    if question.sensitive:
        return None
    wish = question.closeness(value)
    part, own = _parts(table, id, value, row, is_wish=wish is not None)
    say = table.rules.quiz.say
    if words := question.because(value, say):
        return _Voice(row, part, own, question, words)
    picks = tuple(
        _Pick(said, gain, choice)
        for choice, said in question.picks(value, say)
        if (gain := table.gain(id, choice)) is not None
    )
    return _Voice(row, part, own, question, "", picks, wish) if picks or wish else None


def _parts(
    table: ScoreTable, id: str, value: AnswerValue, row: Sequence[float], *, is_wish: bool
) -> tuple[Sequence[float], Sequence[float]]:
    """Return what an answer adds to every score, and of that what must not lower it; see `_Voice`."""
    if table.model is None:
        return row, array("d", bytes(8 * len(row))) if is_wish else row
    rules, learnt = table.parts(id, {id: value})
    part = array("d", map(sum, zip(rules, learnt, strict=True)))
    return part, array("d", learnt) if is_wish else part


def _raises(voice: _Voice, level: float, index: int) -> bool:
    """Tell whether an answer raises a product's score: by itself, and above its mean `level` over the allowed ones."""
    return voice.own[index] >= 0.0 and voice.part[index] > level


def told_together(
    spoken: Sequence[tuple[str, ...]], at_once: Sequence[bool], hard: Sequence[str], *, most_shared: int = MOST_SHARED
) -> list[tuple[str, ...]]:
    """Return the sentences on products that are shown together, by all that each has: those `at_once`, then all.

    Each has the strongest that hold for all of them, which can be said once, its own, and the rules that mattered.
    """
    whole = _common(spoken, ())
    first = _common([each for each, is_first in zip(spoken, at_once, strict=True) if is_first], whole)
    # Counted only where some product has more reasons than its card has room for: offers are drawn all the time.
    times = Counter(chain.from_iterable(spoken)) if max(map(len, spoken), default=0) > MOST_SOFT else {}
    return [
        tuple(dict.fromkeys([*_kept(each, first if is_first else whole, times, most_shared), *hard]))
        for each, is_first in zip(spoken, at_once, strict=True)
    ]


def _common(spoken: Sequence[tuple[str, ...]], leading: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences that each of several products has: those in `leading`, then the others."""
    one, *others = spoken or [()]
    if not others or not set(one).intersection(*others):
        return leading
    return (*leading, *(each for each in one if each not in leading and all(each in other for other in others)))


def _kept(sentences: Sequence[str], common: Sequence[str], times: Mapping[str, int], most_shared: int) -> list[str]:
    """Return the first few sentences that all have, then of a product's own the strongest and what sets it apart.

    That is the one that the fewest of the products have.
    """
    own = [sentence for sentence in sentences if sentence not in common]
    if len(own) > MOST_SOFT:
        own = [own[0], *sorted(own[1:], key=times.__getitem__)[: MOST_SOFT - 1]]
    return [*common[:most_shared], *own]


def hard(rules: CompiledRules, answers: Answers) -> list[str]:
    """Return the promises of the hard rules that forbade a product which could have been bought and shown.

    Rules with words of their own share one sentence, "Whole beans, up to £16"; others are told by their answer. Those
    of a sensitive answer are kept and not told.
    """
    told = [question.id for question in rules.quiz.questions if not question.sensitive]
    strict = [id for id in told if id in rules.strict]
    masks = [each for question in strict for each in rules.rule_masks(question, answers.get(question))]
    buyable = buyable_bits(rules.products) & rules.shown
    mattered = tuple(each.rule for each in masks if each.forbidden & buyable)
    return _promises(QuizKey(rules.quiz), rules.products, mattered) if mattered else []


@lru_cache(maxsize=1024)
def _promises(key: QuizKey, products: Products, mattered: tuple[Rule, ...]) -> list[str]:
    words: list[str] = []
    others: list[str] = []
    for rule in mattered:
        promise = _promise(key.quiz, products, rule)
        said = promise.kept or promise.words
        if said not in words and said not in others:
            (words if promise.listed else others).append(said)
    return [capital(key.quiz.say.listed(words)), *others] if words else others


@lru_cache(maxsize=4096)
def _closeness(table: ScoreTable, question: str, wish: Closeness, has: float, currency: str) -> str:
    """Return the sentence that says how near a product is to an answer."""
    quiz = table.rules.quiz
    return quiz.by_id[question].close_in_words(wish, has, currency=currency, say=quiz.say)


def misses(quiz: Quiz, product: Product, answers: Answers) -> list[str]:
    """Return in words where a product lies beside what was wished for on a scale; of sensitive answers nothing."""
    sentences = []
    for question in quiz.questions:
        wish = None if question.sensitive else question.closeness(answers.get(question.id))
        has = attribute(product, wish.name) if wish else None
        if wish and isinstance(has, float) and not wish.fits(has):
            words = question.miss_in_words(wish, has, currency=product.currency, say=quiz.say)
            sentences.append(words)
    return sentences


def broken_in_words(quiz: Quiz, products: Products, rule: Rule) -> str:
    """Return the shortcoming of a product that breaks a rule, in words; of a sensitive answer the question alone."""
    question = quiz.by_id[rule.question]
    if question.sensitive:
        return quiz.say("Does not fit your answer to “%(question)s”", question=question.ask)
    return _promise(quiz, products, rule).broken


def _promise(quiz: Quiz, products: Products, rule: Rule) -> Promise:
    """Return a rule's promise in words: ``no fragrance``, ``within £30``."""
    currency = products.all[0].currency if products.all else ""
    return quiz.by_id[rule.question].promise(rule, currency=currency, say=quiz.say)
