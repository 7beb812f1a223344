"""The learners: what they find, against other implementations and against the truth, and scikit-learn's conventions."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import (
    check_estimator_cloneable,
    check_estimator_repr,
    check_get_params_invariance,
    check_no_attributes_set_in_init,
    check_parameters_default_constructible,
    check_set_params,
)

from quizfunnel.recommend.learners.additive import AdditiveTables
from quizfunnel.recommend.learners.boosted import BoostedTables
from quizfunnel.recommend.learners.encoder import AnswerEncoder
from quizfunnel.recommend.learners.estimator import QuizRecommender
from quizfunnel.recommend.learners.shrunk import ChoiceTables
from tests.recommend.shops import Shop, choice_loss, choices, shop, trial_loss, trials

pytestmark = pytest.mark.thorough


LEARN, JUDGE = slice(0, 1500), slice(1500, None)
SHOP = shop(patterns=2500)
BOUGHT = choices(SHOP)
PURCHASES, TRIALS = trials(SHOP)
CONVENTIONS = [
    check_no_attributes_set_in_init,
    check_get_params_invariance,
    check_set_params,
    check_estimator_cloneable,
    check_estimator_repr,
    check_parameters_default_constructible,
]


def learners() -> list[AdditiveTables | QuizRecommender]:
    """Return one of each."""
    return [ChoiceTables(), BoostedTables(rounds=60), QuizRecommender(boosted=BoostedTables(rounds=60))]


@pytest.mark.parametrize("estimator", [ChoiceTables(), BoostedTables(), QuizRecommender(), AnswerEncoder()], ids=repr)
@pytest.mark.parametrize("check", CONVENTIONS, ids=lambda check: check.__name__)
def test_scikit_learns_conventions_hold(check: Any, estimator: Any) -> None:
    """Those that ask for no particular data: ours is codes, and purchases by product."""
    check(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize("learner", learners(), ids=lambda each: type(each).__name__)
def test_fit_keeps_its_settings_and_the_same_seed_learns_the_same(learner: Any) -> None:
    """Nothing that was set is changed, and two fits agree to the bit."""
    before = {name: repr(value) for name, value in learner.get_params().items()}
    first = clone(learner).fit(SHOP.codes[:300], BOUGHT[:300])
    again = clone(learner).fit(SHOP.codes[:300], BOUGHT[:300])
    assert {name: repr(value) for name, value in first.get_params().items()} == before
    np.testing.assert_array_equal(first.decision_function(SHOP.codes[:5]), again.decision_function(SHOP.codes[:5]))


@pytest.mark.parametrize("learner", learners(), ids=lambda each: type(each).__name__)
def test_nothing_is_predicted_before_fit(learner: Any) -> None:
    """As every estimator."""
    with pytest.raises(NotFittedError):
        learner.decision_function(SHOP.codes[:5])
    with pytest.raises(NotFittedError):
        learner.explain(SHOP.codes[:5])


@pytest.mark.parametrize("features", [None, SHOP.attributes], ids=["alone", "with attributes"])
@pytest.mark.parametrize("learner", [ChoiceTables(), BoostedTables()], ids=lambda each: type(each).__name__)
def test_choices_teach_the_taste_behind_them(learner: AdditiveTables, features: Any) -> None:
    """Much of the way from popularity to the truth, on patterns that were not learnt from."""
    found = clone(learner).fit(SHOP.codes[LEARN], BOUGHT[LEARN], item_features=features)
    popular = np.tile(BOUGHT[LEARN].mean(axis=0), (1000, 1))
    truth = np.exp(SHOP.truth[JUDGE]) / np.exp(SHOP.truth[JUDGE]).sum(axis=1, keepdims=True)
    best, worst = (choice_loss(chance, BOUGHT[JUDGE]) for chance in (truth, popular))
    assert choice_loss(found.predict_proba(SHOP.codes[JUDGE]), BOUGHT[JUDGE]) < best + 0.4 * (worst - best)


@pytest.mark.parametrize("learner", [ChoiceTables("binomial"), BoostedTables("binomial")], ids=repr)
def test_trials_teach_the_taste_behind_them(learner: AdditiveTables) -> None:
    """And its chances are those of a purchase when shown, on the scale of the log."""
    found = clone(learner).fit(SHOP.codes[LEARN], PURCHASES[LEARN], trials=TRIALS[LEARN])
    chance = found.predict_proba(SHOP.codes[JUDGE])
    flat = np.full_like(chance, PURCHASES[LEARN].sum() / TRIALS[LEARN].sum())
    data = (PURCHASES[JUDGE], TRIALS[JUDGE])
    assert trial_loss(chance, *data) < trial_loss(flat, *data) - 0.1
    assert (chance * TRIALS[JUDGE]).sum() == pytest.approx(PURCHASES[JUDGE].sum(), rel=0.05)


def test_at_a_given_penalty_the_tables_are_logistic_regression() -> None:
    """scikit-learn's on the same columns, at the same ridge, finds the same chances."""
    codes, bought = SHOP.codes[:400], BOUGHT[:400]
    fixed = ChoiceTables(rounds=0, start=7.0, final_steps=3000).fit(codes, bought)
    features = np.eye(6)[codes].reshape(400, -1)
    other = LogisticRegression(C=1 / 7.0, max_iter=5000, tol=1e-8).fit(features, bought.argmax(axis=1))
    np.testing.assert_allclose(fixed.predict_proba(codes), other.predict_proba(features), atol=2e-3)


def test_a_code_never_seen_adds_nothing() -> None:
    """A pattern of such codes scores what the base says."""
    found = ChoiceTables().fit(SHOP.codes[:300], BOUGHT[:300])
    np.testing.assert_array_equal(found.decision_function([[9, 9, 9, 9]])[0], found.base_)


def test_parts_sum_to_the_score() -> None:
    """The columns' contributions and the base are the decision function."""
    found = QuizRecommender(learners="tables").fit(SHOP.codes[:300], BOUGHT[:300])
    parts = found.explain(SHOP.codes[:5])
    np.testing.assert_allclose(parts.sum(axis=1) + found.base_, found.decision_function(SHOP.codes[:5]), atol=1e-12)


def test_ordered_answers_share_what_they_know() -> None:
    """Along a scale the tables lie closer to a taste that grows with it than without knowing the order."""
    errors = np.zeros(2)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        codes = rng.integers(2, 7, (400, 1))
        chance = 1 / (1 + np.exp(-0.5 * (codes[:, 0] - 4)))
        bought = np.eye(2)[(rng.random(400) > chance).astype(int)]
        for place, ordered in enumerate((True, False)):
            found = BoostedTables().fit(codes, bought, ordered=[ordered], sizes=[7])
            errors[place] += abs(found.predict_proba(codes)[:, 0] - chance).mean()
    assert errors[0] < errors[1]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"X": [[0.5]]}, "whole numbers"),
        ({"X": [[-1]]}, "whole numbers"),
        ({"purchases": [[1, 0], [1, 0]]}, "one row a row of X"),
        ({"trials": [[1, 1]]}, "binomial"),
        ({"loss": "hinge"}, "choice, binomial"),
        ({"item_features": [[1.0]]}, "2 products"),
    ],
)
def test_data_that_does_not_fit_is_named(wrong: dict[str, Any], says: str) -> None:
    """As a ValueError that says what is wrong."""
    good: dict[str, Any] = {"X": [[2]], "purchases": [[1, 0]]} | wrong
    with pytest.raises(ValueError, match=says):
        ChoiceTables(good.pop("loss", "choice")).fit(good.pop("X"), good.pop("purchases"), **good)


def rules_loss(found: Shop, scale: float = 1.0) -> Any:
    """Return the log-loss of the rules alone on the patterns that judge."""
    scores = found.rules[JUDGE] * scale
    return choice_loss(np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True), BOUGHT[JUDGE])


def test_an_empty_log_leaves_the_rules_as_they_are() -> None:
    """No fit: the scores are the rules' own, to the bit, in both likelihoods."""
    nothing = np.zeros_like(BOUGHT)
    kinds: list[tuple[str, dict[str, Any]]] = [("choice", {}), ("binomial", {"trials": TRIALS})]
    for loss, shown in kinds:
        found = QuizRecommender(loss).fit(SHOP.codes, nothing, prior=SHOP.rules, **shown)
        np.testing.assert_array_equal(found.decision_function(SHOP.codes, SHOP.rules), SHOP.rules)
        assert found.rules_supported_ is None


@pytest.mark.parametrize("size", [50, 200, 1000, 1500])
def test_with_good_rules_every_log_size_is_better_than_the_rules(size: int) -> None:
    """Or as good as they are within a hundredth, where the log is small."""
    found = QuizRecommender().fit(SHOP.codes[:size], BOUGHT[:size], prior=SHOP.rules[:size])
    loss = choice_loss(found.predict_proba(SHOP.codes[JUDGE], prior=SHOP.rules[JUDGE]), BOUGHT[JUDGE])
    assert loss < rules_loss(SHOP) + (0.01 if size < 1000 else -0.05)


def test_useless_rules_are_found_out() -> None:
    """The slope falls to nothing, it is said, and the model is as good as one without them."""
    useless = SHOP.rules[np.random.default_rng(5).permutation(len(SHOP.rules))]
    found = QuizRecommender().fit(SHOP.codes[LEARN], BOUGHT[LEARN], prior=useless[LEARN])
    without = QuizRecommender(prior_strength=0).fit(SHOP.codes[LEARN], BOUGHT[LEARN])
    loss = choice_loss(found.predict_proba(SHOP.codes[JUDGE], prior=useless[JUDGE]), BOUGHT[JUDGE])
    assert loss < choice_loss(without.predict_proba(SHOP.codes[JUDGE]), BOUGHT[JUDGE]) + 0.01
    assert found.slope_ < 0.2
    assert found.rules_supported_ is False


def test_good_rules_are_supported() -> None:
    """By a slope clearly above nothing."""
    found = QuizRecommender(learners="tables").fit(SHOP.codes[LEARN], BOUGHT[LEARN], prior=SHOP.rules[LEARN])
    assert found.rules_supported_ is True
    assert found.slope_ > 0.8


def test_pseudo_shoppers_fade_as_purchases_come() -> None:
    """From the full number to none at 1,000."""
    fit = QuizRecommender(learners="tables").fit
    kept = [fit(SHOP.codes[:n], BOUGHT[:n], prior=SHOP.rules[:n]).strength_ for n in (1, 500, 1200)]
    assert kept == [pytest.approx(299.7), pytest.approx(150.0), 0.0]


def test_the_binomial_form_starts_from_the_rules_too() -> None:
    """With few purchases it is no worse than the rules at the log's own level, with many it is better."""
    for size, gain in ((40, -0.02), (1500, 0.03)):
        shown: dict[str, Any] = {"trials": TRIALS[:size], "prior": SHOP.rules[:size]}
        found = QuizRecommender("binomial").fit(SHOP.codes[:size], PURCHASES[:size], **shown)
        chance = found.predict_proba(SHOP.codes[JUDGE], prior=SHOP.rules[JUDGE])
        rules = 1 / (1 + np.exp(-SHOP.rules[JUDGE] + 1.9))
        data = (PURCHASES[JUDGE], TRIALS[JUDGE])
        assert trial_loss(chance, *data) < trial_loss(rules, *data) - gain
