"""Models as training would leave them: of the coffee quiz, and drawn at random over a world."""

from datetime import UTC, datetime
from random import Random
from typing import Any

from hypothesis import strategies as st

from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.registry.folder import Package
from quizfunnel.recommend.serving.answer_codes import columns_of
from quizfunnel.recommend.serving.points import SLOPE
from quizfunnel.recommend.serving.recommender import TableRecommender
from quizfunnel.recommend.serving.score_model import ModelTable
from tests.cast import coffee_catalog, coffee_quiz
from tests.recommend.worlds import World

MADE = datetime(2026, 11, 24, 12, tzinfo=UTC)


def coffee_model(slope: float = SLOPE, *, best: str = "", products: tuple[str, ...] = ()) -> ModelTable:
    """Return a model of the coffee quiz that says what the rules say, but that one product is best by far."""
    products = products or tuple(product.id for product in coffee_catalog().products)
    columns = columns_of(coffee_quiz())
    share = 8.0 / len(products)
    base = tuple(8.0 - share if best == id else -share if best else 0.0 for id in products)
    level = (0.0,) * len(products)
    return ModelTable(products, columns, slope, base, tuple((level,) * column.codes for column in columns))


def package(model: ModelTable | None = None, quiz: Quiz | None = None, **card: Any) -> Package:
    """Return a model of the coffee quiz as it is to be stored."""
    return Package(
        quiz="coffee",
        quiz_version="f" * 64,
        meaning=meaning(quiz or coffee_quiz()),
        made_at=MADE,
        table=model or coffee_model(),
        card=card or {"purchases": 12},
    )


@st.composite
def models(draw: st.DrawFn, world: World) -> TableRecommender:
    """Draw a model of a world's quiz that does not know all of its products, and knows one that is gone."""
    columns = columns_of(world.quiz)
    ids = ["gone", *(product.id for product in world.products)]
    known = tuple(draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)))
    number = Random(draw(st.integers(0, 10**6))).choice  # noqa: S311 - of a few, so that equal ones are met

    def row() -> tuple[float, ...]:
        return tuple(number((0.0, 0.0, -1.0, -0.3, 0.1, 0.25, 0.4, 2.0)) for _ in known)

    rows = tuple(tuple(row() for _ in range(column.codes)) for column in columns)
    slope = draw(st.sampled_from([0.0, SLOPE, 0.5]))
    return TableRecommender("model", ModelTable(known, columns, slope, row(), rows))


def liking(best: str, size: float = 2.0) -> ModelTable:
    """Return a model that takes one product for the best."""
    ids, columns = tuple(product.id for product in coffee_catalog().products), columns_of(coffee_quiz())
    base = tuple(size * ((id == best) - 1 / len(ids)) for id in ids)
    rows = tuple(((0.0,) * len(ids),) * column.codes for column in columns)
    return ModelTable(ids, columns, SLOPE, base, rows)
