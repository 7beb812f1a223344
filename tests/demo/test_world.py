"""The truth behind the simulated history: what the quiz does in each world, and one taste behind all that one does."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Catalog
from quizfunnel.demo import world
from quizfunnel.demo.taste import Market, Taste
from quizfunnel.kit.clock import SetClock
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import AnswerValue
from quizfunnel.recommend.serving.points import points
from quizfunnel.shipped import shipped_folder
from tests import cast
from tests.quiz.allowed import left

SLUGS = ("coffee", "skin-care")


def market(slug: str) -> Market:
    """Return a shipped quiz as tastes see it."""
    live = Shelf(Path(shipped_folder()) / "quizzes", None, SetClock(cast.NOON)).live(slug)
    assert live is not None
    return Market(live)


MARKETS = {slug: market(slug) for slug in SLUGS}


def person(seed: int, slug: str) -> Taste:
    """Return somebody's taste."""
    return Taste(random.Random(seed), MARKETS[slug])  # noqa: S311 - a test's draw


def answers(taste: Taste, slug: str, seed: int) -> dict[str, AnswerValue]:
    """Take a whole quiz by a taste."""
    draw, found = random.Random(seed), dict[str, AnswerValue]()  # noqa: S311 - as above
    while (question := world.next_unanswered(MARKETS[slug].live.quiz, found)) is not None:
        found[question.id] = taste.answer(draw, question)
    return found


@given(fit=st.floats(0, 1))
def test_in_the_world_without_effect_nothing_is_added_and_elsewhere_the_sign_is_the_worlds(fit: float) -> None:
    """For every offer the quiz helps, does nothing or hurts; a better fit is never worse."""
    assert world.effect("nothing", fit) == 0
    assert world.effect("helps", fit) > 0 > world.effect("hurts", fit)
    for name in world.EFFECTS:
        assert world.effect(name, 1) >= world.effect(name, fit)


def test_intent_makes_takers_buy_more_where_the_quiz_does_nothing() -> None:
    """The naive comparison is fooled: those who take the quiz buy half as much again, with no effect at all."""
    draw = random.Random(1)  # noqa: S311 - a test's draw
    bought: dict[bool, list[bool]] = {True: [], False: []}
    for _ in range(20_000):
        who = world.person(draw)
        bought[world.takes_quiz(draw, who, invited=True)].append(world.buys(draw, who, effect=0))
    share = {took: sum(each) / len(each) for took, each in bought.items()}
    assert share[True] > 1.5 * share[False]


@settings(max_examples=60)
@given(seed=st.integers(0, 10_000), slug=st.sampled_from(SLUGS))
def test_every_answer_is_one_that_the_page_takes(seed: int, slug: str) -> None:
    """A choice of the question, at most as many as allowed, a value of the scale, a skip only where it may be."""
    for id, value in answers(person(seed, slug), slug, seed).items():
        question = MARKETS[slug].live.quiz.by_id[id]
        if value is None:
            assert question.optional
        elif question.pick == "scale":
            assert value in question.scale.values
        elif question.pick == "one":
            assert value in {choice.id for choice in question.choices}
        else:
            assert isinstance(value, tuple)
            assert list(value) == sorted(set(value))
            assert set(value) <= {choice.id for choice in question.choices}
            assert len(value) <= (question.at_most or len(question.choices))
            assert value or question.none_label


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), slug=st.sampled_from(SLUGS))
def test_fit_is_the_share_of_the_shelf_that_is_liked_less(seed: int, slug: str) -> None:
    """Between 0 and 1, by the best of what is offered; nothing offered fits nothing."""
    taste, shelf = person(seed, slug), MARKETS[slug].shelf
    ladder = sorted(shelf, key=taste.utility)
    assert (taste.fit([]), taste.fit(ladder[:1])) == (0, 0)
    assert taste.fit(shelf) == taste.fit([ladder[-1], ladder[0]]) == (len(shelf) - 1) / len(shelf)


@pytest.mark.parametrize("slug", SLUGS)
def test_answers_tell_what_is_liked_but_not_all_of_it(slug: str) -> None:
    """The rules' first product is liked better than most of the shelf, and often another one is liked best.

    In a routine that is so in each step, among the products of its kind.
    """
    live, shelf = MARKETS[slug].live, MARKETS[slug].shelf
    fits, firsts = [], 0
    for seed in range(300):
        taste = person(seed, slug)
        given = answers(taste, slug, seed)
        fitting = left(shelf, live.quiz, given)
        for step in live.quiz.offer.sections or (None,):
            those = [each for each in fitting if step is None or step.takes(each)]
            score = points(live.quiz, Products(those), given)
            first = those[score.index(max(score))]
            fits.append(taste.standing(first) if step else taste.fit([first]))
            firsts += first is max(those, key=taste.utility)
    assert 0.6 < sum(fits) / len(fits) < 0.95
    assert 0.1 < firsts / len(fits) < 0.7


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_a_price_above_the_budget_is_held_against_a_product(seed: int) -> None:
    """Of two coffees alike but for the price, the one beyond the wish is liked less."""
    cheap, dear = cast.product("twin", price=1000, tags=("ground",)), cast.product("twin", price=9000, tags=("ground",))
    quiz = cast.coffee_quiz()
    tastes = [
        Taste(random.Random(seed), Market(LiveQuiz("coffee", "v", quiz, Catalog((each, cast.product("other"))))))  # noqa: S311
        for each in (cheap, dear)
    ]
    assert tastes[0].utility(cheap) > tastes[1].utility(dear)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000))
def test_further_steps_of_a_routine_are_bought_as_far_as_they_are_liked(seed: int) -> None:
    """Of each other step one product at most, of those offered; the best of its kind for sure, the worst never."""
    taste, shelf = person(seed, "skin-care"), MARKETS["skin-care"].shelf
    kinds = [[each for each in shelf if each.type == kind] for kind in ("Cleanser", "Serum", "Moisturiser")]
    best, worst = ([pick(kind, key=taste.utility) for kind in kinds] for pick in (max, min))
    assert [taste.standing(product) for product in best + worst] == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    draw = random.Random(seed)  # noqa: S311 - a test's draw
    assert list(taste.further(draw, [[each] for each in best], best[0])) == best[1:]
    assert list(taste.further(draw, [[each] for each in worst], best[0])) == []
    some = list(taste.further(draw, kinds, best[1]))
    assert len({each.type for each in some}) == len(some)
    assert best[1].type not in {each.type for each in some}
