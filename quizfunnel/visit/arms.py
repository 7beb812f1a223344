"""The randomised arms: a keyed draw for each visitor and experiment, the same however often it is drawn; pure."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Arm = Literal["invited", "holdout"]

_BYTES = 8


class Invitation(NamedTuple):
    """An invitation that a page shows, with the experiment that decides who sees it.

    `window_days` is how long after t0 a purchase counts.
    """

    quiz: str
    experiment: str
    holdout_share: float
    window_days: int


def draw_text(invitation: Invitation, visitor_id: str) -> str:
    """Return what is drawn from: a new experiment name draws anew."""
    return f"{invitation.quiz}\0{invitation.experiment}\0{visitor_id}"


def arm(digest: bytes, holdout_share: float) -> Arm:
    """Return the arm that a keyed digest (8 bytes or more, evenly distributed) gives."""
    fraction = int.from_bytes(digest[:_BYTES]) / 2 ** (8 * _BYTES)
    return "holdout" if fraction < holdout_share else "invited"


def quiz_for(path: str, invitations: Mapping[str, str]) -> str | None:
    """Return the quiz that a shop page invites to, by the longest pattern that fits.

    `*` at a pattern's end fits any rest; a pattern without it wins over one of the same length with it.
    """
    fitting = [
        pattern
        for pattern in invitations
        if path == pattern or (pattern.endswith("*") and path.startswith(pattern[:-1]))
    ]
    return invitations[max(fitting, key=_closeness)] if fitting else None


def _closeness(pattern: str) -> tuple[int, bool]:
    open_ended = pattern.endswith("*")
    return len(pattern) - open_ended, not open_ended
