"""Appearance: what shoppers would see and wonder at, as products for nothing, twins, lost pictures.

None of it is proven to be a mistake (a sample costs nothing, a picture may follow in a minute), so that all of it
warns. Alike products are told in one finding, at the first of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.kit.finding import Finding
from quizfunnel.quiz.file.load import LoadedQuiz
from quizfunnel.quiz.kinds.words import MOST_LISTED, listed

_STATIC = "/static/"


class ShownCatalog(NamedTuple):
    """Published products of a catalogue, with its file's name in findings."""

    name: str
    products: tuple[Product, ...]

    def finding(self, line: int, message: str) -> Finding:
        """Return a warning at a line of the catalogue."""
        return Finding(self.name, line, 1, "warning", message)


def check(loaded: LoadedQuiz, catalog: Catalog, *, name: str, folders: Sequence[Path]) -> Iterator[Finding]:
    """Find what looks wrong to shoppers; `name` is the catalogue's in findings, `folders` hold the static files."""
    live = ShownCatalog(name, tuple(product for product in catalog.products if product.published))
    yield from _quiz_pictures(loaded, folders)
    yield from _free(live)
    yield from _twins(live)
    yield from _product_pictures(live, folders)


def _free(file: ShownCatalog) -> Iterator[Finding]:
    free = [product for product in file.products if any(variant.price == 0 for variant in product.variants)]
    if free:
        verb = "costs" if len(free) == 1 else "cost"
        message = f"{_named(free)} {verb} nothing; write the price, or leave out what is not sold"
        yield file.finding(free[0].line, message)


def _twins(file: ShownCatalog) -> Iterator[Finding]:
    """Find titles that two products have: shoppers cannot tell them apart, and neither can an order by its title."""
    titles: dict[str, list[Product]] = {}
    for product in file.products:
        titles.setdefault(" ".join(product.title.casefold().split()), []).append(product)
    twins = [products for products in titles.values() if len(products) > 1]
    for products in twins[:MOST_LISTED]:
        message = (
            f"{_named(products)} are called {products[0].title!r}, so that shoppers cannot tell them apart, nor can "
            "an order that names its products by title; give each a title of its own"
        )
        yield file.finding(products[1].line, message)
    if len(twins) > MOST_LISTED:
        more = sum(len(products) for products in twins[MOST_LISTED:])
        yield file.finding(twins[MOST_LISTED][1].line, f"and {more} more products share their titles with others")


def _product_pictures(file: ShownCatalog, folders: Sequence[Path]) -> Iterator[Finding]:
    lost = [product for product in file.products if not _is_there(product.image, folders)]
    if lost:
        message = f"there is no picture {lost[0].image}{_in(folders)}; put the file there or mend the address"
        others = f" (and of {len(lost) - 1} more: {_named(lost[1:])})" if len(lost) > 1 else ""
        yield file.finding(lost[0].line, f"{message}{others}")


def _quiz_pictures(loaded: LoadedQuiz, folders: Sequence[Path]) -> Iterator[Finding]:
    for path, address in loaded.quiz.pictures():
        if not _is_there(address, folders):
            message = f"there is no picture {address}{_in(folders)}; put the file there or mend the address"
            yield loaded.finding(path, message, error=False)


def _is_there(address: str, folders: Iterable[Path]) -> bool:
    """Tell whether a picture can be there: of other addresses than our own nothing is known."""
    if not address.startswith(_STATIC):
        return True
    path = unquote(urlsplit(address).path)
    try:
        return any((folder / path.removeprefix(_STATIC)).is_file() for folder in folders)
    except (OSError, ValueError):  # a name that is longer than any file's, or holds a NUL
        return False


def _named(products: Sequence[Product]) -> str:
    return listed([product.id for product in products])


def _in(folders: Sequence[Path]) -> str:
    return f" in the folder {folders[0].name}" if folders else ""
