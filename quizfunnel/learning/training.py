"""Training run, as the store's owner starts it: a model is learnt, the running challenge judged, the model placed.

Where the log cannot be learnt from, nothing is changed. Nothing that serves is replaced here unless the
log of a challenge proved the challenger to be better. A new model that is no worse than the rules on the
latest part of the time becomes the next challenger.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, select

from quizfunnel.kit.clock import to_millis
from quizfunnel.learning import offer_log
from quizfunnel.learning.logged_offers import logged_offers
from quizfunnel.learning.offer_log import LogQuery
from quizfunnel.learning.outcome import TrainingOutcome
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.recommend.learners import stored_arrays
from quizfunnel.recommend.offpolicy import challenge
from quizfunnel.recommend.offpolicy.challenge import Decision
from quizfunnel.recommend.offpolicy.replay import Replay, ReplayValue, replay_value
from quizfunnel.recommend.offpolicy.replayed_challenge import ReplayedLog, Terms, challenged
from quizfunnel.recommend.registry.folder import Package, Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.registry.state import Challenge
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.score_model import RULES, ModelTable
from quizfunnel.recommend.training.card import card_of, card_text
from quizfunnel.recommend.training.grouped_log import Counts
from quizfunnel.recommend.training.train import TrainedModel, train
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor

_v, _q = columns(Visitor), columns(QuizVersion)

SHARE = 0.15
LEAST_GAIN = 0.2  # of the rate that is now: the gain that a challenge is planned to prove
MOST_PAIRS = 200_000_000  # of products in a replay, over all its offers: half a minute
FEWEST, MOST = 500, 50_000  # shoppers of a challenge

Progress = Callable[[str], None]


@dataclass(frozen=True)
class TrainingContext:
    """Inputs of a training: the live quiz, every version of it that the log holds, and the registry of models."""

    live: LiveQuiz
    versions: Mapping[str, Quiz]
    registry: Registry
    simulated: bool
    now: datetime
    progress: Progress = lambda _: None

    @property
    def scope(self) -> Scope:
        """Return the scope of the log that is read."""
        experiment = self.live.quiz.experiment
        return Scope(self.live.slug, experiment.name if experiment else None, self.simulated)

    @property
    def window_days(self) -> int:
        """Return within how many days a purchase counts for an offer."""
        return offer_log.window_days(self.live.quiz)

    @property
    def until_ms(self) -> int:
        """Return the moment, in ms, after which an offer's window is still open."""
        return to_millis(self.now) - self.window_days * DAY_MS

    def query(self, *, since: int = 0) -> LogQuery:
        """Return the part of the log whose windows have closed, of offers first seen from `since` on (ms)."""
        return LogQuery(self.scope, self.window_days, self.until_ms, since)

    @property
    def products(self) -> Products:
        """Return the live catalogue's products."""
        return Products(self.live.catalog.products)


def has_simulated(connection: Connection) -> bool:
    """Tell whether the store has simulated visitors: only the demo's has."""
    return connection.execute(select(_v.id).where(_v.simulated).limit(1)).first() is not None


def versions(connection: Connection, shelf: Shelf, quiz: str) -> dict[str, Quiz]:
    """Return every version of a quiz that attempts began with, by id; one that cannot be read any more is left out."""
    ids = connection.execute(select(_q.id).where(_q.quiz == quiz)).scalars().all()
    return {id: found.quiz for id in ids if (found := shelf.pinned(id)) is not None}


def run(connection: Connection, context: TrainingContext, *, share: float = SHARE) -> TrainingOutcome:
    """Learn a new model, judge the challenge that is running, store the model, and say what became of it.

    Raises:
        TrainingError: where the log cannot be learnt from.
        RegistryError: where models cannot be read or written.
    """
    counts = read(connection, context)
    trained = train(context.live.quiz, context.products, counts, context.versions, progress=context.progress)
    context.progress("Replaying the latest offers")
    replay = replayed(connection, context, trained, counts)
    stored = package(context, trained, counts, replay)
    # Before the new model is stored: the old challenge is judged by its own log, and makes room where it ends.
    ended = end_impossible(context)
    decision, untold = judge_challenge(connection, context)
    version = context.registry.save(stored)
    # after the old challenge was judged, which may just have made room for this one
    became, why = _place(context, version, trained, replay, share=share)
    return TrainingOutcome(version, became, why, decision, stored.card, ended or untold)


def read(connection: Connection, context: TrainingContext) -> Counts:
    """Return the grouped log of all versions of the quiz that can still be read."""
    counts = offer_log.counts(connection, context.query(), progress=context.progress)
    known = np.array([pattern.version in context.versions for pattern in counts.patterns], dtype=bool)
    if known.all():
        return counts
    left = counts.of_patterns(known)
    return replace(left, facts=left.facts._replace(unreadable=round(counts.purchases - left.purchases)))


def end_impossible(context: TrainingContext) -> str:
    """End the challenge of a model that can never serve this quiz, and say why; empty where there is none."""
    state = context.registry.state(context.live.slug)
    why = _impossible(context, state.challenger.version) if state.challenger else ""
    if why:
        context.registry.end_challenge(context.live.slug, why=why, at=context.now)
    return f"The challenge has ended: {why}." if why else ""


def _impossible(context: TrainingContext, version: str) -> str:
    try:
        same = context.registry.check(context.live.slug, version).meaning == meaning(context.live.quiz)
    except RegistryError as error:
        return f"the challenger cannot be read: {error}"
    return "" if same else f"the challenger {version} was learnt from a quiz whose answers meant something else"


def judge_challenge(connection: Connection, context: TrainingContext) -> tuple[Decision | None, str]:
    """Promote or end the challenge that is running where its log says so; None where there is nothing to judge.

    Beside it stands how many of its shoppers are left out, in a sentence, where some are.
    """
    state = context.registry.state(context.live.slug)
    if state.challenger is None:
        return None, ""
    context.progress("Judging the challenger")
    log = _log_of(connection, context, state.challenger, state.serving)
    if log is None or log.challenge is None:
        return None, log.says if log else ""
    decision = challenge.decide(log.challenge)
    if decision.verdict == "promote":
        context.registry.promote(context.live.slug, state.challenger.version, why=decision.sentence, at=context.now)
    elif decision.verdict == "keep":
        context.registry.end_challenge(context.live.slug, why=decision.sentence, at=context.now)
    return decision, log.says


def replayed(
    connection: Connection, context: TrainingContext, trained: TrainedModel, counts: Counts
) -> ReplayValue | None:
    """Return the replay value, on the latest part of the time, of the model learnt from all parts before it."""
    if not trained.judged.scores:
        return None
    offers = logged_offers(connection, context.query(since=counts.bounds[-2]))
    # Chances of second and third slots take every pair of products: fewer offers of a large catalogue.
    most = max(FEWEST, MOST_PAIRS // len(context.products.all) ** 2)
    replay = Replay(context.live.quiz, context.products, offers[-most:], context.versions)
    return replay_value(replay, trained.earlier, lambda version: _table(context, version))


def package(context: TrainingContext, trained: TrainedModel, counts: Counts, replay: ReplayValue | None) -> Package:
    """Return a model as it is stored."""
    card = card_of(trained, counts, PlackettLucePolicy(), at=context.now)
    card["replay"] = None if replay is None else {"says": _replay_words(replay), "offers": replay.offers}
    fitted = trained.fitted
    arrays = {"base": fitted.base_, "intercept": fitted.intercept_, "slope": fitted.slope_}
    arrays |= {f"table_{name}": table for name, table in zip(trained.column_names, fitted.tables_, strict=True)}
    return Package(
        quiz=context.live.slug,
        quiz_version=context.live.version,
        meaning=meaning(context.live.quiz),
        made_at=context.now,
        table=trained.table,
        card=card,
        card_text=card_text(card, quiz=context.live.slug),
        arrays=stored_arrays.to_bytes(arrays),
        simulated=context.simulated,
    )


def _place(
    context: TrainingContext, version: str, trained: TrainedModel, replay: ReplayValue | None, *, share: float
) -> tuple[str, str]:
    """Give a new model the place that it has earned; return what it became, and why."""
    state = context.registry.state(context.live.slug)
    if not trained.judged.passed:
        return "kept", f"{trained.judged.why}; `{state.serving}` serves on"
    if replay is not None and replay.harmful:
        return "kept", f"the latest offers say that it would sell less: {_replay_words(replay)}"
    if state.challenger is not None:
        return "kept", f"{state.challenger.version} is still being judged as the challenger of `{state.serving}`"
    size = _size(trained, replay, share)
    why = f"{trained.judged.why}; it gets {share:.0%} of the shoppers, and is judged by their purchases"
    context.registry.challenge(context.live.slug, Challenge(version, share, size, context.now), why=trained.judged.why)
    return "challenger", f"{why} once {size:,} have seen an offer, or earlier where they are clear"


def _size(trained: TrainedModel, replay: ReplayValue | None, share: float) -> int:
    """Return the planned sample size of a challenge, from the rate of purchases that is now."""
    # Without a purchase yet the plan would be endless: a rate of one in a thousand is the least that is planned for.
    rate = min(0.5, max(replay.logged if replay else 0.0, trained.rate, 1e-3))
    planned = challenge.planned_shoppers(rate, LEAST_GAIN * rate, share)
    return max(FEWEST, min(MOST, planned))


def _log_of(
    connection: Connection, context: TrainingContext, challenger: Challenge, serving: str
) -> ReplayedLog | None:
    query = context.query(since=to_millis(challenger.since))
    offers = logged_offers(connection, query, rivals=(challenger.version, serving))
    mine, theirs = _table(context, challenger.version), None if serving == RULES else _table(context, serving)
    if mine is None or (theirs is None and serving != RULES):
        return None
    replay = Replay(context.live.quiz, context.products, offers, context.versions)
    terms = Terms(challenger.version, challenger.share, challenger.size)
    return challenged(replay, serving=theirs, challenger=mine, terms=terms)


def _table(context: TrainingContext, version: str) -> ModelTable | None:
    try:
        return context.registry.load(context.live.slug, version)
    except RegistryError:
        return None


def _replay_words(replay: ReplayValue) -> str:
    if replay.refused:
        return str(replay.estimate)
    value = replay.evaluation
    return (
        f"{100 * value.value:.2f} purchases from 100 offers [{100 * value.low:.2f}, {100 * value.high:.2f}], "
        f"where {100 * replay.logged:.2f} were made, from {replay.offers:,} offers worth {value.effective:,.0f}"
    )
