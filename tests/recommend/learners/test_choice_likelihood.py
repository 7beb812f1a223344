"""The likelihoods: equal to their formulas, and their derivatives to differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import expit, log_softmax

from quizfunnel.recommend.learners.binomial_likelihood import Trials
from quizfunnel.recommend.learners.choice_likelihood import Choices, Likelihood
from quizfunnel.recommend.learners.code_book import CodeBook, Floats
from tests.recommend.shops import choices, shop, trials

SHOP = shop(patterns=12, products=4, columns=2)
BOOK = CodeBook(SHOP.sizes)
SHOWN = np.ones((12, 4), dtype=bool)
SHOWN[:6, 3] = False
BOUGHT = choices(SHOP) * SHOWN
PURCHASES, TRIALS = trials(SHOP)
PAIRS = np.nonzero(TRIALS)


def both() -> list[Likelihood]:
    """Return a data set of each kind, with masked products and products never shown."""
    return [
        Choices(BOOK, SHOP.codes, BOUGHT, shown=SHOWN),
        Trials.of_tables(BOOK, SHOP.codes, PURCHASES, trials=TRIALS),
    ]


def scores_of(data: Likelihood, seed: int) -> Floats:
    """Return scores of some table."""
    rng = np.random.default_rng(seed)
    return np.array(data.spread(rng.normal(size=(BOOK.count, 4))) + data.each(rng.normal(size=4)))


def test_a_choice_is_a_softmax_among_what_was_shown() -> None:
    """A product that was not shown takes no chance from the others."""
    scores = scores_of(both()[0], 1)
    logs = log_softmax(np.where(SHOWN, scores, -np.inf), axis=1)
    assert both()[0].loss(scores) == pytest.approx(-(BOUGHT[SHOWN] * logs[SHOWN]).sum(), rel=1e-12)


def test_a_trial_is_a_coin_of_its_own() -> None:
    """Only what was shown counts."""
    scores, (bought, shown) = scores_of(both()[1], 1), (PURCHASES[PAIRS], TRIALS[PAIRS])
    logs = bought * np.log(expit(scores)) + (shown - bought) * np.log1p(-expit(scores))
    assert both()[1].loss(scores) == pytest.approx(-logs.sum(), rel=1e-12)


@given(st.integers(0, 1000), st.sampled_from([0, 1]))
@settings(max_examples=15)
def test_derivatives_are_those_of_the_loss(seed: int, kind: int) -> None:
    """By score, by table, and along a direction."""
    data = both()[kind]
    scores = scores_of(data, seed)
    loss, down = data.descent(scores)
    slopes, curves = data.derivatives(scores)
    assert loss == data.loss(scores)
    np.testing.assert_allclose(down, slopes, atol=1e-12)

    def at(table: Floats) -> float:
        return data.loss(scores + data.spread(table.reshape(-1, 4)))

    by_table = approx_fprime(np.zeros(BOOK.count * 4), at)
    np.testing.assert_allclose(data.collect(slopes).ravel(), by_table, rtol=1e-4, atol=1e-3)
    assert (curves >= 0).all()
    direction, step = scores_of(data, seed + 1), 1e-4
    ahead, behind = (data.loss(scores + sign * step * direction) for sign in (1, -1))
    assert data.bend(scores, direction) == pytest.approx((ahead - 2 * loss + behind) / step**2, rel=1e-3, abs=1e-4)


@pytest.mark.parametrize("kind", [0, 1])
def test_pseudo_shoppers_buy_as_the_scores_say(kind: int) -> None:
    """As many purchases more as asked for, and the loss is then lowest along the scores themselves."""
    data = both()[kind]
    prior = scores_of(data, 5) * 0.3
    taught = data.part(np.ones(12, dtype=bool)).with_pseudo(prior, 1e7)
    assert taught.purchases == pytest.approx(1e7 + data.purchases)
    slopes, _ = taught.derivatives(prior + (data.level_of(prior, 1e7) if isinstance(data, Trials) else 0.0))
    assert abs(float(np.vdot(slopes, prior))) < 1e-5 * 1e7
    assert data.with_pseudo(prior, 0.0) is data


def test_a_part_is_the_loss_of_its_patterns() -> None:
    """Two parts sum to the whole, in both likelihoods."""
    for data in both():
        keep = np.arange(12) % 3 == 0
        table = np.random.default_rng(1).normal(size=(BOOK.count, 4))
        whole = data.loss(data.spread(table))
        parts = [part.loss(part.spread(table)) for part in (data.part(keep), data.part(~keep))]
        assert sum(parts) == pytest.approx(whole, rel=1e-12)


def test_what_was_not_shown_cannot_have_been_bought() -> None:
    """Neither as a choice nor as a trial, and no count is negative."""
    with pytest.raises(ValueError, match="not shown"):
        Choices(BOOK, SHOP.codes, np.ones((12, 4)), shown=SHOWN)
    with pytest.raises(ValueError, match="not shown"):
        Trials.of_tables(BOOK, SHOP.codes, np.ones((12, 4)), trials=TRIALS)
    with pytest.raises(ValueError, match="negative"):
        Trials.of_tables(BOOK, SHOP.codes, PURCHASES, trials=-TRIALS)


def test_codes_that_no_column_has_are_refused() -> None:
    """By the book, with the shape that it wants."""
    with pytest.raises(ValueError, match="each from 0 to below"):
        BOOK.rows(np.full((1, 2), 99))


def test_a_scales_steps_are_features_of_their_own() -> None:
    """Codes never asked and skipped lie below every step; other columns have none."""
    features, column = CodeBook([5, 4]).expansion([True, False])
    assert features.shape == (9, 5 + 2 + 4)
    assert features[:5, 5].tolist() == [0, 0, 0, 1, 1]
    assert features[:5, 6].tolist() == [0, 0, 0, 0, 1]
    assert column.tolist() == [0] * 7 + [1] * 4


def test_the_level_allows_for_what_is_fixed() -> None:
    """With a fixed part of the scores as many purchases are expected as were made; all bought is no trouble."""
    data = Trials.of_tables(BOOK, SHOP.codes, PURCHASES, trials=TRIALS)
    fixed = data.fixed(2.0 + scores_of(data, 5))
    slopes, _ = fixed.derivatives(np.full(len(PAIRS[0]), fixed.level))
    assert abs(float(slopes.sum())) < 1e-6 * data.purchases
    every = Trials.of_tables(BOOK, SHOP.codes, TRIALS, trials=TRIALS, offset=np.ones_like(TRIALS))
    assert np.isfinite(every.level)
