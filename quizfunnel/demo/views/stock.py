"""Stock of the demo store: the catalogues of the quizzes that can be taken, a shelf for each."""

from dataclasses import dataclass

from flask import abort, current_app

from quizfunnel.catalog.product import Product
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.shop.invite import Plan

_NAMES = {"coffee": "Coffee", "skin-care": "Skin care"}


@dataclass(frozen=True, slots=True)
class Parts:
    """The quizzes, the keys that attribute orders, and the plan of experiments, as app.py hands them over."""

    shelf: Shelf
    keys: AttributionKeys
    plan: Plan


def parts() -> Parts:
    """Return the running app's parts."""
    wired: Parts = current_app.extensions["demo"]
    return wired


def live_quizzes() -> list[LiveQuiz]:
    """Return the quizzes that can be taken, each with the catalogue of its shelf."""
    shelf = parts().shelf
    return [live for slug in shelf.slugs() if (live := shelf.live(slug))]


def category(slug: str) -> LiveQuiz:
    """Return the quiz whose catalogue stands on a shelf, or answer 404."""
    live = parts().shelf.live(slug)
    if live is None:
        abort(404, "The shop has no such shelf.")
    return live


def category_name(slug: str) -> str:
    """Return a shelf's name."""
    return _NAMES.get(slug) or slug.replace("-", " ").capitalize()


def find(product: str) -> Product | None:
    """Return a product of any shelf by its id."""
    return next((match for live in live_quizzes() if (match := live.catalog.by_id.get(product))), None)
