"""Quiz: the file as the rest of the program sees it, parsed, frozen, and nothing but plain data; pure.

The shape is the public file format; `quizzes/quiz.schema.json` is generated from it.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.languages import TAG
from quizfunnel.i18n.words import Words, words_in
from quizfunnel.quiz.kinds import Question
from quizfunnel.quiz.kinds.answer import Answers, AnswerValue
from quizfunnel.quiz.kinds.fields import Path, PlainModel, RuleEntry, Slug, Text, is_slug, names_of
from quizfunnel.quiz.kinds.rule import matches
from quizfunnel.stats.defaults import MINIMUM_EFFECT

__all__ = [
    "AnswerValue",
    "Answers",
    "CatalogRef",
    "Experiment",
    "OfferSection",
    "OfferSpec",
    "Question",
    "Quiz",
    "is_slug",
]

MOST_SECTIONS = 6
MOST_IN_SECTIONS = 12  # products at once: a basket takes no more in one click


class CatalogRef(PlainModel):
    """The catalogue's file, and what its export leaves out."""

    file: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    product_url: Annotated[str, StringConstraints(max_length=300)] | None = None


class OfferSection(PlainModel):
    """One section of the offer, such as a step of a routine: which products it may show, and how many of them."""

    id: Slug
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    only: Annotated[tuple[RuleEntry, ...], Field(min_length=1)]
    show: Annotated[int, Field(ge=1, le=6)] = 1

    def takes(self, product: Product) -> bool:
        """Tell whether a product has everything that the section names, or of an `any` one thing."""
        return all(any(matches(product, name) for name in names_of(entry)) for entry in self.only)


class OfferSpec(PlainModel):
    """The result: its size and its words."""

    show: Annotated[int, Field(ge=1, le=6)] = 3
    headline: Text
    skip_label: Text
    products: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] = "products"
    button: Literal["product", "basket"] = "product"
    sections: Annotated[tuple[OfferSection, ...], Field(max_length=MOST_SECTIONS)] = ()

    @cached_property
    def promised(self) -> int:
        """Return how many products are shown at once: the sum of the sections' `show` where there are any."""
        return sum(section.show for section in self.sections) if self.sections else self.show

    @cached_property
    def page(self) -> int:
        """Return how many ranks of a section one page of the offer has: the most that any section shows."""
        return max((section.show for section in self.sections), default=self.show)


class Experiment(PlainModel):
    """The randomised holdout: who is not invited, and how long a purchase counts after t0."""

    name: Slug
    holdout_share: Annotated[float, Field(gt=0, le=0.9)]
    window_days: Annotated[int, Field(ge=1, le=90)] = 7
    minimum_effect: Annotated[float, Field(ge=0.01, le=10)] = MINIMUM_EFFECT


class Quiz(PlainModel):
    """One quiz file."""

    title: Text
    promise: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
    minutes: Annotated[float, Field(gt=0, le=30, multiple_of=0.5)]
    image: Annotated[str, StringConstraints(max_length=500)] = ""
    language: Annotated[str, StringConstraints(pattern=f"^{TAG}$")] = "en"
    catalog: Annotated[str, StringConstraints(min_length=1, max_length=200)] | CatalogRef
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=40)]
    offer: OfferSpec
    experiment: Experiment | None = None
    names: Annotated[dict[str, Annotated[str, StringConstraints(max_length=80)]], Field(max_length=200)] = Field(
        default_factory=dict
    )
    was: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()
    auto_advance: bool = False

    @property
    def say(self) -> Words:
        """Return the words of the quiz's language, with its names for the catalogue's tags and attributes."""
        return words_in(self.language).naming(self.names)

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Map each question's id to the question."""
        return {question.id: question for question in self.questions}

    def pictures(self) -> Iterator[tuple[Path, str]]:
        """Yield the address of every picture that the file names, with its place."""
        yield ("image",), self.image
        for number, question in enumerate(self.questions):
            for path, address in question.pictures():
                yield ("questions", number, *path), address

    @property
    def catalog_ref(self) -> CatalogRef:
        """Return the catalogue's reference in its long form."""
        return CatalogRef(file=self.catalog) if isinstance(self.catalog, str) else self.catalog
