"""A live quiz: one version of a quiz with the products that it offers now; pure."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from quizfunnel.catalog.product import Catalog
from quizfunnel.quiz.catalog_snapshot import products_as_json
from quizfunnel.quiz.spec import Quiz


@dataclass(frozen=True, eq=False)
class LiveQuiz:
    """One quiz version with the products that it offers from now."""

    slug: str
    version: str
    quiz: Quiz
    catalog: Catalog
    body: str = ""

    @cached_property
    def products(self) -> str:
        """The catalogue's products as the JSON that is kept of them."""
        return products_as_json(self.catalog)

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
