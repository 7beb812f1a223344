"""Training from end to end, on a database and a folder: what becomes of the model, and of the challenge before it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from quizfunnel.catalog.product import Catalog
from quizfunnel.kit.clock import SetClock
from quizfunnel.learning import summary, training
from quizfunnel.learning.outcome import TrainingOutcome
from quizfunnel.learning.training import FEWEST, MOST, TrainingContext
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.publishing.publication import publish
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.learners.stored_arrays import from_bytes
from quizfunnel.recommend.offpolicy.estimators import Evaluation
from quizfunnel.recommend.offpolicy.replay import ReplayValue
from quizfunnel.recommend.registry.folder import Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.registry.state import Challenge
from quizfunnel.recommend.serving.recommender import RulesRecommender, TableRecommender
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.train import TrainingError
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON, coffee_catalog, coffee_quiz
from tests.insight.sales import Taste, by_brew, sell, wants
from tests.insight.shop import QUIZ, VERSION, Books
from tests.recommend.trained import liking, package

pytestmark = pytest.mark.thorough


NOW = NOON + timedelta(days=90)
VERSIONS = {VERSION: coffee_quiz()}
LIVE = LiveQuiz(QUIZ, VERSION, coffee_quiz(), coffee_catalog())
ENOUGH = 700


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Give the folder of the store's models."""
    return Registry(tmp_path / "models")


def run(engine: Engine, registry: Registry, books: Books | None = None, **more: Any) -> TrainingOutcome:
    """Write the books and train on what stands there."""
    if books is not None:
        with writing(engine) as connection:
            books.write(connection)
    facts: dict[str, Any] = {"simulated": False, "now": NOW, "versions": VERSIONS, "live": LIVE} | more
    with reading(engine) as connection:
        return training.run(connection, TrainingContext(registry=registry, **facts), share=0.2)


def a_log(count: int = ENOUGH, **more: Any) -> Books:
    """Return a log of shoppers with a taste that the rules do not know."""
    books = Books()
    sell(books, count, by_brew, **more)
    return books


def challenged(registry: Registry, books: Books, *, best: str, taste: Taste, count: int = 1200) -> str:
    """Begin a challenge of the rules and add what was sold meanwhile; return the challenger's version."""
    version = registry.save(package(liking(best, 1.5)))
    registry.challenge(QUIZ, Challenge(version, 0.4, 50_000, NOON))
    rules = RulesRecommender()
    mine = TableRecommender(version, liking(best, 1.5))
    sell(books, count, taste, recommender=rules, rival=mine, share=0.6)
    return version


@pytest.mark.once
def test_the_first_model_becomes_the_challenger(engine: Engine, registry: Registry) -> None:
    """With the share that was asked for and a size that its log suggests; the rules serve on meanwhile."""
    found = run(engine, registry, a_log())
    assert found.became == "challenger"
    state = registry.state(QUIZ)
    assert state.challenger is not None
    assert (state.serving, state.challenger.version, state.challenger.share) == (RULES, found.version, 0.2)
    assert FEWEST <= state.challenger.size <= MOST
    assert found.decision is None
    assert f"{state.challenger.size:,}" in found.why
    registry.check(QUIZ, found.version)
    assert registry.card(QUIZ, found.version) == json.loads(json.dumps(found.card))
    assert registry.manifest(QUIZ, found.version).quiz_version == VERSION


@pytest.mark.once
def test_what_is_stored_is_what_was_learnt(engine: Engine, registry: Registry, tmp_path: Path) -> None:
    """Table, arrays and both cards; the learnt arrays are those that the table was made from."""
    found = run(engine, registry, a_log(300))
    table, arrays = registry.load(QUIZ, found.version), from_bytes(registry.arrays(QUIZ, found.version))
    assert set(arrays) == {"base", "intercept", "slope", *(f"table_{column.name}" for column in table.columns)}
    assert tuple(arrays["base"]) == table.base
    text = (tmp_path / "models" / QUIZ / found.version / "card.md").read_text()
    assert text.startswith("# A model for the quiz `coffee`")
    assert found.why.split(";")[0][:20].lower() in text.lower()


@pytest.mark.once
def test_it_says_what_it_did(engine: Engine, registry: Registry) -> None:
    """In words, with the table of metrics and the replay; as JSON, strictly."""
    found = run(engine, registry, a_log())
    said = summary.as_text(found, quiz=QUIZ)
    for each in (
        "model ",
        "rules ",
        "popularity ",
        "It challenges what serves",
        "replayed:",
        f"{found.version}/card.md",
    ):
        assert each in said
    again = json.loads(json.dumps(summary.as_json(found), allow_nan=False))
    assert (again["version"], again["became"], again["challenge"]) == (found.version, "challenger", None)


@pytest.mark.once
def test_a_model_that_is_worse_is_kept(engine: Engine, registry: Registry) -> None:
    """Shoppers who of late want what they never wanted before: it is stored, and serves nobody."""
    books = a_log()
    sell(books, 200, wants("dark-bean"), start=NOON + timedelta(days=40))
    found = run(engine, registry, books)
    assert found.became == "kept"
    assert "worse than the rules" in found.why
    assert registry.state(QUIZ).challenger is None
    assert registry.versions(QUIZ) == (found.version,)


@pytest.mark.once
def test_a_model_that_would_sell_less_is_kept(
    engine: Engine, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the latest offers say, replayed: whatever its log-loss."""
    less = Evaluation(
        estimator="snips",
        value=0.01,
        error=0.002,
        low=0.006,
        high=0.014,
        slots=(0.01,),
        offers=900,
        effective=500.0,
        purchases=40.0,
        weight=(1.0,),
    )
    monkeypatch.setattr(training, "replayed", lambda *_: ReplayValue(less, 0.1, 900))
    found = run(engine, registry, a_log())
    assert found.became == "kept"
    assert "would sell less: 1.00 purchases from 100 offers [0.60, 1.40], where 10.00 were made" in found.why
    assert registry.state(QUIZ).challenger is None


@pytest.mark.once
def test_too_few_purchases_are_kept_waiting(engine: Engine, registry: Registry) -> None:
    """A model is stored, to be looked at; what serves is not challenged."""
    found = run(engine, registry, a_log(60))
    assert (found.became, found.card["replay"]) == ("kept", None)
    assert "too few to judge" in found.why
    assert summary.as_text(found, quiz=QUIZ)


def test_a_challenger_that_proved_to_be_better_is_promoted(engine: Engine, registry: Registry) -> None:
    """By the challenge's own log; the new model challenges it then."""
    books = Books()
    version = challenged(registry, books, best="nutty", taste=wants("nutty"))
    found = run(engine, registry, books)
    assert found.decision is not None
    assert found.decision.verdict == "promote"
    state = registry.state(QUIZ)
    assert state.serving == version
    assert [event.what for event in state.history][:3] == ["challenged", "challenge ended", "promoted"]
    assert state.challenger is None or state.challenger.version == found.version
    assert found.decision.sentence in summary.as_text(found, quiz=QUIZ)
    json.dumps(summary.as_json(found), allow_nan=False)


@pytest.mark.once
def test_a_challenger_that_is_worse_has_ended(engine: Engine, registry: Registry) -> None:
    """The rules serve on, and the next model may challenge them."""
    books = Books()
    version = challenged(registry, books, best="light-ground", taste=wants("dark-bean"))
    found = run(engine, registry, books)
    assert found.decision is not None
    assert found.decision.verdict == "keep"
    state = registry.state(QUIZ)
    assert state.serving == RULES
    assert state.challenger is None or state.challenger.version == found.version != version


@pytest.mark.once
def test_a_challenge_that_is_not_decided_goes_on(engine: Engine, registry: Registry) -> None:
    """The new model is stored and waits."""
    books = a_log()
    version = challenged(registry, books, best="dark-bean", taste=by_brew, count=60)
    found = run(engine, registry, books)
    assert found.decision is not None
    assert found.decision.verdict in {"refused", "undecided"}
    assert registry.state(QUIZ).challenger == Challenge(version, 0.4, 50_000, NOON)
    assert (found.became, f"{version} is still being judged" in found.why) == ("kept", True)


@pytest.mark.once
def test_a_challenge_that_cannot_be_told_any_more_says_so(engine: Engine, registry: Registry) -> None:
    """A product that was eligible has left the catalogue, and with it what all offers were drawn from."""
    books = Books()
    version = challenged(registry, books, best="nutty", taste=wants("nutty"), count=300)
    found = run(engine, registry, books, live=without("light-ground"))
    assert found.decision is None
    assert "300 shoppers are left out" in found.note
    assert found.note in summary.as_text(found, quiz=QUIZ)
    challenge = registry.state(QUIZ).challenger
    assert challenge is not None
    assert challenge.version == version


@pytest.mark.once
def test_a_challenge_whose_log_is_not_there_yet_goes_on(engine: Engine, registry: Registry) -> None:
    """Nothing to judge is no decision."""
    version = registry.save(package(liking("nutty")))
    registry.challenge(QUIZ, Challenge(version, 0.4, 500, NOON))
    found = run(engine, registry, a_log(60))
    assert (found.decision, found.note) == (None, "")
    challenge = registry.state(QUIZ).challenger
    assert challenge is not None
    assert challenge.version == version


@pytest.mark.once
@pytest.mark.parametrize("readable", [True, False])
def test_a_model_is_challenged_as_the_rules_are(
    engine: Engine, registry: Registry, tmp_path: Path, *, readable: bool
) -> None:
    """By its own table; where that cannot be read nothing is decided."""
    worse, better = registry.save(package(liking("dark-bean", 1.5))), registry.save(package(liking("nutty", 1.5)))
    registry.promote(QUIZ, worse, why="", at=NOON)
    registry.challenge(QUIZ, Challenge(better, 0.4, 50_000, NOON))
    serving, mine = (TableRecommender(name, registry.load(QUIZ, name)) for name in (worse, better))
    books = Books()
    sell(books, 1000, wants("nutty"), recommender=serving, rival=mine, share=0.6)
    if not readable:
        (tmp_path / "models" / QUIZ / worse / "table.json").write_text("{")
    found = run(engine, registry, books)
    assert (found.decision is not None) is readable
    assert registry.state(QUIZ).serving == (better if readable else worse)


@pytest.mark.once
@pytest.mark.parametrize("broken", ["truncated", "meaning"])
def test_a_challenger_that_can_never_serve_is_ended(
    broken: str, engine: Engine, registry: Registry, tmp_path: Path
) -> None:
    """It would stand in the way of every new model: its files are damaged, or the quiz means something else now."""
    other = coffee_quiz(questions=coffee_quiz().model_dump(mode="json", by_alias=True)["questions"][:2])
    version = registry.save(package(liking("nutty"), other if broken == "meaning" else None))
    registry.challenge(QUIZ, Challenge(version, 0.4, 500, NOON))
    if broken == "truncated":
        (tmp_path / "models" / QUIZ / version / "table.json").write_text("{")
    found = run(engine, registry, a_log())
    assert ("cannot be read" if broken == "truncated" else "meant something else") in found.note
    assert found.became == "challenger"
    assert "The challenge has ended: the challenger" in summary.as_text(found, quiz=QUIZ)


def test_versions_that_cannot_be_read_any_more_are_left_out(
    engine: Engine, registry: Registry, store: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Their shoppers teach nothing, and nothing breaks."""
    shelf = Shelf(store / "quizzes", engine, clock)
    live = shelf.live("coffee")
    assert live is not None
    books = Books()
    books.version("w" * 64, body=live.body)
    sell(books, 150, by_brew)
    sell(books, 150, by_brew, version="w" * 64)
    with writing(engine) as connection:
        books.write(connection)
        for version in (VERSION, "w" * 64):
            publish(connection, replace(live, version=version), at=NOON)
    with reading(engine) as connection:
        known = training.versions(connection, shelf, "coffee")
    assert set(known) == {"w" * 64}  # the other's body is empty
    assert VERSION[:12] in caplog.text
    found = run(engine, registry, versions=known)
    both = run(engine, registry, versions=known | VERSIONS)
    assert 0 < found.card["data"]["purchases"] < both.card["data"]["purchases"]
    left_out = found.card["data"]["purchases_unreadable"]
    assert left_out == both.card["data"]["purchases"] - found.card["data"]["purchases"]
    with pytest.raises(TrainingError, match="are of versions of the quiz that cannot be read any more"):
        run(engine, registry, versions={})


def test_the_log_of_simulated_shoppers_is_told_as_that(engine: Engine, registry: Registry) -> None:
    """In the card, in the manifest and in what is said."""
    books = a_log(300, simulated=True)
    with writing(engine) as connection:
        books.write(connection)
        assert training.has_simulated(connection)
    found = run(engine, registry, simulated=True)
    assert found.card["data"]["simulated"]
    assert registry.manifest(QUIZ, found.version).simulated
    assert "learnt from SIMULATED shoppers" in summary.as_text(found, quiz=QUIZ)
    with pytest.raises(TrainingError, match="nothing to learn from yet"):
        run(engine, registry, simulated=False)


def test_a_store_without_simulated_visitors_has_none(engine: Engine) -> None:
    """The default is the real log there."""
    with writing(engine) as connection:
        a_log(3).write(connection)
        assert not training.has_simulated(connection)


@pytest.mark.once
def test_a_log_that_cannot_be_learnt_from_changes_nothing(engine: Engine, registry: Registry, tmp_path: Path) -> None:
    """Neither is a model stored, nor the running challenge touched, although its log would decide it."""
    books = Books()
    version = challenged(registry, books, best="nutty", taste=wants("nutty"))
    for _ in range(300):
        books.order(None, NOON, product=None)
    before = files(tmp_path / "models")
    with pytest.raises(TrainingError, match="found no product"):
        run(engine, registry, books)
    assert files(tmp_path / "models") == before
    assert registry.versions(QUIZ) == (version,)


@pytest.mark.once
def test_a_state_that_cannot_be_read_is_told_before_anything_is_stored(
    engine: Engine, registry: Registry, tmp_path: Path
) -> None:
    """With its remedy."""
    (tmp_path / "models" / QUIZ).mkdir(parents=True)
    (tmp_path / "models" / QUIZ / "state.json").write_text("{")
    with pytest.raises(RegistryError, match="--promote VERSION"):
        run(engine, registry, a_log(60))
    assert registry.versions(QUIZ) == ()


@pytest.mark.once
def test_a_folder_that_cannot_be_written_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    """A file where the folder must be: told, and untouched."""
    (tmp_path / "models").write_text("a file")
    with pytest.raises(RegistryError, match="cannot be"):
        run(engine, Registry(tmp_path / "models"), a_log(60))
    assert (tmp_path / "models").read_text() == "a file"


def test_the_next_training_goes_on_from_the_first(engine: Engine, registry: Registry) -> None:
    """The challenger stays, the second model is kept beside it, and both can be read."""
    first = run(engine, registry, a_log())
    second = run(engine, registry, now=NOW + timedelta(days=1))
    assert (first.became, second.became) == ("challenger", "kept")
    assert registry.versions(QUIZ) == (first.version, second.version)
    assert isinstance(registry.load(QUIZ, second.version), ModelTable)


@pytest.mark.once
def test_a_catalogue_that_changed_is_learnt_for(engine: Engine, registry: Registry) -> None:
    """A product that is gone is left out and named; offers that held it are not replayed."""
    left = without("light-ground")
    found = run(engine, registry, a_log(), live=left)
    assert found.card["data"]["products_gone"] == ["light-ground"]
    assert "light-ground" not in registry.load(QUIZ, found.version).products


def without(gone: str) -> LiveQuiz:
    """Return the coffee quiz without one of its products."""
    return replace(LIVE, catalog=Catalog(tuple(each for each in coffee_catalog().products if each.id != gone)))


def files(folder: Path) -> Mapping[str, bytes]:
    """Return every file of a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_context_reads_the_live_quiz(registry: Registry) -> None:
    """Its experiment, its window and its products."""
    versions: Mapping[str, Quiz] = VERSIONS
    context = TrainingContext(LIVE, versions, registry, simulated=False, now=NOW)
    assert context.scope == (QUIZ, "spring", False)
    assert context.window_days == 7
    assert context.until_ms == int((NOW - timedelta(days=7)).timestamp() * 1000)
    assert context.products.all == Products(coffee_catalog().products).all
    bare = replace(context, live=replace(LIVE, quiz=coffee_quiz(experiment=None)))
    assert bare.scope == (QUIZ, None, False)
