"""Training as the store's owner runs it: a model is learnt, the challenge that is running judged, the model placed.

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
from quizfunnel.learning.outcome import TrainingOutcome
from quizfunnel.log.definitions import DAY_MS
from quizfunnel.log.scope import Scope
from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.live_quiz import LiveQuiz
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.shelf import Shelf
from quizfunnel.quiz.spec import Quiz
from quizfunnel.quiz.tables import QuizVersion
from quizfunnel.recommend.offpolicy import challenge
from quizfunnel.recommend.offpolicy.challenge import Decision
from quizfunnel.recommend.offpolicy.replay import (
    Replay,
    ReplayedLog,
    ReplayValue,
    Terms,
    challenged,
    replay_value,
)
from quizfunnel.recommend.registry.folder import (
    RULES,
    Challenge,
    Package,
    Registry,
    RegistryError,
)
from quizfunnel.recommend.serving.policy import PlackettLucePolicy
from quizfunnel.recommend.serving.score_model import ModelTable
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
    """What training works with: the live quiz, every version of it that the log holds, and where models lie."""

    live: LiveQuiz
    versions: Mapping[str, Quiz]
    registry: Registry
    simulated: bool
    now: datetime
    progress: Progress = lambda _: None

    @property
    def asked(self) -> Scope:
        """Return whose log is read."""
        experiment = self.live.quiz.experiment
        return Scope(self.live.slug, experiment.name if experiment else None, self.simulated)

    @property
    def window_days(self) -> int:
        """Return within how many days a purchase counts for an offer."""
        return offer_log.window_days(self.live.quiz)

    @property
    def until_ms(self) -> int:
        """Return when the newest offer was seen whose window has closed."""
        return to_millis(self.now) - self.window_days * DAY_MS

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


def run(connection: Connection, desk: TrainingContext, *, share: float = SHARE) -> TrainingOutcome:
    """Learn a new model, judge the challenge that is running, store the model, and say what became of it.

    Raises:
        TrainingError: where the log cannot be learnt from.
        RegistryError: where models cannot be read or written.
    """
    counts = read(connection, desk)
    trained = train(desk.live.quiz, desk.products, counts, desk.versions, progress=desk.progress)
    desk.progress("Replaying the latest offers")
    screen = replayed(connection, desk, trained, counts)
    stored = package(desk, trained, counts, screen)
    ended = end_impossible(desk)
    decision, untold = judge_challenge(connection, desk)
    version = desk.registry.save(stored)
    became, why = _place(desk, version, trained, screen, share=share)
    return TrainingOutcome(version, became, why, decision, stored.card, ended or untold)


def read(connection: Connection, desk: TrainingContext) -> Counts:
    """Return the grouped log of all versions of the quiz that can still be read."""
    counts = offer_log.counts(
        connection,
        desk.asked,
        now_ms=to_millis(desk.now),
        window_days=desk.window_days,
        progress=desk.progress,
    )
    known = np.array([pattern.version in desk.versions for pattern in counts.patterns], dtype=bool)
    if known.all():
        return counts
    left = counts.of_patterns(known)
    return replace(left, facts=left.facts._replace(unreadable=round(counts.purchases - left.purchases)))


def end_impossible(desk: TrainingContext) -> str:
    """End the challenge of a model that can never serve this quiz, and say why; empty where there is none."""
    state = desk.registry.state(desk.live.slug)
    why = _impossible(desk, state.challenger.version) if state.challenger else ""
    if why:
        desk.registry.end_challenge(desk.live.slug, why=why, at=desk.now)
    return f"The challenge has ended: {why}." if why else ""


def _impossible(desk: TrainingContext, version: str) -> str:
    try:
        same = desk.registry.check(desk.live.slug, version).meaning == meaning(desk.live.quiz)
    except RegistryError as error:
        return f"the challenger cannot be read: {error}"
    return "" if same else f"the challenger {version} was learnt from a quiz whose answers meant something else"


def judge_challenge(connection: Connection, desk: TrainingContext) -> tuple[Decision | None, str]:
    """Promote or end the challenge that is running where its log says so; None where there is nothing to judge.

    Beside it stands how many of its shoppers are left out, in a sentence, where some are.
    """
    state = desk.registry.state(desk.live.slug)
    if state.challenger is None:
        return None, ""
    desk.progress("Judging the challenger")
    told = _log_of(connection, desk, state.challenger, state.serving)
    if told is None or told.challenge is None:
        return None, told.says if told else ""
    decision = challenge.decide(told.challenge)
    if decision.verdict == "promote":
        desk.registry.promote(desk.live.slug, state.challenger.version, why=decision.sentence, at=desk.now)
    elif decision.verdict == "keep":
        desk.registry.end_challenge(desk.live.slug, why=decision.sentence, at=desk.now)
    return decision, told.says


def replayed(
    connection: Connection, desk: TrainingContext, trained: TrainedModel, counts: Counts
) -> ReplayValue | None:
    """Return what the model, learnt from all but the latest part of the time, would have earned in that part."""
    if not trained.judged.scores:
        return None
    times = (counts.bounds[-2], desk.until_ms)
    offers = offer_log.offers(connection, desk.asked, times, window_days=desk.window_days)
    most = max(FEWEST, MOST_PAIRS // len(desk.products.all) ** 2)
    replay = Replay(desk.live.quiz, desk.products, offers[-most:], desk.versions)
    return replay_value(replay, trained.earlier, lambda version: _table(desk, version))


def package(desk: TrainingContext, trained: TrainedModel, counts: Counts, screen: ReplayValue | None) -> Package:
    """Return a model as it is stored."""
    card = card_of(trained, counts, PlackettLucePolicy(), at=desk.now)
    card["replay"] = None if screen is None else {"says": _said(screen), "offers": screen.offers}
    fitted = trained.fitted
    arrays = {"base": fitted.base_, "intercept": fitted.intercept_, "slope": fitted.slope_}
    arrays |= {f"table_{name}": table for name, table in zip(trained.column_names, fitted.tables_, strict=True)}
    return Package(
        desk.live.slug,
        desk.live.version,
        meaning(desk.live.quiz),
        desk.now,
        trained.table,
        card,
        card_text(card, quiz=desk.live.slug),
        arrays,
        desk.simulated,
    )


def _place(
    desk: TrainingContext, version: str, trained: TrainedModel, screen: ReplayValue | None, *, share: float
) -> tuple[str, str]:
    """Give a new model the place that it has earned; return what it became, and why."""
    state = desk.registry.state(desk.live.slug)
    if not trained.judged.passed:
        return "kept", f"{trained.judged.why}; `{state.serving}` serves on"
    if screen is not None and screen.harmful:
        return "kept", f"the latest offers say that it would sell less: {_said(screen)}"
    if state.challenger is not None:
        return "kept", f"{state.challenger.version} is still being judged as the challenger of `{state.serving}`"
    size = _size(trained, screen, share)
    why = f"{trained.judged.why}; it gets {share:.0%} of the shoppers, and is judged by their purchases"
    desk.registry.challenge(desk.live.slug, Challenge(version, share, size, desk.now), why=trained.judged.why)
    return "challenger", f"{why} once {size:,} have seen an offer, or earlier where they are clear"


def _size(trained: TrainedModel, screen: ReplayValue | None, share: float) -> int:
    """Return how many shoppers a challenge needs, from the rate of purchases that is now."""
    rate = min(0.5, max(screen.logged if screen else 0.0, trained.rate, 1e-3))
    planned = challenge.planned_shoppers(rate, LEAST_GAIN * rate, share)
    return max(FEWEST, min(MOST, planned))


def _log_of(connection: Connection, desk: TrainingContext, challenger: Challenge, serving: str) -> ReplayedLog | None:
    since = to_millis(challenger.since)
    offers = offer_log.offers(
        connection,
        desk.asked,
        (since, desk.until_ms),
        window_days=desk.window_days,
        rivals=(challenger.version, serving),
    )
    mine, theirs = _table(desk, challenger.version), None if serving == RULES else _table(desk, serving)
    if mine is None or (theirs is None and serving != RULES):
        return None
    replay = Replay(desk.live.quiz, desk.products, offers, desk.versions)
    terms = Terms(challenger.version, challenger.share, challenger.size)
    return challenged(replay, serving=theirs, challenger=mine, terms=terms)


def _table(desk: TrainingContext, version: str) -> ModelTable | None:
    try:
        return desk.registry.load(desk.live.slug, version)
    except RegistryError:
        return None


def _said(screen: ReplayValue) -> str:
    if screen.refused:
        return str(screen.found)
    found = screen.evaluation
    return (
        f"{100 * found.value:.2f} purchases from 100 offers [{100 * found.low:.2f}, {100 * found.high:.2f}], "
        f"where {100 * screen.logged:.2f} were made, from {screen.offers:,} offers worth {found.effective:,.0f}"
    )
