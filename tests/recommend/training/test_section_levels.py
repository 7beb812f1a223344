"""Sections are learnt from apart: what one is bought from more often makes no model, and no model look good."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.training.card import card_of, card_text
from quizfunnel.recommend.training.dataset import CHOOSE, LEARN, Dataset
from quizfunnel.recommend.training.grouped_log import Counts
from quizfunnel.recommend.training.section_levels import section_levels
from quizfunnel.recommend.training.train import LARGE, judge, train
from tests.cast import NOON, coffee_quiz
from tests.recommend.logs import PRODUCTS, a_taste, coffee_log

pytestmark = pytest.mark.thorough

QUIZ = coffee_quiz()
VERSIONS = {"now": QUIZ}
TAGS = {"whole-bean": 0.0, "ground": 2.0}
GROUND = np.array(["ground" in each.tags for each in PRODUCTS.all])


def whole(counts: Counts) -> Counts:
    """Return a log as if its offers had no sections."""
    return replace(counts, section=np.zeros_like(counts.section), sections=("",))


def gap(counts: Counts) -> float:
    """Return the log-loss of a model above that of the rules, on the last part of the time."""
    dataset = Dataset(QUIZ, PRODUCTS, counts, VERSIONS)
    judged, _ = judge(dataset, dataset.fitted(LARGE, (*LEARN, CHOOSE)))
    against = judged.scores["model"].against
    assert against is not None
    return against.value


def test_levels_are_found_and_one_section_has_none() -> None:
    """From many trials to the second digit; without purchases a level is finite, and 0 where nothing sells at all."""
    rng, prior = np.random.default_rng(1), np.random.default_rng(2).normal(size=4000)
    section = np.repeat([0, 1, 2], [2000, 1500, 500])
    trials = np.full(4000, 50.0)
    bought = rng.binomial(50, expit(np.array([-2.0, -1.0, -np.inf])[section] + prior)).astype(np.float64)
    low, high, never = section_levels(section, prior, trials, bought, sections=3)
    assert high - low == pytest.approx(1.0, abs=0.03)
    assert -20 < never < low - 2
    assert section_levels(np.zeros(4000, dtype=np.int64), prior, trials, bought, sections=1).tolist() == [0.0]
    assert section_levels(section, prior, trials, np.zeros(4000), sections=3).tolist() == [0.0, 0.0, 0.0]


def test_a_model_is_not_called_better_for_knowing_which_section_sells() -> None:
    """Shoppers who buy by the rules, and ground coffee seven times as often: without sections that looks like skill."""
    counts = coffee_log(4000, sections=TAGS)
    assert gap(whole(counts)) < -0.02
    assert gap(counts) > gap(whole(counts)) / 4


def test_what_is_liked_within_a_section_is_still_learnt() -> None:
    """A taste that the rules do not know makes the model better, with sections as without."""
    assert gap(coffee_log(4000, taste=a_taste(), sections=TAGS)) < -0.02


def test_products_learn_nothing_of_their_sections_level() -> None:
    """Ground coffee stands no higher than beans in the model; without sections it does."""
    counts = coffee_log(4000, sections=TAGS)

    def apart(log: Counts) -> float:
        base = Dataset(QUIZ, PRODUCTS, log, VERSIONS).fitted(LARGE, range(5)).base_
        return float(base[GROUND].mean() - base[~GROUND].mean())

    assert abs(apart(counts)) < 0.3 < apart(whole(counts))


def test_the_card_tells_the_purchases_of_each_section() -> None:
    """And says that products are compared within them; a log without sections has no such line."""
    for counts, told in ((coffee_log(600, sections=TAGS), True), (coffee_log(600), False)):
        trained = train(QUIZ, PRODUCTS, counts, VERSIONS)
        card = card_of(trained, counts, PlackettLucePolicy(), at=NOON)
        assert set(card["data"]["sections"]) == (set(TAGS) if told else set())
        assert ("Products are compared within each section of an offer" in card_text(card, quiz="coffee")) is told
