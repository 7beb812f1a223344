"""Live models: the promoted one scores an attempt, its challenger a share of them, the rules where neither can."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.ids import new_id
from quizfunnel.quiz.rules import Products
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.live import ModelShelf, ServingProblem
from quizfunnel.recommend.registry.state import Challenge
from quizfunnel.recommend.serving.recommender import Pick, RulesRecommender
from quizfunnel.recommend.serving.score_model import RULES
from tests.cast import NOON, coffee_catalog, coffee_quiz
from tests.recommend.trained import coffee_model, package

QUIZ = coffee_quiz()
PRODUCTS = Products(coffee_catalog().products)
WHY = {"why": "", "at": NOON}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Give the registry of a store."""
    return Registry(tmp_path / "models")


@pytest.fixture
def shelf(registry: Registry, clock: SetClock) -> ModelShelf:
    """Give what serves from it."""
    return ModelShelf(registry, clock)


def who(shelf: ModelShelf, attempt: str = "a") -> tuple[str, str, str, float]:
    """Return who scores, and all that is logged of it."""
    pick = shelf.pick("coffee", QUIZ, PRODUCTS, attempt)
    return pick.recommender.name, pick.fallback, pick.rival, pick.share


def test_it_works(registry: Registry, shelf: ModelShelf, clock: SetClock) -> None:
    """The rules until a model was promoted; then the model, a second later and in the same worker; and back."""
    version = registry.save(package())
    assert who(shelf) == (RULES, "", "", 1.0)
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    assert who(shelf) == (RULES, "", "", 1.0)
    clock.advance(1)
    assert who(shelf) == (version, "", "", 1.0)
    assert shelf.serving("coffee") == version
    registry.rollback("coffee", **WHY)  # type: ignore[arg-type]
    clock.advance(1)
    assert who(shelf) == (RULES, "", "", 1.0)


def test_one_recommender_serves_everybody() -> None:
    """As in a notebook, where no registry is wired."""
    rules = RulesRecommender()
    assert rules.pick("coffee", QUIZ, PRODUCTS, "a") == Pick(rules)


def test_a_challenger_has_its_share_and_keeps_its_shoppers(
    registry: Registry, shelf: ModelShelf, clock: SetClock
) -> None:
    """A fifth of 2,000 attempts, each on one side for good; both sides know the other and their own chance."""
    old, new = registry.save(package()), registry.save(package(coffee_model(0.3)))
    registry.promote("coffee", old, **WHY)  # type: ignore[arg-type]
    registry.challenge("coffee", Challenge(new, 0.2, 5000, NOON))
    attempts = [new_id() for _ in range(2000)]
    first = [who(shelf, attempt) for attempt in attempts]
    assert set(first) == {(new, "", old, 0.2), (old, "", new, 0.8)}
    assert shelf.serving("coffee") == f"{old}, challenged by {new} for 20% of shoppers"
    share = sum(found[0] == new for found in first) / len(first)
    assert abs(share - 0.2) < 5 * (0.2 * 0.8 / 2000) ** 0.5
    clock.advance(60)
    assert [who(shelf, attempt) for attempt in attempts] == first
    registry.challenge("coffee", Challenge(new, 0.2, 5000, NOON + timedelta(days=1)))
    clock.advance(1)
    again = [who(shelf, attempt)[0] for attempt in attempts]
    both = sum(one[0] == other == new for one, other in zip(first, again, strict=True))
    assert both < 0.1 * len(attempts)  # another challenge draws other shoppers


def test_a_challenger_can_challenge_the_rules(registry: Registry, shelf: ModelShelf) -> None:
    """The first model that a store ever has must earn its place too."""
    new = registry.save(package())
    registry.challenge("coffee", Challenge(new, 0.5, 10, NOON))
    assert {who(shelf, str(n)) for n in range(50)} == {(new, "", RULES, 0.5), (RULES, "", new, 0.5)}


def spoil(registry: Registry, version: str, fault: str) -> None:
    """Do to a stored model what disks, people and other programs do."""
    folder = registry._folder / "coffee" / version
    if fault == "missing":
        folder.rename(folder.with_name("elsewhere"))
    else:
        path = folder / "table.json"
        body = path.read_bytes()
        path.write_bytes({"truncated": body[:-9], "other": body.replace(b"1", b"2", 1), "corrupt": b"{"}[fault])


@pytest.mark.parametrize(
    ("fault", "word"),
    [("missing", "missing"), ("truncated", "broken"), ("other", "broken"), ("corrupt", "broken")],
)
def test_a_model_that_is_spoiled_gives_way_and_comes_back(
    fault: str, word: str, *, registry: Registry, shelf: ModelShelf, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """The rules with a word why, told once to the log and always to health; mended, it serves again."""
    version = registry.save(package())
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    assert who(shelf) == (version, "", "", 1.0)
    spoil(registry, version, fault)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            clock.advance(1)
            assert who(shelf) == (RULES, word, "", 1.0)
    assert len(caplog.records) == 1
    (problem,) = shelf.problems("coffee", QUIZ, PRODUCTS)
    assert problem.grave
    assert version in problem.say
    assert "quizfunnel models coffee" in problem.say
    assert problem.say.endswith("meanwhile the rules serve")
    elsewhere = registry._folder / "coffee" / "elsewhere"
    if elsewhere.exists():
        elsewhere.rename(elsewhere.with_name(version))
    else:
        (registry._folder / "coffee" / version / "table.json").write_text(coffee_model().as_json())
    clock.advance(1)
    assert who(shelf) == (version, "", "", 1.0)
    assert shelf.problems("coffee", QUIZ, PRODUCTS) == []


def test_a_spoiled_challenger_leaves_what_it_challenges_alone(
    registry: Registry, shelf: ModelShelf, clock: SetClock
) -> None:
    """No shopper falls back for it, no offer says that there was a choice, and health tells."""
    old, new = registry.save(package()), registry.save(package(coffee_model(0.3)))
    registry.promote("coffee", old, **WHY)  # type: ignore[arg-type]
    registry.challenge("coffee", Challenge(new, 0.5, 10, NOON))
    spoil(registry, new, "truncated")
    assert {who(shelf, str(n)) for n in range(20)} == {(old, "", "", 1.0)}
    (problem,) = shelf.problems("coffee", QUIZ, PRODUCTS)
    assert problem.grave
    assert problem.say.endswith("meanwhile what it challenges serves alone")


def test_a_state_that_cannot_be_read_lets_the_rules_serve(
    registry: Registry, shelf: ModelShelf, clock: SetClock
) -> None:
    """Nothing is guessed, and the promotion that mends it is named."""
    version = registry.save(package())
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    (registry._folder / "coffee" / "state.json").write_text("{")
    assert who(shelf) == (RULES, "state", "", 1.0)
    assert shelf.serving("coffee") == RULES
    (problem,) = shelf.problems("coffee", QUIZ, PRODUCTS)
    assert problem.grave
    assert "quizfunnel models coffee --promote" in problem.say
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    clock.advance(1)
    assert who(shelf) == (version, "", "", 1.0)


def test_a_quiz_that_means_something_else_is_answered_by_its_rules(registry: Registry, shelf: ModelShelf) -> None:
    """Another wording is served; other points are not, for the attempts that began with them."""
    version = registry.save(package())
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    assert shelf.pick("coffee", coffee_quiz(title="Coffee"), PRODUCTS, "a").recommender.name == version
    fewer = coffee_quiz(questions=[question.model_dump(by_alias=True) for question in QUIZ.questions[:4]])
    pick = shelf.pick("coffee", fewer, PRODUCTS, "a")
    assert (pick.recommender.name, pick.fallback) == (RULES, "meaning")
    assert shelf.problems("coffee", QUIZ, PRODUCTS) == []
    (problem,) = shelf.problems("coffee", fewer, PRODUCTS)
    assert problem.grave
    assert "quizfunnel train" in problem.say


def test_products_come_and_go(registry: Registry, shelf: ModelShelf) -> None:
    """Some gone: it serves the others and health tells without alarm; all gone: the rules."""
    version = registry.save(package())
    registry.promote("coffee", version, **WHY)  # type: ignore[arg-type]
    some = Products(coffee_catalog().products[2:])
    assert shelf.pick("coffee", QUIZ, some, "a").recommender.name == version
    said = f"`coffee`: 2 of the 8 products of model {version} are not in the catalogue; it serves the others; "
    assert shelf.problems("coffee", QUIZ, some) == [ServingProblem(grave=False, say=f"{said}quizfunnel train coffee")]
    none = Products([])
    pick = shelf.pick("coffee", QUIZ, none, "a")
    assert (pick.recommender.name, pick.fallback) == (RULES, "products")
    (problem,) = shelf.problems("coffee", QUIZ, none)
    assert problem.grave


def test_another_quiz_is_no_ones_business(registry: Registry, shelf: ModelShelf) -> None:
    """A quiz without a folder has the rules."""
    registry.promote("coffee", registry.save(package()), **WHY)  # type: ignore[arg-type]
    assert shelf.pick("tea", QUIZ, PRODUCTS, "a").recommender.name == RULES
    assert shelf.problems("tea", QUIZ, PRODUCTS) == []


def test_threads_share_a_shelf_while_models_come_and_go(registry: Registry) -> None:
    """Three threads score while promotions go on: each pick is whole, and none fails."""
    versions = [registry.save(package(coffee_model(0.1 + n / 10))) for n in range(3)]
    clock = SetClock(NOON)
    shelf = ModelShelf(registry, clock)
    stop = Event()

    def score(n: int) -> set[str]:
        seen = set()
        while not stop.is_set():
            pick = shelf.pick("coffee", QUIZ, PRODUCTS, str(n))
            assert len(pick.recommender.scores(QUIZ, PRODUCTS, {"brew": "espresso", "avoid": ("nuts",)})) == 8
            seen.add(pick.recommender.name)
        return seen

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(score, n) for n in range(3)]
        try:
            for n in range(6):
                registry.promote("coffee", versions[n % 3], **WHY)  # type: ignore[arg-type]
                clock.advance(1)
        finally:
            stop.set()
        seen = set[str]().union(*(each.result() for each in running))
    assert seen <= {RULES, *versions}
    assert who(shelf)[0] == versions[5 % 3]
