"""Experiments of the whole store as settings: the shared holdout, and quizzes compared with each other."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from quizfunnel.stats.defaults import MINIMUM_EFFECT

ExperimentName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


_TWO = 2


class Holdout(BaseModel):
    """One share of the store's visitors that no quiz invites: uplifts of several quizzes do not add up."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: ExperimentName
    share: Annotated[float, Field(gt=0, le=0.9)]
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT


class Comparison(BaseModel):
    """Two quizzes against each other on purchases; `share` of the visitors are invited to the second.

    Its `door` is the address /c/NAME, which shows whichever was drawn.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    quizzes: tuple[ExperimentName, ExperimentName]
    share: Annotated[float, Field(ge=0.01, le=0.99)] = 0.5
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT
    door: bool = True

    @field_validator("quizzes", mode="before")
    @classmethod
    def _are_two(cls, quizzes: object) -> object:
        if isinstance(quizzes, str) or (isinstance(quizzes, list | tuple) and len(quizzes) != _TWO):
            raise ValueError("must name two quizzes: the one that stands and the one that is tried")
        return quizzes

    @field_validator("quizzes")
    @classmethod
    def _two(cls, quizzes: tuple[str, str]) -> tuple[str, str]:
        if quizzes[0] == quizzes[1]:
            raise ValueError(f"names {quizzes[0]} twice; a comparison is of two quizzes")
        return quizzes
