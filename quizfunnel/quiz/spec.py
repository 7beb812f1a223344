"""The quiz as the rest of the program sees it: parsed, frozen, and nothing but plain data.

The shape is the public file format; `quizzes/quiz.schema.json` is generated from it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from quizfunnel.stats.defaults import MINIMUM_EFFECT

LONGEST_SLUG = 64
MOST_STEPS = 200
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=LONGEST_SLUG)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Selector = Annotated[str, StringConstraints(pattern=r"^[^:\s][^:]*:.+$", max_length=200)]
Points = Annotated[int, Field(ge=1, le=3)]

AnswerValue = str | tuple[str, ...] | float | None
"""A choice id (one), sorted choice ids (many; empty is "none of these"), a number (scale), None (skipped)."""

Answers = Mapping[str, AnswerValue]
"""Answers by question id; a question that is not a key was not asked or not answered yet."""


def is_slug(text: str) -> bool:
    """Tell whether `text` is a lower-case slug that can be an id and stand in an address."""
    return len(text) <= LONGEST_SLUG and re.fullmatch(_SLUG, text) is not None and not text.endswith("\n")


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SelectorParts(NamedTuple):
    """What a selector names: ``tag:decaf`` is kind `tag`, value `decaf`."""

    kind: str
    value: str


@lru_cache(maxsize=4096)
def split_selector(selector: str) -> SelectorParts:
    """Split ``kind:value`` at its first colon."""
    kind, _, value = selector.partition(":")
    return SelectorParts(kind.strip(), value.strip())


class Choice(_Plain):
    """One thing a shopper can choose."""

    id: Slug
    label: Text
    image: Annotated[str, StringConstraints(max_length=500)] = ""
    because: Annotated[str, StringConstraints(max_length=120)] = ""
    favours: dict[Selector, Points] = Field(default_factory=dict)
    against: dict[Selector, Points] = Field(default_factory=dict)
    requires: tuple[Selector, ...] = ()
    excludes: tuple[Selector, ...] = ()


class Scale(_Plain):
    """The numbers a shopper can answer: from, from + step, and so on up to `to`."""

    from_: float = Field(alias="from", allow_inf_nan=False)
    to: float = Field(allow_inf_nan=False)
    step: float = Field(gt=0, allow_inf_nan=False)
    unit: Annotated[str, StringConstraints(max_length=16)] = ""
    low: Annotated[str, StringConstraints(max_length=60)] = ""
    high: Annotated[str, StringConstraints(max_length=60)] = ""

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


class Threshold(_Plain):
    """A condition on a scale's answer."""

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Threshold":
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self


Condition = Slug | Annotated[tuple[Slug, ...], Field(min_length=1)] | Threshold
WhenAll = Annotated[dict[Slug, Condition], Field(min_length=1)]
When = WhenAll | Annotated[tuple[WhenAll, ...], Field(min_length=1)]


class _Question(_Plain):
    id: Slug
    ask: Text
    help: Annotated[str, StringConstraints(max_length=500)] = ""
    why: Annotated[str, StringConstraints(max_length=500)] = ""
    image: Annotated[str, StringConstraints(max_length=500)] = ""
    when: When | None = None
    optional: bool = False
    sensitive: bool = False

    @property
    def when_any(self) -> tuple[Mapping[str, Condition], ...]:
        """Return the alternatives of `when`; empty means always asked."""
        if self.when is None:
            return ()
        return self.when if isinstance(self.when, tuple) else (self.when,)


class OneQuestion(_Question):
    """A question with one answer among its choices."""

    pick: Literal["one"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=20)]


class ManyQuestion(_Question):
    """A question with several answers among its choices."""

    pick: Literal["many"]
    choices: Annotated[tuple[Choice, ...], Field(min_length=2, max_length=20)]
    at_most: Annotated[int, Field(ge=1, le=20)] | None = None
    none_label: Annotated[str, StringConstraints(max_length=120)] = ""


class ScaleQuestion(_Question):
    """A question answered by a number."""

    pick: Literal["scale"]
    scale: Scale
    limits: Annotated[str, StringConstraints(max_length=64)] = ""
    at_least: Annotated[str, StringConstraints(max_length=64)] = ""
    near: Annotated[dict[str, Points], Field(max_length=1)] = Field(default_factory=dict)


Question = Annotated[OneQuestion | ManyQuestion | ScaleQuestion, Field(discriminator="pick")]


class CatalogRef(_Plain):
    """Where the catalogue lies and what its export leaves out."""

    file: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    product_url: Annotated[str, StringConstraints(max_length=300)] | None = None


class OfferSpec(_Plain):
    """How the result is shown."""

    show: Annotated[int, Field(ge=1, le=6)] = 3
    headline: Text
    skip_label: Text


class Experiment(_Plain):
    """The randomised holdout: who is not invited, and how long a purchase counts after t0."""

    name: Slug
    holdout_share: Annotated[float, Field(gt=0, le=0.9)]
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT


class Quiz(_Plain):
    """One quiz file."""

    title: Text
    promise: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    minutes: Annotated[float, Field(gt=0, le=30, multiple_of=0.5)]
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    catalog: Annotated[str, StringConstraints(min_length=1, max_length=200)] | CatalogRef
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=40)]
    offer: OfferSpec
    experiment: Experiment | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Any]:
        """Map each question's id to the question."""
        return {question.id: question for question in self.questions}

    @property
    def catalog_ref(self) -> CatalogRef:
        """Return the catalogue's reference in its long form."""
        return CatalogRef(file=self.catalog) if isinstance(self.catalog, str) else self.catalog
