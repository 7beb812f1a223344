"""A live quiz: one version of a quiz with the products that it offers now; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256

from quizfunnel.catalog.product import Catalog
from quizfunnel.i18n.languages import nearest
from quizfunnel.quiz.catalog_snapshot import products_as_json
from quizfunnel.quiz.spec import Quiz


@dataclass(frozen=True, eq=False)
class LiveQuiz:
    """One quiz version with the products that it offers from now.

    `translations` are the quiz by its language files, whose texts are `language_files`; one that speaks another
    language than its file has that as its `base`.
    """

    slug: str
    version: str
    quiz: Quiz
    catalog: Catalog
    body: str = ""
    translations: Mapping[str, Quiz] = field(default_factory=dict)
    language_files: Mapping[str, str] = field(default_factory=dict)
    base: "LiveQuiz | None" = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that it can be taken in, the quiz file's own first."""
        own = self.base or self
        return (own.quiz.language, *own.translations)

    def speaking(self, language: str) -> "LiveQuiz":
        """Return the same version in a language; in the quiz file's own where it has no such texts."""
        if self.base is not None:
            return self.base.speaking(language)
        chosen = nearest(language, self.languages)
        if chosen not in self.translations:
            return self
        spoken = self._spoken.get(chosen)
        if spoken is None:  # threads that meet here make two, and one of them serves
            quiz, catalog = self.translations[chosen], self.catalog.speaking(chosen)
            spoken = self._spoken.setdefault(chosen, replace(self, quiz=quiz, catalog=catalog, base=self))
        return spoken

    @cached_property
    def _spoken(self) -> dict[str, "LiveQuiz"]:
        return {}

    @cached_property
    def products(self) -> str:
        """The catalogue's products as the JSON that is kept of them."""
        return self.base.products if self.base else products_as_json(self.catalog)

    @property
    def pair(self) -> str:
        """Both versions as one key: 128 bits of either, so that each half can be told apart."""
        return pair_key(self.version, self.catalog_version)

    @cached_property
    def catalog_version(self) -> str:
        """The catalogue version: the SHA-256 of its products, in hexadecimal."""
        return sha256(self.products.encode()).hexdigest()


def pair_key(version: str, catalog_version: str) -> str:
    """Return a pair's key, of a quiz version and a catalogue version."""
    return version[:32] + catalog_version[:32]
