"""A model's card: everything it says as JSON it says in words, and what is not known is not said."""

import json
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from markdown_it import MarkdownIt

from quizfunnel.quiz.rules import Products
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.training.card import LIMITS, card_of, card_text
from quizfunnel.recommend.training.grouped_log import Counts
from quizfunnel.recommend.training.train import TrainedModel, train
from tests.cast import NOON, coffee_quiz
from tests.recommend.logs import FACTS, PRODUCTS, a_taste, coffee_log
from tests.recommend.questions import QUESTIONS


@cache
def trained(offers: int = 1200) -> tuple[TrainedModel, Counts]:
    """Return a model of the coffee quiz and the log that it was learnt from."""
    counts = coffee_log(offers, taste=a_taste())
    return train(coffee_quiz(), PRODUCTS, counts, {"now": coffee_quiz()}), counts


def card(offers: int = 1200) -> dict[str, Any]:
    """Return the card of that model."""
    return card_of(*trained(offers), PlackettLucePolicy(), at=NOON)


def other_card(counts: Counts, *, products: Products = PRODUCTS, **changes: Any) -> dict[str, Any]:
    """Return the card of a model of a changed quiz, from answers to the coffee quiz."""
    versions = {pattern.version: coffee_quiz() for pattern in counts.patterns}
    found = train(coffee_quiz(**changes), products, counts, versions)
    return card_of(found, counts, PlackettLucePolicy(), at=NOON)


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Return every figure, word and flag of a card, with where it stands."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, f"{name}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each, name)
    else:
        yield name, value


def written(value: Any) -> set[str]:
    """Return the ways in which a card may write a value."""
    if isinstance(value, str):
        return {value, value[:1].upper() + value[1:], value[:12], value[:16].replace("T", " ")}
    return {f"{value:,.0f}", f"{value:,}", f"{value:g}", f"{value:.2f}", f"{value:.1f}", f"{value:+.4f}"} | {
        f"{value:.4f}",
        f"{value:.0%}",
    }


@pytest.mark.thorough
def test_every_figure_is_in_the_text() -> None:
    """And every word of the JSON; whether it passed and what is simulated is told in words."""
    newer = [each for each in QUESTIONS if each["id"] != "budget"]
    more = {**QUESTIONS[0], "id": "milk", "ask": "Milk?"}
    left = Products([each for each in PRODUCTS.all if each.id != "nutty"])
    counts = coffee_log(1200, taste=a_taste(), versions=("v" * 64,))
    weighed = FACTS._replace(positions=(1.0, 0.83, 0.61), offers=1234, waiting=56)
    found = other_card(replace(counts, facts=weighed), products=left, questions=[*newer, more])
    found["replay"] = {"says": "1.23 purchases from 100 offers", "offers": 321}
    text = card_text(found, quiz="coffee")
    for name, value in leaves(found):
        if value is not None and name not in {".passed", ".data.simulated", ".rules.supported"}:
            assert any(each in text for each in written(value)), (name, value)
    assert found["not_comparable"] == {"v" * 64: {"milk": "the question was not there"}}
    assert "Version vvvvvvvvvvvv: milk (the question was not there)" in text
    assert found["data"]["products_gone"] == ["nutty"]
    assert found["data"]["purchases"] + found["data"]["purchases_gone"] == counts.purchases


@pytest.mark.thorough
def test_simulated_shoppers_are_told() -> None:
    """In the first lines; and of real ones nothing of the kind."""
    model, counts = trained()
    simulated = replace(counts, facts=FACTS._replace(simulated=True))
    found = card_of(model, simulated, PlackettLucePolicy(), at=NOON)
    assert "**simulated** shoppers of the demo" in card_text(found, quiz="coffee")
    assert "simulated" not in card_text(card(), quiz="coffee")


@pytest.mark.thorough
@pytest.mark.parametrize("offers", [12, 60, 1200])
def test_it_is_strict_json(offers: int) -> None:
    """Whatever the log: no number that JSON does not have, and reading it back gives the same card."""
    found = card(offers)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert "nan" not in card_text(found, quiz="coffee").lower().replace("finance", "")
    assert " inf" not in card_text(found, quiz="coffee")


def test_rules_without_points_have_no_interval() -> None:
    """A slope that nothing was seen of is not told as one: strict JSON, and a sentence that makes sense."""
    plain = [
        each | {"choices": [{"id": one["id"], "label": one["label"]} for one in each["choices"]]}
        for each in QUESTIONS
        if "choices" in each
    ]
    found = other_card(coffee_log(300), questions=plain)
    assert (found["rules"]["low"], found["rules"]["high"], found["rules"]["supported"]) == (None, None, None)
    json.dumps(found, allow_nan=False)
    text = card_text(found, quiz="coffee")
    assert "The rules gave no points to what was shown" in text
    assert "inf" not in text.replace("information", "")


@pytest.mark.parametrize(
    ("slope", "error", "says"),
    [
        (1.0, 0.1, "The rules are supported by what people buy: a point counts 1.00 times what it does alone"),
        (0.1, 0.1, "The rules are not supported by what people buy"),
        (0.1, 0.5, "The log cannot tell yet whether the rules are supported"),
    ],
)
def test_the_rules_are_judged_in_words(slope: float, error: float, says: str) -> None:
    """Supported, not supported, or not to be told yet, each with its interval."""
    model, counts = trained(60)
    fitted = copy(model.fitted)
    fitted.slope_, fitted.slope_error_ = slope, error
    found = card_of(replace(model, fitted=fitted), counts, PlackettLucePolicy(), at=NOON)
    assert says in found["rules"]["says"]
    assert f"95 % interval {slope - 1.96 * error:.2f} to {slope + 1.96 * error:.2f}" in found["rules"]["says"]


@pytest.mark.parametrize("offers", [60, 1200])
def test_it_reads_as_markdown(offers: int) -> None:
    """One heading of the first level, sections under it, lists and tables whose rows have all their cells."""
    text = card_text(card(offers), quiz="coffee")
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert [token.type for token in tokens].count("heading_open") == 1 + text.count("\n## ")
    assert sum(token.tag == "h1" for token in tokens if token.type == "heading_open") == 1
    assert "|" not in "".join(token.content for token in tokens if token.type == "inline")
    assert all(limit in text for limit in LIMITS)
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_a_small_log_says_why_nothing_was_tried() -> None:
    """No table of metrics, no grid, and the reason for both."""
    found = card(60)
    assert (found["grid"], found["metrics"], found["calibration"]) == ([], {}, [])
    text = card_text(found, quiz="coffee")
    assert "No settings were tried" in text
    assert "are too few to judge a model by" in text


@pytest.mark.thorough
def test_each_part_of_the_time_has_its_row() -> None:
    """With the days it went from and to, as far as the log goes."""
    found = card()
    spans = [(each["from"], each["to"]) for each in found["calibration"]]
    assert len(spans) == 5
    assert all(one[1] == two[0] for one, two in pairwise(spans))
    assert (spans[0][0], spans[-1][1]) == (found["data"]["from"], found["data"]["to"])
    assert sum(each["bought"] for each in found["calibration"]) == pytest.approx(trained()[1].purchases)
