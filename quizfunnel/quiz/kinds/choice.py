"""Choice: one thing that a shopper can choose, with the points, rules and words that it brings; pure."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from quizfunnel.catalog.product import Product
from quizfunnel.i18n.words import Words
from quizfunnel.quiz.kinds.fields import PlainModel, Points, RuleEntry, Selector, Slug, Text, names_of
from quizfunnel.quiz.kinds.rule import Rule, matches
from quizfunnel.quiz.kinds.words import is_clause

_CONTAINS = frozenset(("may", "contain", "contains", "with", "has", "trace", "traces", "of"))


class Choice(PlainModel):
    """One thing a shopper can choose."""

    KEYS: ClassVar[Mapping[str, str]] = {
        "id": "A lower-case slug, unique in its question.",
        "label": "What the shopper reads.",
        "help": "A short text under the label; it may take *emphasis*.",
        "image": "A picture: a path like /static/img/x.svg or an https address; its alt text is the label.",
        "because": "The reason's words: 'for espresso', 'you drink it with milk', and with a rule 'no fragrance'.",
        "favours": "Soft: products that this answer speaks for: 1 a nudge, 2 clear, 3 strong.",
        "against": "Soft: products that this answer speaks against.",
        "requires": "Hard: after this answer only products are shown that have all of these; where one of several is "
        "enough, [{any: [tag:a, tag:b]}].",
        "excludes": "Hard: after this answer no product is shown that has any of these.",
    }

    id: Slug
    label: Text
    help: Annotated[str, StringConstraints(max_length=200)] = ""
    image: Annotated[str, StringConstraints(max_length=500)] = ""
    because: Annotated[str, StringConstraints(max_length=120)] = ""
    favours: dict[Selector, Points] = Field(default_factory=dict)
    against: dict[Selector, Points] = Field(default_factory=dict)
    requires: tuple[RuleEntry, ...] = ()
    excludes: tuple[RuleEntry, ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """Return every name in `requires`, those too of which one is enough."""
        return tuple(name for entry in self.requires for name in names_of(entry))

    @property
    def excluded(self) -> tuple[str, ...]:
        """Return every name in `excludes`."""
        return tuple(name for entry in self.excludes for name in names_of(entry))

    @property
    def is_hard(self) -> bool:
        """Tell whether the choice can forbid a product."""
        return bool(self.requires or self.excludes)

    @property
    def is_phrase(self) -> bool:
        """Tell whether `because` says what the choice asks for, "no fragrance", and not why."""
        return self.is_hard and not is_clause(self.because)

    @property
    def is_guarded(self) -> bool:
        """Tell whether the label alone might say the opposite: "Caffeine", chosen as what to leave out."""
        return self.is_hard or bool(self.against and not self.favours)

    def stance(self, say: Words) -> str:
        """Return a hard choice in words that need no question: "no fragrance", "Milk: never"; else none.

        That a label names what is excluded is taken from the tag alone, which must say the same thing.
        """
        if self.because and self.is_phrase:
            return self.because
        wanted = self.requires or self.favours
        named = any(_things(name.removeprefix("tag:")) == _things(self.label) for name in self.excluded)
        # Translators: %(label)s is what somebody leaves out, as "Milk"
        return say("%(label)s: never", label=self.label) if named and not wanted else ""

    def points(self, product: Product) -> int:
        """Return what `favours` and `against` give one product."""
        good = sum(worth for selector, worth in self.favours.items() if matches(product, selector))
        return good - sum(worth for selector, worth in self.against.items() if matches(product, selector))

    def rules(self, question: str) -> tuple[Rule, ...]:
        """Return the hard rules that choosing it brings."""
        required = [Rule(question, self.id, "requires", names_of(entry)) for entry in self.requires]
        return (*required, *(Rule(question, self.id, "excludes", names_of(entry)) for entry in self.excludes))

    @property
    def clause(self) -> str:
        """Return `because` where it says why, "you drink it with milk", and is not itself what the choice asks for."""
        return "" if self.is_phrase else self.because


def _things(name: str) -> frozenset[str]:
    """Return what a label or tag names, whatever the number: `may-contain-nuts` and `Nut traces` name `nut`."""
    words = re.findall(r"[^\W_]+", name.lower())
    return frozenset(word.removesuffix("s") for word in words if word not in _CONTAINS)
