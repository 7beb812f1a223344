"""Replayed challenge: the log of two models, one beside the other, as the decision on them takes it; pure."""

from typing import NamedTuple

import numpy as np

from quizfunnel.recommend.offpolicy.challenge import ChallengeLog
from quizfunnel.recommend.offpolicy.replay import Replay
from quizfunnel.recommend.serving.score_model import ModelTable


class Terms(NamedTuple):
    """Terms of a challenge, fixed before it: its challenger's name and share, and how many shoppers decide."""

    challenger: str
    share: float
    planned: int


class ReplayedLog(NamedTuple):
    """The log of a challenge as `challenge.decide` takes it, if any of it can be told, and how many shoppers cannot."""

    challenge: ChallengeLog | None
    untold: int

    @property
    def says(self) -> str:
        """Return a sentence on the shoppers that are left out, and why; empty where none are."""
        if not self.untold:
            return ""
        return (
            f"{self.untold} shoppers are left out: what they were offered does not come out any more from the quiz's "
            "points and the products' tags and prices as they are now."
        )


def challenged(
    replay: Replay, *, serving: ModelTable | None, challenger: ModelTable, terms: Terms
) -> ReplayedLog | None:
    """Return the log of a challenge; None where there is none, or where a model is of other columns.

    An attempt is one entry, where its last offer stands: all of its offers were chosen by the same model, so
    that their chances multiply, and it counts as one purchase whichever of them was bought from.
    """
    new, old = replay.chances(challenger), replay.chances(serving)
    if new is None or old is None or not (replay.offers or replay.left_out):
        return None
    exact = replay.exact(np.where(replay.made_by(terms.challenger), new, old))
    attempts = [offer.attempt for offer in replay.offers]
    # Whoever judges a challenge by its first shoppers needs them in the order of time.
    last = {attempt: n for n, attempt in enumerate(attempts)}
    number = {attempt: n for n, (attempt, _) in enumerate(sorted(last.items(), key=lambda each: each[1]))}
    entry = np.array([number[attempt] for attempt in attempts], dtype=np.int64)
    by_entry = np.ones((3, len(number)))
    # Unbuffered, since an attempt may have had several offers, and all of their chances multiply.
    np.multiply.at(by_entry[0], entry, new)
    np.multiply.at(by_entry[1], entry, old)
    np.multiply.at(by_entry[2], entry, exact)
    bought = np.bincount(entry, weights=replay.bought().any(axis=1)) > 0
    kept = (by_entry[2] > 0) & np.array([attempt not in replay.left_out for attempt in number], dtype=bool)
    log = ChallengeLog(
        bought[kept].astype(np.float64), by_entry[0, kept], by_entry[1, kept], terms.share, terms.planned
    )
    return ReplayedLog(log if kept.any() else None, len(replay.left_out.union(number)) - int(kept.sum()))
