"""Simulated shoppers are the same at every check, answer only what they are asked, and every answer alike."""

from collections import Counter
from pathlib import Path

import pytest

from quizfunnel.quiz import paths
from quizfunnel.quiz.check.shoppers import SHOPPERS, Simulation, otherwise, simulate
from quizfunnel.quiz.file.load import load_text
from quizfunnel.quiz.rules import Products, rules
from quizfunnel.quiz.spec import AnswerValue, Quiz
from tests.cast import product
from tests.quiz.files import changed

STOCKED = Products([product("cheap", price=900), product("dear", price=2900)])
EVEN = 0.001  # one shopper: what is drawn first is spread evenly over those who are asked
CHANCE = 0.05  # more than three standard errors of a share of those who choose several


def _quiz(*changes: tuple[str, str]) -> Quiz:
    return load_text(changed(*changes), "coffee.yaml").quiz


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """Return the shoppers of the good quiz."""
    return simulate(_quiz(), STOCKED)


def _shares(simulation: Simulation, question: str) -> dict[AnswerValue, float]:
    answers = [each.answers[question] for each in simulation.shoppers if question in each.answers]
    return {value: count / len(answers) for value, count in Counter(answers).items()}


def test_shoppers_answer_what_they_are_asked(simulation: Simulation) -> None:
    """Exactly the questions on their own path, and the products that are left are those of their rules."""
    assert len(simulation.shoppers) == SHOPPERS
    for shopper in simulation.shoppers:
        assert tuple(shopper.answers) == tuple(each.id for each in paths.asked(_quiz(), shopper.answers))
        assert shopper.left == STOCKED.keeping(rules(_quiz(), shopper.answers))


@pytest.mark.parametrize(
    ("question", "expected", "tolerance"),
    [
        ("brew", dict.fromkeys(["espresso", "filter", "moka"], 1 / 3), EVEN),
        ("avoid", {(): 1 / 3, ("caffeine",): 1 / 6, ("acid",): 1 / 6, ("acid", "caffeine"): 1 / 3}, CHANCE),
        ("strength", dict.fromkeys([None, 1.0, 2.0, 3.0, 4.0, 5.0], 1 / 6), EVEN),
    ],
)
def test_every_answer_is_as_likely(
    simulation: Simulation, question: str, expected: dict[AnswerValue, float], tolerance: float
) -> None:
    """Skipping is one of them; of several choices the number is drawn first."""
    shares = _shares(simulation, question)
    assert shares.keys() == expected.keys()
    assert shares == {value: pytest.approx(share, abs=tolerance) for value, share in expected.items()}


def test_an_edit_changes_nobodys_other_answers(simulation: Simulation) -> None:
    """The same people come again, so that a share which changes does so by the edit."""
    again = simulate(_quiz(("label: Moka pot}", "label: Moka}"), ("step: 2", "step: 3")), STOCKED)
    before = [{**each.answers, "budget": None} for each in simulation.shoppers]
    assert [{**each.answers, "budget": None} for each in again.shoppers] == before


def test_a_shopper_who_answers_otherwise_is_the_same_otherwise(simulation: Simulation) -> None:
    """One answer is another one; all others stay."""
    quiz = _quiz()
    for shopper in simulation.shoppers[:50]:
        other = otherwise(quiz, STOCKED, shopper, quiz.by_id["budget"])
        assert other is not None
        assert other.answers["budget"] != shopper.answers["budget"]
        assert {**other.answers, "budget": None} == {**shopper.answers, "budget": None}


def test_shares_are_said_as_counts_where_they_are_small(tmp_path: Path) -> None:
    """Nobody reads 0 % where somebody is meant."""
    simulation = simulate(_quiz(), STOCKED, people=1000)
    assert simulation.share(3) == "3 of 1,000 simulated shoppers"
    assert simulation.share(253) == "25% of simulated shoppers"
