"""Kind `scale`: the answer is a number among evenly spaced ones; pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, StringConstraints

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.languages import SOURCE
from quizfunnel.i18n.words import Words, words_in
from quizfunnel.quiz.kinds.answer import AnswerError, AnswerValue
from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.kinds.condition import Threshold, Wanted
from quizfunnel.quiz.kinds.fields import Path, PlainModel, Points
from quizfunnel.quiz.kinds.numbers import Scale, bins, run_in_words
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.kinds.question_values import Closeness, Complaint, NamedAttribute, Promise, Property, Tastes
from quizfunnel.quiz.kinds.rule import Rule, attribute
from quizfunnel.quiz.kinds.words import (
    amount,
    as_end,
    attribute_name,
    attribute_title,
    capital,
    comparative,
    question_and_answer,
)

_LONGEST_OUT_OF = 10  # "4 of 5" is said up to here


@final
class ScaleQuestion(QuestionKind):
    """A question answered by a number."""

    MEANS: ClassVar[str] = "a number"
    PARTS: ClassVar[Mapping[str, type[PlainModel]]] = {**QuestionKind.PARTS, "scale": Scale}
    WHOLE_POINTS: ClassVar[bool] = False
    WORDS: ClassVar[tuple[str, ...]] = (*QuestionKind.WORDS, "low", "high")
    KEYS: ClassVar[Mapping[str, str]] = {
        **QuestionKind.KEYS,
        "scale": "The numbers that can be answered.",
        "limits": "Hard: this attribute of a product is at most the answer. `price` is the cheapest price.",
        "at_least": "Hard: this attribute of a product is at least the answer.",
        "near": "Soft: the closer this attribute to the answer, the better; points at full distance.",
    }

    pick: Literal["scale"]
    scale: Scale
    limits: Annotated[str, StringConstraints(max_length=64)] = ""
    at_least: Annotated[str, StringConstraints(max_length=64)] = ""
    near: Annotated[dict[str, Points], Field(max_length=1)] = Field(default_factory=dict)

    def parse(self, given: Sequence[str], *, none: bool) -> float:
        """Return the number that was posted, if it is one of the scale's."""
        scale = self.scale
        if not given:
            if self.optional:
                raise AnswerError("Choose a number, or skip this question.")
            raise AnswerError("Choose a number.")
        value = _parsed(given[0])
        if len(given) > 1 or value is None:
            raise AnswerError("Write a number, like %(number)s.", number=scale.values[len(scale.values) // 2])
        value = scale.within(value)
        if not scale.from_ <= value <= scale.to:
            raise AnswerError("Choose a number from %(low)s to %(high)s.", low=scale.from_, high=scale.to)
        # the answer is the scale's own number, whatever decimals were sent for it
        nearest = min(scale.values, key=lambda other: abs(other - value))
        if not math.isclose(nearest, value, abs_tol=1e-9):
            raise AnswerError("Choose a number in steps of %(step)s, like %(number)s.", step=scale.step, number=nearest)
        return nearest

    def answers(self) -> Iterable[AnswerValue]:
        """Return the scale's numbers."""
        return self.scale.values

    def likely_answer(self, tastes: Tastes) -> AnswerValue:
        """Return the number that is liked best."""
        return tastes.wish(self.id)

    def numbers(self) -> Sequence[float]:
        """Return the scale's numbers."""
        return self.scale.values

    def number_in_words(self, number: float) -> str:
        """Return a number, with what an open end says."""
        more, less = self.scale.is_or_more(number), self.scale.is_or_less(number)
        return as_end(super().number_in_words(number), more=more, less=less, say=words_in(SOURCE))

    def gives(self, wanted: Wanted, value: AnswerValue) -> bool:
        """Tell whether a number lies between the bounds of a condition."""
        return isinstance(wanted, Threshold) and isinstance(value, float | int) and wanted.holds(value)

    def check_wanted(self, wanted: Wanted) -> Iterator[Complaint]:
        """Yield a condition that names choices."""
        if not isinstance(wanted, Threshold):
            yield Complaint((), f"`{self.id}` is a scale; write {{at_least: NUMBER}} or {{at_most: NUMBER}}")

    @property
    def has_rules(self) -> bool:
        """Tell whether the answer bounds an attribute."""
        return bool(self.limits or self.at_least)

    def rules(self, value: AnswerValue) -> tuple[Rule, ...]:
        """Return the bounds that the answer is; an open end bounds nothing on its side."""
        if value is None or not self.has_rules:
            return ()
        bound, rules = _as_number(value), []
        if self.limits and not self.scale.is_or_more(bound):
            rules.append(Rule(self.id, None, "limits", (self.limits,), bound))
        if self.at_least and not self.scale.is_or_less(bound):
            rules.append(Rule(self.id, None, "at_least", (self.at_least,), bound))
        return tuple(rules)

    def rule_answer(self, rule: Rule) -> str:
        """Return the numbers that leave as few products as a bound does, or fewer."""
        return f"{amount(rule.bound, self.scale.unit, short=False)} or {'less' if rule.kind == 'limits' else 'more'}"

    def rule_place(self, rule: Rule) -> Path:
        """Return the place of the bound's key."""
        return (rule.kind,)

    def single_answers(self) -> Iterator[tuple[Path, AnswerValue]]:
        """Yield every number, which forbids by the one bound of the question."""
        for value in self.scale.values:
            yield ("limits" if self.limits else "at_least",), value

    def points(self, products: Sequence[Product], value: AnswerValue) -> tuple[float, ...]:
        """Return 0 where product and answer agree, down to minus `near`'s points at the scale's whole length."""
        wish = self.closeness(value)
        return tuple(self._near_points(product, wish) if wish else 0.0 for product in products)

    def columns(self) -> tuple[AnswerColumn, ...]:
        """Return one column of at most five ordered bins."""
        runs = bins(self.scale)
        levels = tuple(run_in_words(self.scale, run) for run in runs)
        return (AnswerColumn(self.id, "", levels, ordered=True, edges=tuple(run[0] for run in runs[1:])),)

    def reference_answers(self) -> list[AnswerValue]:
        """Return the middle of every bin."""
        return [run[len(run) // 2] for run in bins(self.scale)]

    def why_unlike(self, before: QuestionKind) -> str:
        """Tell numbers of another unit apart."""
        same = isinstance(before, ScaleQuestion) and before.scale.unit == self.scale.unit
        return "" if same else "the scale had another unit"

    def attributes(self) -> Iterator[NamedAttribute]:
        """Yield the soft attribute, then the hard ones."""
        unit, place = self.scale.unit, ("scale", "unit")
        for name in self.near:
            yield NamedAttribute(("near", name), name, hard=False, unit=unit, unit_path=place)
        for key, name in (("limits", self.limits), ("at_least", self.at_least)):
            if name:
                yield NamedAttribute((key,), name, hard=True, unit=unit, unit_path=place)

    def in_words(self, value: AnswerValue, say: Words) -> str:
        """Return the number with its unit, as the bound that it is or with the meaning of the scale's end."""
        given = _as_number(value)
        bare = amount(given, self.scale.unit, say.language)
        if self.limits:
            is_open = self.scale.is_or_more(given)
            return self.scale.in_words(given, say) if is_open else say("Up to %(amount)s", amount=bare)
        if self.at_least:
            is_open = self.scale.is_or_less(given)
            return self.scale.in_words(given, say) if is_open else say("At least %(amount)s", amount=bare)
        return question_and_answer(self.ask, self.as_given(value, say), say)

    def as_given(self, value: AnswerValue, say: Words) -> str:
        """Return the number with its unit, and with the meaning of the scale's end where it is one."""
        scale, given = self.scale, _as_number(value)
        shown = scale.in_words(given, say)
        meaning = {scale.from_: scale.low, scale.to: scale.high}.get(given, "")
        # Translators: a number and what it means on its scale, as "5 (Very strong)"
        return say("%(amount)s (%(meaning)s)", amount=shown, meaning=meaning) if meaning else shown

    def as_mentioned(self, value: AnswerValue, say: Words) -> str:
        """Return the number with its unit alone: what an end of the scale means fits into no sentence."""
        return self.scale.in_words(_as_number(value), say)

    def promise(self, rule: Rule, *, currency: str, say: Words) -> Promise:
        """Return the bound in words, how a product keeps it, and how one breaks it."""
        unit = currency if rule.attribute == "price" and currency else self.scale.unit
        bound = amount(rule.bound, unit, say.language)
        if unit:
            return _promise_of_amount(bound, say) if rule.kind == "limits" else _promise_of_least(bound, say)
        name = attribute_name(rule.attribute, say)
        if rule.kind == "limits":
            words = say("%(attribute)s at most %(number)s", attribute=name, number=bound)
            broken = say("Not %(attribute)s at most %(number)s", attribute=name, number=bound)
        else:
            words = say("%(attribute)s at least %(number)s", attribute=name, number=bound)
            broken = say("Not %(attribute)s at least %(number)s", attribute=name, number=bound)
        return Promise(words, listed=True, broken=broken)

    def closeness(self, value: AnswerValue) -> Closeness | None:
        """Return the wish for an attribute near the answer."""
        name = next(iter(self.near), None)
        if name is None or not isinstance(value, float | int):
            return None
        scale, wish = self.scale, float(value)
        open_ends = scale.is_or_more(wish), scale.is_or_less(wish)
        return Closeness(name, wish, scale.to - scale.from_, scale.step, *open_ends)

    def close_in_words(self, wish: Closeness, has: float, *, currency: str, say: Words) -> str:
        """Return what a product has, which is what was asked for."""
        is_price = wish.name == "price"
        level = amount(has, currency, say.language) if is_price else self._level(wish.name, has, say)
        if not wish.distance(has):
            # Translators: %(property)s is a product's own, as "Strength 4 of 5" or "£16"
            return say("%(property)s, as you asked", property=level)
        asked = self._asked(wish, currency if is_price else self.scale.unit, say)
        return say("%(property)s, close to the %(amount)s you asked for", property=level, amount=asked)

    def miss_in_words(self, wish: Closeness, has: float, *, currency: str, say: Words) -> str:
        """Return on which side of the wish a product lies, and whether by a little."""
        little, over = wish.is_met(has), has > wish.value
        if wish.name == "price":
            return _price_beside(self._asked(wish, currency, say), little=little, over=over, say=say)
        level = self._level(wish.name, has, say)
        if word := comparative(self.scale.high if over else self.scale.low, say.language):
            than = capital(f"a little {word}" if little else word)
            return f"{than} than you asked: {level[:1].lower()}{level[1:]}"  # in English alone, as comparatives are
        return _level_beside(level, little=little, over=over, say=say)

    def properties(self, product: Product, *, say: Words) -> Sequence[Property]:
        """Return how much a product has of what the answer is compared with; its price is no such thing."""
        return [
            Property(self._level(name, has, say), hard=False)
            for name in self.near
            if name != "price" and isinstance(has := attribute(product, name), float | int)
        ]

    def _asked(self, wish: Closeness, unit: str, say: Words) -> str:
        """Return the number that was asked for, with what an open end says."""
        more, less = self.scale.is_or_more(wish.value), self.scale.is_or_less(wish.value)
        return as_end(amount(wish.value, unit, say.language), more=more, less=less, say=say)

    def _level(self, name: str, has: float, say: Words) -> str:
        """Return how much a product has of an attribute: `Strength 4 of 5`."""
        scale, level, title = self.scale, amount(has, self.scale.unit, say.language), attribute_title(name, say)
        if not scale.unit and scale.from_ in (0, 1) and has <= scale.to <= _LONGEST_OUT_OF:
            most = say.number(scale.to)
            # Translators: a property of a product on a scale, as "Strength 4 of 5"
            return say("%(attribute)s %(number)s of %(most)s", attribute=title, number=level, most=most)
        return say("%(attribute)s %(value)s", attribute=title, value=level)

    def _near_points(self, product: Product, wish: Closeness) -> float:
        """Return the points of one product; one without the attribute is as far away as can be."""
        has = attribute(product, wish.name)
        distance = wish.distance(has) / wish.span if isinstance(has, float | int) else 1.0
        # subtracted from 0, since -x would be minus zero where both agree
        return 0.0 - self.near[wish.name] * min(1.0, distance)


def _promise_of_amount(bound: str, say: Words) -> Promise:
    words, kept = say("within %(amount)s", amount=bound), say("up to %(amount)s", amount=bound)
    return Promise(words, listed=True, kept=kept, broken=say("Not within %(amount)s", amount=bound))


def _promise_of_least(bound: str, say: Words) -> Promise:
    broken = say("Not at least %(amount)s", amount=bound)
    return Promise(say("at least %(amount)s", amount=bound), listed=True, broken=broken)


def _price_beside(asked: str, *, little: bool, over: bool, say: Words) -> str:
    if little and over:
        return say("A little above the %(amount)s you asked for", amount=asked)
    if little:
        return say("A little below the %(amount)s you asked for", amount=asked)
    if over:
        return say("Above the %(amount)s you asked for", amount=asked)
    return say("Below the %(amount)s you asked for", amount=asked)


def _level_beside(level: str, *, little: bool, over: bool, say: Words) -> str:
    if little and over:
        return say("%(property)s, a little more than you asked", property=level)
    if little:
        return say("%(property)s, a little less than you asked", property=level)
    if over:
        return say("%(property)s, more than you asked", property=level)
    return say("%(property)s, less than you asked", property=level)


def _parsed(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _as_number(value: AnswerValue) -> float:
    if not isinstance(value, float | int):
        raise TypeError(f"a scale's answer is a number, not {value!r}")
    return float(value)
