"""Small worlds drawn at random: a quiz with soft and hard rules, a catalogue, and a shopper's answers."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog, Product
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.spec import AnswerValue, Quiz
from tests.cast import product
from tests.quiz import small

SELECTORS = [f"tag:{tag}" for tag in small.TAGS]


class World(NamedTuple):
    """A quiz as it is written and as it is read, its products, and answers along its path."""

    raw: list[dict[str, Any]]
    live: LiveQuiz
    answers: dict[str, AnswerValue]

    @property
    def quiz(self) -> Quiz:
        """Return the quiz."""
        return self.live.quiz

    @property
    def products(self) -> tuple[Product, ...]:
        """Return the products."""
        return self.live.catalog.products


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world of two to five questions and up to nine products, some of them sold out."""
    raw = [_with_soft_rules(draw, question) for question in draw(small.questions())]
    answers: dict[str, Any] = {}
    for question in raw:
        if small.asks(question.get("when"), answers):
            answers[question["id"]] = draw(st.sampled_from(small.every_answer(question)))
    catalog = Catalog(tuple(draw(_products())))
    live = LiveQuiz("small", "f" * 64, small.quiz_of(raw, show=draw(st.integers(1, 3))), catalog)
    return World(raw, live, answers)


def _with_soft_rules(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, Any]:
    if question["pick"] == "scale":
        bounds = draw(st.sampled_from([("limits", "at_least"), ("limits", "at_least"), ()]))
        kept = {key: value for key, value in question.items() if key not in bounds}
        return kept | draw(st.sampled_from([{}, {"near": {"strength": 1}}, {"near": {"price": 2}}]))
    return question | {"choices": [_soft_choice(draw, question["id"], choice) for choice in question["choices"]]}


def _soft_choice(draw: st.DrawFn, question: str, choice: dict[str, Any]) -> dict[str, Any]:
    points = st.dictionaries(st.sampled_from(SELECTORS), st.integers(1, 3), max_size=2)
    name = f"{question}-{choice['id']}"
    words = draw(st.sampled_from([{}, {"because": f"you like {name}"}, {"because": f"no {name}"}]))
    hard: dict[str, Any] = (
        {} if draw(st.booleans()) else {"requires": [], "excludes": []}
    )  # fewer hard rules leave more to rank
    return choice | hard | words | {"label": name, "favours": draw(points), "against": draw(points)}


def _products() -> st.SearchStrategy[list[Product]]:
    facts = st.tuples(
        st.frozensets(st.sampled_from(small.TAGS)),
        st.integers(1, 5),
        st.sampled_from([None, 1.0, 2.5, 3.0, 4.0]),
        st.sampled_from([None, None, 2, 0]),
    )
    return st.lists(facts, min_size=2, max_size=9).map(
        lambda drawn: [
            product(
                f"p{n}",
                price=price * 100,
                tags=tuple(tags),
                stock=stock,
                attributes={} if strength is None else {"strength": strength},
            )
            for n, (tags, price, strength, stock) in enumerate(drawn)
        ]
    )
