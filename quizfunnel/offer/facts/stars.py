"""Stars: a product's rating as its card shows it and as it is read aloud; pure."""

from typing import NamedTuple

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.rating import USUAL_BEST, Rating, rating_of
from quizfunnel.i18n.words import Words

_DECIMALS = 1


class Stars(NamedTuple):
    """A rating in short, `4.6 (128)`, and in a sentence that needs no picture."""

    short: str
    words: str


def stars_of(product: Product, say: Words) -> Stars | None:
    """Return a product's rating in words, None where it has none."""
    rating = rating_of(product)
    return Stars(_short(rating, say), _sentence(rating, say)) if rating else None


def _short(rating: Rating, say: Words) -> str:
    value, best = _values(rating, say)
    shown = value if rating.best == USUAL_BEST else f"{value}/{best}"
    return shown if rating.given is None else f"{shown} ({say.number(rating.given)})"


def _sentence(rating: Rating, say: Words) -> str:
    value, best = _values(rating, say)
    if rating.given is None:
        return say("Rated %(value)s out of %(best)s", value=value, best=best)
    return say.ngettext(
        "Rated %(value)s out of %(best)s in %(num)s rating",
        "Rated %(value)s out of %(best)s in %(num)s ratings",
        rating.given,
        value=value,
        best=best,
    )


def _values(rating: Rating, say: Words) -> tuple[str, str]:
    """Return the mean and the most that can be given; rounding makes no mean a full score that is none."""
    shown = round(rating.value, _DECIMALS)
    if shown >= rating.best > rating.value:
        shown = rating.value
    return say.number(shown), say.number(rating.best)
