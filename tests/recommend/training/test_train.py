"""From a grouped log to a model: what is refused, what is used, what is found, and how it is judged."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from quizfunnel.quiz.rules import Products
from quizfunnel.recommend.serving.answer_codes import columns_of, encode
from quizfunnel.recommend.serving.points import SLOPE, points
from quizfunnel.recommend.serving.recommender import TableRecommender
from quizfunnel.recommend.training.dataset import (
    CHOOSE,
    JUDGE,
    LEARN,
    SHIFT,
    Dataset,
    LearnerSetting,
    Score,
)
from quizfunnel.recommend.training.grouped_log import (
    NOTHING,
    SLICES,
    Counts,
    LogSummary,
    Pattern,
)
from quizfunnel.recommend.training.scores import Difference
from quizfunnel.recommend.training.train import (
    GRID,
    LARGE,
    TrainedModel,
    TrainingError,
    choose_setting,
    judge,
    refuse,
    train,
    verdict,
)
from tests.cast import coffee_catalog, coffee_quiz, product
from tests.recommend.logs import BOUNDS, PRODUCTS, a_taste, coffee_log
from tests.recommend.questions import QUESTIONS

pytestmark = pytest.mark.thorough


QUIZ = coffee_quiz()
VERSIONS = {"now": QUIZ}


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    """Give a model of a log with a taste that the rules do not know."""
    return learnt(coffee_log(3000, taste=a_taste()))


def learnt(counts: Counts, products: Products = PRODUCTS) -> TrainedModel:
    """Return what training makes of a log of the coffee quiz."""
    return train(QUIZ, products, counts, VERSIONS)


def test_it_beats_the_rules_where_they_do_not_know_the_taste(trained: TrainedModel) -> None:
    """On the last part of the time, surely, and popularity too; it says so, and may challenge."""
    assert trained.judged.passed
    against = trained.judged.scores["model"].against
    assert against is not None
    assert against.high < 0
    assert trained.judged.scores["model"].log_loss < trained.judged.scores["popularity"].log_loss
    assert trained.judged.scores["rules"].against is None
    assert "no worse than the rules" in trained.judged.why


def test_a_true_taste_is_found() -> None:
    """With much log the learnt scores are the true ones, up to a constant a shopper."""
    taste = a_taste()
    counts = coffee_log(20_000, taste=taste)
    served = TableRecommender("m", learnt(counts).table)
    apart = []
    for _, answers in counts.patterns:
        truth = SLOPE * np.asarray(points(QUIZ, PRODUCTS, answers))
        truth += taste[["espresso", "filter", "moka"].index(str(answers["brew"]))]
        found = np.asarray(served.scores(QUIZ, PRODUCTS, answers))
        apart.append(found - found.mean() - truth + truth.mean())
    assert np.sqrt(np.mean(np.square(apart))) < 0.3 * np.std(taste)


def test_the_table_is_the_fitted_model(trained: TrainedModel) -> None:
    """The served table scores as the learners do, up to a constant a shopper; every row is centred."""
    counts = coffee_log(3000, taste=a_taste())
    served = TableRecommender("m", trained.table)
    codes = np.array([encode(columns_of(QUIZ), answers) for _, answers in counts.patterns])
    given = [points(QUIZ, PRODUCTS, answers) for _, answers in counts.patterns]
    fitted = trained.fitted.decision_function(codes, SLOPE * np.asarray(given))
    for (_, answers), row in zip(counts.patterns, fitted, strict=True):
        scores = np.asarray(served.scores(QUIZ, PRODUCTS, answers))
        assert scores - scores.mean() == pytest.approx(row - row.mean(), abs=1e-8)
    for row in (trained.table.base, *(row for block in trained.table.rows for row in block)):
        assert np.mean(row) == pytest.approx(0.0, abs=1e-12)


def test_the_same_log_gives_the_same_model(trained: TrainedModel) -> None:
    """Bit for bit: nothing is drawn that is not drawn from a seed."""
    assert learnt(coffee_log(3000, taste=a_taste())).table.as_json() == trained.table.as_json()


def test_settings_are_chosen_on_later_time_and_judged_on_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Candidates learn from the first parts, the judged model from all but the last, the stored one from all."""
    seen: list[tuple[int, ...]] = []
    fitted = Dataset.fitted

    def told(self: Dataset, setting: LearnerSetting, parts: range) -> object:
        seen.append(tuple(parts))
        return fitted(self, setting, parts)

    monkeypatch.setattr(Dataset, "fitted", told)
    found = learnt(coffee_log(1000, taste=a_taste()))
    assert seen == [LEARN] * len(GRID) + [(*LEARN, CHOOSE), tuple(range(SLICES))]
    assert [each.setting for each in found.tried] == list(GRID)
    assert found.setting == min(found.tried, key=lambda each: each.log_loss).setting


def test_the_last_part_of_the_time_has_no_say_in_what_is_judged() -> None:
    """With other purchases in it the chosen setting and the model that is judged are the same."""
    counts = coffee_log(1500, taste=a_taste())
    late = counts.part == JUDGE
    other = replace(counts, bought=np.where(late, np.minimum(1.0, counts.trials), counts.bought))
    one, two = learnt(counts), learnt(other)
    assert one.setting == two.setting
    assert one.earlier == two.earlier
    assert one.judged != two.judged


def test_few_purchases_are_not_judged() -> None:
    """Below 100 no setting is tried, nothing is judged, and the model may not challenge; the rules lead still."""
    found = learnt(coffee_log(100))
    assert found.tried == ()
    assert not found.judged.passed
    assert "too few to judge" in found.judged.why
    assert found.fitted.strength_ > 250


def test_useless_rules_are_told() -> None:
    """If people buy by another taste than the points, the slope nears 0, and that is said."""
    found = learnt(coffee_log(8000, slope=0.0, taste=a_taste()))
    assert found.fitted.rules_supported_ is False
    assert found.fitted.slope_ < 0.2
    assert learnt(coffee_log(8000)).fitted.rules_supported_ is True


def test_more_than_a_tenth_of_lines_without_a_product_is_refused() -> None:
    """One line more than a tenth is, a tenth is not; the message counts them and names the remedy."""
    counts = coffee_log(60)
    refuse(replace(counts, facts=LogSummary(lines=50, lines_without_product=5)))
    with pytest.raises(TrainingError, match=r"6 of 50 order lines \(12%\).*product ids or SKUs"):
        learnt(replace(counts, facts=LogSummary(lines=50, lines_without_product=6)))


def test_an_empty_log_is_refused() -> None:
    """With what there is to wait for."""
    none = coffee_log(0)
    with pytest.raises(TrainingError, match="nothing to learn from yet: no offer was seen, and nothing was bought"):
        learnt(replace(none, facts=NOTHING))
    waiting = LogSummary(offers=9, waiting=4, window_days=7)
    with pytest.raises(TrainingError, match="9 offers were seen, and 4 are still within their 7 days"):
        learnt(replace(none, facts=waiting))


def test_products_that_are_gone_are_left_out_and_named() -> None:
    """The others are learnt as if it had never been there."""
    counts = coffee_log(1000, taste=a_taste())
    left = Products([each for each in PRODUCTS.all if each.id != "nutty"])
    found = learnt(counts, left)
    assert found.gone == ("nutty",)
    assert "nutty" not in found.table.products
    never = counts.of(counts.product != counts.products.index("nutty"))
    assert learnt(never, left).table.as_json() == found.table.as_json()


def test_a_catalogue_without_anything_that_was_bought_is_refused() -> None:
    """And not learnt from as if nobody ever bought."""
    with pytest.raises(TrainingError, match=r"gone from the catalogue \(dark-bean"):
        learnt(coffee_log(500), Products([product("new", tags=("decaf",))]))


def test_a_new_product_has_the_rules_points() -> None:
    """It was never shown: its own base and rows are small, and its attributes may speak for it."""
    more = Products([*PRODUCTS.all, product("new", tags=("brand-new",), attributes={"strength": 3.0})])
    found = learnt(coffee_log(1500), more)
    assert found.table.products[-1] == "new"
    assert np.isfinite(found.table.base).all()


def test_one_product_only() -> None:
    """Nothing can be ordered, and nothing breaks."""
    counts = coffee_log(2000)
    one = Products([PRODUCTS.all[0]])
    found = learnt(counts, one)
    assert found.table.base == (0.0,)
    assert all(row == (0.0,) for block in found.table.rows for row in block)


def test_a_question_that_older_versions_did_not_ask_is_learnt_from_the_newer_ones() -> None:
    """Their shoppers count as never asked, the rest of their answers is used, and which is said by version."""
    old = coffee_quiz(questions=[each for each in QUESTIONS if each["id"] != "moment"])
    counts = coffee_log(1500, versions=("old", "now"))
    found = train(QUIZ, PRODUCTS, counts, {"old": old, "now": QUIZ, "unused": old})
    assert found.unlike == {"old": {"moment": "the question was not there"}}
    problem = Dataset(QUIZ, PRODUCTS, counts, {"old": old, "now": QUIZ})
    names = [column.name for column in problem.factors.columns]
    by_version = np.array([pattern.version for pattern in counts.patterns])
    assert (problem.factors.codes[by_version == "old", names.index("moment")] == 0).all()
    assert (problem.factors.codes[by_version == "now", names.index("moment")] > 0).all()
    assert (problem.factors.codes[:, names.index("brew")] > 1).all()


def test_a_question_that_is_gone_is_not_used() -> None:
    """Older shoppers' answers to it have no column, and their other answers count."""
    now = coffee_quiz(questions=[each for each in QUESTIONS if each["id"] != "moment"])
    found = train(now, PRODUCTS, coffee_log(600), {"now": QUIZ})
    assert "moment" not in {column.question for column in found.table.columns}
    assert found.unlike == {}


def test_a_large_log_decides_by_itself() -> None:
    """From so many pairs on none is tried, the tables alone learn and are judged; with a pair fewer all are tried."""
    dataset = Dataset(QUIZ, PRODUCTS, coffee_log(1000, taste=a_taste()), {"now": QUIZ})
    assert choose_setting(dataset, lambda _: None, many_pairs=dataset.size - 1) == (LARGE, ())
    chosen, tried = choose_setting(dataset, lambda _: None, many_pairs=dataset.size)
    assert [each.setting for each in tried] == list(GRID)
    assert chosen in GRID
    judged, _ = judge(dataset, dataset.fitted(LARGE, (*LEARN, CHOOSE)))
    assert judged.scores


def test_what_was_expected_is_told_beside_what_was_bought() -> None:
    """In each part of the time; in those that were learnt from they agree."""
    counts = coffee_log(5000)
    found = learnt(counts)
    for part, (expected, bought) in enumerate(found.calibration_by_part):
        assert bought == counts.bought[counts.part == part].sum()
        assert expected == pytest.approx(bought, rel=0.2)
    assert found.rate == pytest.approx(counts.bought.sum() / counts.trials.sum())


def test_drift_is_told() -> None:
    """Shoppers who all brew alike of late: that column has shifted, and no other by much."""
    counts = coffee_log(5000)
    brew = np.array([answers["brew"] == "moka" for _, answers in counts.patterns])
    steady = learnt(counts)
    assert max(steady.drift.stability.values()) < 0.05
    assert (steady.drift.shifted, steady.drift.unseen) == ((), 0)
    shifted = learnt(counts.of((counts.part != JUDGE) | brew[counts.pattern]))
    assert shifted.drift.stability["brew"] > 1
    assert set(shifted.drift.shifted) == {"brew"}
    new = learnt(counts.of((counts.part == JUDGE) | ~brew[counts.pattern]))
    assert new.drift.unseen == pytest.approx(1 / 3, abs=0.05)


def test_chance_is_no_drift() -> None:
    """Of a handful of offers the latest always differ from the others, and nothing is said to have shifted."""
    few = [learnt(coffee_log(40, seed=seed)).drift for seed in range(6)]
    assert max(max(each.stability.values()) for each in few) > SHIFT
    assert sum(len(each.shifted) for each in few) <= 3


def test_weighed_trials_are_learnt_from() -> None:
    """A trial in a place that is looked at a fifth as much is a fifth of one, unless it was bought there."""
    counts = coffee_log(2000, taste=a_taste())
    found = learnt(replace(counts, trials=0.2 * (counts.trials - counts.bought) + counts.bought))
    assert np.isfinite(found.table.base).all()
    served, rate = TableRecommender("m", found.table), []
    for _, answers in counts.patterns:
        rate.append(served.scores(QUIZ, PRODUCTS, answers))
    assert np.abs(rate).max() < 10
    assert expit(found.fitted.intercept_) > counts.bought.sum() / counts.trials.sum()


@pytest.mark.parametrize(
    ("loss", "calibration", "passed", "why"),
    [
        (-0.1, 0.2, True, "no worse than the rules"),
        (0.0, 0.2, True, "no worse than the rules"),
        (0.1, 0.1, False, "worse than the rules: log-loss"),
        (-0.1, 0.31, False, "further from what was bought"),
        (-0.1, 0.29, True, "no worse"),
    ],
)
def test_a_model_passes_that_is_no_worse(loss: float, calibration: float, why: str, *, passed: bool) -> None:
    """In log-loss, and in calibration up to noise or the rules' own."""
    model = Score(2.0 + loss, calibration, Difference(loss, loss - 0.1, loss + 0.1))
    found = verdict({"model": model, "rules": Score(2.0, 0.2, None)}, noise=0.3)
    assert found.passed is passed
    assert why in found.why


def test_rules_without_a_point_are_no_mistake() -> None:
    """A quiz that says nothing of products learns all from the log."""
    plain = coffee_quiz(
        questions=[each | {"choices": _plain(each["choices"])} for each in QUESTIONS if "choices" in each]
    )
    found = train(plain, PRODUCTS, coffee_log(1500, taste=a_taste()), VERSIONS)
    assert found.judged.passed
    assert not np.isfinite(found.fitted.slope_error_)


def _plain(choices: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in choice.items() if name in {"id", "label"}} for choice in choices]


def test_a_log_of_one_pattern() -> None:
    """Everybody answered alike: the products' own rates are learnt."""
    counts = coffee_log(2000)
    same = replace(counts, patterns=(Pattern("now", {"brew": "moka"}),), pattern=np.zeros_like(counts.pattern))
    found = learnt(same)
    assert len(found.table.products) == len(coffee_catalog().products)
    assert BOUNDS[0] < BOUNDS[-1]
