"""The randomised arms: a keyed draw for each visitor and experiment, the same however often it is drawn; pure."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeVar

from quizfunnel.experiment.design import Design

T = TypeVar("T")

Arm = Literal["invited", "holdout", "first", "second"]

_BYTES = 8


class Allocation(NamedTuple):
    """The outcome of a draw: a visitor's arm, and the quiz that it is invited to, None where to none."""

    arm: Arm
    quiz: str | None


def draw_text(design: Design, visitor_id: str) -> str:
    """Return the text that a visitor's arm is drawn from: a new experiment name draws anew."""
    return f"{design.quiz}\0{design.experiment}\0{visitor_id}"


def arm(digest: bytes, design: Design) -> Arm:
    """Return the arm that a keyed digest (8 bytes or more, evenly distributed) gives."""
    fraction = int.from_bytes(digest[:_BYTES]) / 2 ** (8 * _BYTES)
    held = fraction < design.holdout_share
    if design.quizzes:
        return "first" if held else "second"
    return "holdout" if held else "invited"


def quiz_of(arm: Arm, design: Design) -> str:
    """Return the quiz that an arm of a comparison is invited to."""
    return design.quizzes[arm == "second"]


def invitation_for(path: str, invitations: Mapping[str, T]) -> T | None:
    """Return the invitation of a shop page, by the longest pattern that fits.

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
