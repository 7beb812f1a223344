"""Numbers of a scale: evenly spaced ones, whose ends may stand for all beyond them, and their bins; pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints, model_validator

from quizfunnel.i18n.words import Words
from quizfunnel.quiz.kinds.fields import PlainModel
from quizfunnel.quiz.kinds.words import amount, as_end, marks, number

MOST_STEPS = 200
MOST_BINS = 5


class Scale(PlainModel):
    """The numbers a shopper can answer: from, from + step, and so on up to `to`."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "from": "The smallest number.",
        "to": "The largest number.",
        "step": "From one number to the next; 201 numbers at most.",
        "unit": "Shown with the number; a currency code must be the catalogue's.",
        "low": "What the smallest number means.",
        "high": "What the largest number means.",
        "or_more": "The largest number means itself or more: `limits` sets no bound there, and pages say 'or more'.",
        "or_less": "The smallest number means itself or less: `at_least` sets no bound there, and pages say 'or less'.",
    }

    from_: float = Field(alias="from", allow_inf_nan=False)
    to: float = Field(allow_inf_nan=False)
    step: float = Field(gt=0, allow_inf_nan=False)
    unit: Annotated[str, StringConstraints(max_length=16)] = ""
    low: Annotated[str, StringConstraints(max_length=60)] = ""
    high: Annotated[str, StringConstraints(max_length=60)] = ""
    or_more: bool = False
    or_less: bool = False

    @model_validator(mode="after")
    def _can_be_walked(self) -> "Scale":
        steps = (Decimal(str(self.to)) - Decimal(str(self.from_))) / Decimal(str(self.step))
        if steps < 1 or steps != steps.to_integral_value():
            raise ValueError("needs a `to` that lies a whole number of steps above `from`; change `to` or `step`")
        if steps > MOST_STEPS:
            raise ValueError(f"has more than {MOST_STEPS + 1} values; use a larger `step`")
        return self

    @cached_property
    def values(self) -> tuple[float, ...]:
        """Return every number that can be answered, smallest first."""
        start, step = Decimal(str(self.from_)), Decimal(str(self.step))
        count = int((Decimal(str(self.to)) - start) / step)
        return tuple(float(start + step * n) for n in range(count + 1))

    def is_or_more(self, number: float) -> bool:
        """Tell whether a number stands for itself and all that is more."""
        return self.or_more and number == self.to

    def is_or_less(self, number: float) -> bool:
        """Tell whether a number stands for itself and all that is less."""
        return self.or_less and number == self.from_

    def in_words(self, number: float, say: Words) -> str:
        """Return a number of the scale with its unit, and with what an open end says: "£500 or more"."""
        shown = amount(number, self.unit, say.language)
        return as_end(shown, more=self.is_or_more(number), less=self.is_or_less(number), say=say)

    def beyond(self, number: float, say: Words) -> str:
        """Return the words that stand behind a number's field where the number is an open end; else none."""
        if self.is_or_more(number):
            return say.pgettext("behind a field with a number", "or more")
        return say.pgettext("behind a field with a number", "or less") if self.is_or_less(number) else ""

    def within(self, number: float) -> float:
        """Return the number of an open end for one that lies beyond it, and any other as it is."""
        if self.or_more and number > self.to:
            return self.to
        return self.from_ if self.or_less and number < self.from_ else number

    def marks(self, language: str) -> tuple[str, str]:
        """Return the unit as it stands before and after a number on the page."""
        return marks(self.unit, language)


def bins(scale: Scale) -> tuple[tuple[float, ...], ...]:
    """Return the answers of a scale in at most five runs that are as long as each other, give or take one."""
    values = scale.values
    count = min(MOST_BINS, len(values))
    starts = [-(-len(values) * n // count) for n in range(count + 1)]
    return tuple(values[start:end] for start, end in pairwise(starts))


def run_in_words(scale: Scale, run: Sequence[float]) -> str:
    """Return the numbers of a bin in words."""
    if scale.is_or_more(run[-1]):
        return f"{number(run[0])} or more"
    if scale.is_or_less(run[0]):
        return f"{number(run[-1])} or less"
    return number(run[0]) if len(run) == 1 else f"{number(run[0])} to {number(run[-1])}"
