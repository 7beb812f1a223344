"""The randomised arms: a keyed draw for each visitor and experiment, the same however often it is drawn; pure."""

from collections.abc import Iterable, Mapping
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
    """Return the invitation of a shop page, by the pattern that fits it best."""
    pattern = pattern_for(path, invitations)
    return None if pattern is None else invitations[pattern]


def pattern_for(path: str, patterns: Iterable[str]) -> str | None:
    """Return the pattern that fits a shop page: the page itself before the longest with `*` at its end, for any rest.

    A slash at a page's end makes no other page of it: shops answer both addresses, or send from one to the other.
    """
    page = path.rstrip("/")
    fitting = [
        pattern
        for pattern in patterns
        if (path.startswith(pattern[:-1]) if pattern.endswith("*") else pattern.rstrip("/") == page)
    ]
    return max(fitting, key=lambda pattern: (not pattern.endswith("*"), pattern == path, len(pattern)), default=None)
