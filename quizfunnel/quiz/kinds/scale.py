"""Kind `scale`: the answer is a number among evenly spaced ones; pure."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, final

from pydantic import Field, StringConstraints

from quizfunnel.catalog.product import Product
from quizfunnel.quiz.kinds.answer import AnswerError, AnswerValue
from quizfunnel.quiz.kinds.column import AnswerColumn
from quizfunnel.quiz.kinds.condition import Threshold, Wanted
from quizfunnel.quiz.kinds.fields import Path, PlainModel, Points
from quizfunnel.quiz.kinds.numbers import Scale, bins, run_in_words
from quizfunnel.quiz.kinds.question import QuestionKind
from quizfunnel.quiz.kinds.question_values import Closeness, Complaint, NamedAttribute, Promise, Property, Tastes
from quizfunnel.quiz.kinds.rule import Rule, attribute
from quizfunnel.quiz.kinds.words import amount, attribute_title, capital, comparative, number

_LONGEST_OUT_OF = 10  # "4 of 5" is said up to here


@final
class ScaleQuestion(QuestionKind):
    """A question answered by a number."""

    MEANS: ClassVar[str] = "a number"
    PARTS: ClassVar[Mapping[str, type[PlainModel]]] = {"scale": Scale}
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
            raise AnswerError("Choose a number, or skip this question." if self.optional else "Choose a number.")
        value = _parsed(given[0])
        if len(given) > 1 or value is None:
            raise AnswerError("Write a number, like " + _plain(scale.values[len(scale.values) // 2]) + ".")
        value = scale.within(value)
        if not scale.from_ <= value <= scale.to:
            raise AnswerError(f"Choose a number from {_plain(scale.from_)} to {_plain(scale.to)}.")
        # the answer is the scale's own number, whatever decimals were sent for it
        nearest = min(scale.values, key=lambda other: abs(other - value))
        if not math.isclose(nearest, value, abs_tol=1e-9):
            raise AnswerError(f"Choose a number in steps of {_plain(scale.step)}, like {_plain(nearest)}.")
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
        return super().number_in_words(number) + self.scale.open_end(number)

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

    def in_words(self, value: AnswerValue, language: str) -> str:
        """Return the number with its unit, as the bound that it is or with the meaning of the scale's end."""
        given = _as_number(value)
        shown, beyond = amount(given, self.scale.unit, language), self.scale.open_end(given)
        if self.limits:
            return f"{shown}{beyond}" if self.scale.is_or_more(given) else f"Up to {shown}"
        if self.at_least:
            return f"{shown}{beyond}" if self.scale.is_or_less(given) else f"At least {shown}"
        return f"{self.ask} {self.as_given(value, language)}"

    def as_given(self, value: AnswerValue, language: str) -> str:
        """Return the number with its unit, and with the meaning of the scale's end where it is one."""
        scale, given = self.scale, _as_number(value)
        note = {scale.from_: scale.low, scale.to: scale.high}.get(given, "")
        return amount(given, scale.unit, language) + scale.open_end(given) + (f" ({note})" if note else "")

    def promise(self, rule: Rule, *, currency: str, language: str) -> Promise:
        """Return the bound in words."""
        unit = currency if rule.attribute == "price" and currency else self.scale.unit
        bound = amount(rule.bound, unit, language)
        if unit:
            if rule.kind == "limits":
                return Promise(f"within {bound}", listed=True, kept=f"up to {bound}")
            return Promise(f"at least {bound}", listed=True)
        side = "most" if rule.kind == "limits" else "least"
        return Promise(f"{attribute_title(rule.attribute).lower()} at {side} {bound}", listed=True)

    def closeness(self, value: AnswerValue) -> Closeness | None:
        """Return the wish for an attribute near the answer."""
        name = next(iter(self.near), None)
        if name is None or not isinstance(value, float | int):
            return None
        scale, wish = self.scale, float(value)
        open_ends = scale.is_or_more(wish), scale.is_or_less(wish)
        return Closeness(name, wish, scale.to - scale.from_, scale.step, *open_ends)

    def close_in_words(self, wish: Closeness, has: float, *, currency: str, language: str) -> str:
        """Return what a product has, which is what was asked for."""
        is_price = wish.name == "price"
        level = amount(has, currency, language) if is_price else self._level(wish.name, has, language)
        if not wish.distance(has):
            return f"{level}, as you asked"
        asked = self._asked(wish, currency if is_price else self.scale.unit, language)
        return f"{level}, close to the {asked} you asked for"

    def miss_in_words(self, wish: Closeness, has: float, *, currency: str, language: str) -> str:
        """Return on which side of the wish a product lies, and whether by a little."""
        little, over = "a little " if wish.is_met(has) else "", has > wish.value
        if wish.name == "price":
            asked = self._asked(wish, currency, language)
            return capital(f"{little}{'above' if over else 'below'} the {asked} you asked for")
        level = self._level(wish.name, has, language)
        if word := comparative(self.scale.high if over else self.scale.low, language):
            return f"{capital(little + word)} than you asked: {level[:1].lower()}{level[1:]}"
        return f"{level}, {little}{'more' if over else 'less'} than you asked"

    def properties(self, product: Product, *, language: str) -> Sequence[Property]:
        """Return how much a product has of what the answer is compared with; its price is no such thing."""
        return [
            Property(self._level(name, has, language), hard=False)
            for name in self.near
            if name != "price" and isinstance(has := attribute(product, name), float | int)
        ]

    def _asked(self, wish: Closeness, unit: str, language: str) -> str:
        """Return the number that was asked for, with what an open end says."""
        return amount(wish.value, unit, language) + self.scale.open_end(wish.value)

    def _level(self, name: str, has: float, language: str) -> str:
        """Return how much a product has of an attribute: `Strength 4 of 5`."""
        scale, level = self.scale, amount(has, self.scale.unit, language)
        if not scale.unit and scale.from_ in (0, 1) and has <= scale.to <= _LONGEST_OUT_OF:
            level = f"{level} of {number(scale.to)}"
        return f"{attribute_title(name)} {level}"

    def _near_points(self, product: Product, wish: Closeness) -> float:
        """Return the points of one product; one without the attribute is as far away as can be."""
        has = attribute(product, wish.name)
        distance = wish.distance(has) / wish.span if isinstance(has, float | int) else 1.0
        # subtracted from 0, since -x would be minus zero where both agree
        return 0.0 - self.near[wish.name] * min(1.0, distance)


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


def _plain(value: float) -> str:
    """Return a number as its form's field shows it: ``_plain(8.0) == "8"``."""
    return str(int(value)) if value == int(value) else str(value)
