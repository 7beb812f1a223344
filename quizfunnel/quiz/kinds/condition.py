"""Condition of a `when`: the earlier answers after which a question is asked; pure."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from quizfunnel.quiz.kinds.fields import PlainModel, Slug


class Threshold(PlainModel):
    """A condition on a scale's answer."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "at_least": "The answer is this or more.",
        "at_most": "The answer is this or less.",
    }

    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Threshold":
        if self.at_least is None and self.at_most is None:
            raise ValueError("needs at_least or at_most")
        return self

    def holds(self, number: float) -> bool:
        """Tell whether a number lies between the bounds."""
        above = self.at_least is None or number >= self.at_least
        return above and (self.at_most is None or number <= self.at_most)


Wanted = Slug | Annotated[tuple[Slug, ...], Field(min_length=1)] | Threshold
"""Answers that a condition names: one choice, any of some, or numbers between bounds."""


class Unless(PlainModel):
    """A condition on every other answer: the question was asked, and what it names was not answered."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "not": "The question was asked, and the answer is none of these; it may have been skipped.",
    }

    not_: Wanted = Field(alias="not")


Condition = Wanted | Unless
WhenAll = Annotated[dict[Slug, Condition], Field(min_length=1)]
When = WhenAll | Annotated[tuple[WhenAll, ...], Field(min_length=1)]
