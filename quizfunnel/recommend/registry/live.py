"""Live models: those that serve now by the registry's state, in every worker and without a restart.

Files are looked at again at most once a second. Whatever is wrong with them, somebody is served: by
the model without its challenger, or by the rules with a word that says why.
"""

import hashlib
import logging
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from quizfunnel.kit.clock import Clock
from quizfunnel.kit.files import Stamp
from quizfunnel.kit.reload import Reloaded
from quizfunnel.quiz.fingerprint import meaning
from quizfunnel.quiz.rules import Products
from quizfunnel.quiz.spec import Quiz
from quizfunnel.recommend.registry.folder import ModelGoneError, Registry
from quizfunnel.recommend.registry.manifest import RegistryError
from quizfunnel.recommend.registry.state import Challenge, State
from quizfunnel.recommend.serving.recommender import (
    Pick,
    Recommender,
    RulesRecommender,
    TableRecommender,
)
from quizfunnel.recommend.serving.score_model import RULES

log = logging.getLogger(__name__)

BROKEN_STATE, MISSING, BROKEN, OTHER_MEANING, NO_PRODUCT = "state", "missing", "broken", "meaning", "products"


class Fault(NamedTuple):
    """Fault that keeps a model from serving: the word that an offer keeps, and the words for whoever can mend it."""

    word: str
    say: str


class ServingProblem(NamedTuple):
    """One thing that health tells of a quiz's models; `grave` where another one serves than should."""

    grave: bool
    say: str


class _Model(NamedTuple):
    recommender: TableRecommender
    meaning: str


class _Kept(NamedTuple):
    """Snapshot of the files of one quiz, as they were last looked at."""

    stamps: tuple[Stamp, ...]
    state: State | Fault
    models: Mapping[str, _Model | Fault]


class ModelShelf:
    """The models of one store that serve or challenge; safe to share between threads."""

    def __init__(self, registry: Registry, clock: Clock) -> None:
        """Take the registry and the clock that says when to look again."""
        self._registry = registry
        self._clock = clock
        self._rules = RulesRecommender()
        self._kept: dict[str, Reloaded[_Kept]] = {}

    def pick(self, slug: str, quiz: Quiz, products: Products, attempt: str) -> Pick:
        """Return the recommender of an attempt; an attempt stays with its side of a challenge."""
        kept = self._look(slug)
        if isinstance(kept.state, Fault):
            return Pick(self._rules, fallback=kept.state.word)
        serving = self._usable(kept, kept.state.serving, quiz, products)
        if isinstance(serving, Fault):
            return Pick(self._rules, fallback=serving.word)
        challenge = kept.state.challenger
        other = self._usable(kept, challenge.version, quiz, products) if challenge else None
        # A challenger that cannot score stands aside, and no offer names it as a rival.
        if challenge is None or not isinstance(other, Recommender):
            return Pick(serving)
        if drawn(attempt, challenge):
            return Pick(other, rival=serving.name, share=challenge.share)
        return Pick(serving, rival=other.name, share=1 - challenge.share)

    def serving(self, slug: str) -> str:
        """Return the name of what should serve a quiz, and who challenges it for which share."""
        state = self._look(slug).state
        if isinstance(state, Fault) or state.challenger is None:
            return RULES if isinstance(state, Fault) else state.serving
        return f"{state.serving}, challenged by {state.challenger.version} for {state.challenger.share:.0%} of shoppers"

    def problems(self, slug: str, quiz: Quiz, products: Products) -> list[ServingProblem]:
        """Return the faults that keep a quiz's models from serving, or from serving all of its products."""
        kept = self._look(slug)
        if isinstance(kept.state, Fault):
            return [ServingProblem(grave=True, say=kept.state.say)]
        versions = [kept.state.serving, *([kept.state.challenger.version] if kept.state.challenger else [])]
        problems = []
        for version in versions:
            usable = self._usable(kept, version, quiz, products)
            if isinstance(usable, Fault):
                instead = "the rules serve" if version == kept.state.serving else "what it challenges serves alone"
                problems.append(ServingProblem(grave=True, say=f"{usable.say}; meanwhile {instead}"))
            elif usable.model and (gone := _gone(usable.model.products, products)):
                known = len(usable.model.products)
                say = f"`{slug}`: {gone} of the {known} products of model {version} are not in the catalogue"
                problems.append(
                    ServingProblem(grave=False, say=f"{say}; it serves the others; quizfunnel train {slug}")
                )
        return problems

    def _usable(self, kept: _Kept, version: str, quiz: Quiz, products: Products) -> Recommender | Fault:
        """Return a version's recommender for one quiz and its products, or the fault that keeps it from scoring."""
        if version == RULES:
            return self._rules
        model = kept.models[version]
        if isinstance(model, Fault):
            return model
        again = "quizfunnel train makes one for what is there now"
        if model.meaning != meaning(quiz):
            say = f"model {version} was trained on a quiz whose answers meant something else; {again}"
            return Fault(OTHER_MEANING, say)
        if not model.recommender.table(quiz, products).known:
            return Fault(NO_PRODUCT, f"model {version} knows no product of the catalogue; {again}")
        return model.recommender

    def _look(self, slug: str) -> _Kept:
        reloaded = self._kept.get(slug)
        if reloaded is None:  # of two threads the first one's stays
            reloaded = self._kept.setdefault(slug, Reloaded(self._clock, partial(self._refresh, slug)))
        return reloaded.current()

    def _refresh(self, slug: str, before: _Kept | None) -> _Kept:
        if before is not None and before.stamps == self._stamps(slug, before.models):
            return before
        try:
            state: State | Fault = self._registry.state(slug)
        except RegistryError as error:
            state = Fault(BROKEN_STATE, str(error))
        versions = _versions(state)
        stamps = self._stamps(slug, versions)  # before reading: what changes meanwhile is read at the next look
        kept = _Kept(stamps, state, {version: self._load(slug, version) for version in versions})
        _log_new(kept, before)
        return kept

    def _stamps(self, slug: str, versions: Mapping[str, object] | list[str]) -> tuple[Stamp, ...]:
        of_models = [stamp for version in versions for stamp in self._registry.stamps(slug, version)]
        return (*self._registry.stamps(slug), *of_models)

    def _load(self, slug: str, version: str) -> _Model | Fault:
        try:
            manifest = self._registry.manifest(slug, version)
            return _Model(TableRecommender(version, self._registry.load(slug, version)), manifest.meaning)
        except ModelGoneError as error:
            return Fault(MISSING, str(error))
        except RegistryError as error:
            return Fault(BROKEN, str(error))


def drawn(attempt: str, challenge: Challenge) -> bool:
    """Tell whether an attempt falls to the challenger; the same attempt always falls to the same side."""
    # The moment is part of the draw: a second challenge of the same model draws other shoppers.
    digest = hashlib.sha256(f"{challenge.version}:{challenge.since.isoformat()}:{attempt}".encode()).digest()
    return int.from_bytes(digest[:8]) < challenge.share * 2.0**64


def _versions(state: State | Fault) -> list[str]:
    if isinstance(state, Fault):
        return []
    named = [state.serving, state.challenger.version if state.challenger else RULES]
    return [version for version in dict.fromkeys(named) if version != RULES]


def _gone(known: tuple[str, ...], products: Products) -> int:
    return len(set(known) - {product.id for product in products.all})


def _log_new(kept: _Kept, before: _Kept | None) -> None:
    """Log a fault when it is first found, and not every second."""
    for say in sorted(_faults(kept) - (_faults(before) if before else set())):
        log.error("a model cannot serve: %s", say)


def _faults(kept: _Kept) -> set[str]:
    return {part.say for part in (kept.state, *kept.models.values()) if isinstance(part, Fault)}
