"""Advice on a verdict, by the treatment: an invitation to one quiz, to all of them, or another quiz; pure."""

from typing import NamedTuple

from quizfunnel.experiment.design import Design


class NextSteps(NamedTuple):
    """Steps for when the treatment sells more, and less; how a larger effect shows sooner; and how to start one."""

    keep: tuple[str, ...]
    stop: tuple[str, ...]
    wider: str
    start: tuple[str, ...] = ()  # where nobody is held out yet


def of_quiz(file: str, holdout_share: float) -> NextSteps:
    """Return the steps of a quiz's own experiment."""
    smaller = min(0.05, holdout_share / 2)
    return NextSteps(
        (
            "Keep inviting people to the quiz.",
            f"Leave a small holdout running, to notice a change: holdout_share: {smaller:g} and a new name in {file}.",
        ),
        (
            "Stop inviting people to this quiz for now.",
            "Look below at which question people leave, and change the quiz.",
            f"Then start again with a new experiment name in {file}.",
        ),
        f"with half of them held out (holdout_share: 0.5 with a new experiment name in {file})",
        (
            f"Write into {file}: experiment: {{name: first, holdout_share: 0.2}}",
            "One visitor in five, drawn by lot, then sees no invitation, and the two groups can be compared.",
        ),
    )


def of_store(file: str, holdout_share: float) -> NextSteps:
    """Return the steps of the holdout that all quizzes share."""
    smaller = min(0.05, holdout_share / 2)
    return NextSteps(
        (
            "Keep inviting people to the quizzes.",
            f"Leave a small holdout running, to notice a change: share = {smaller:g} and a new name in {file}.",
        ),
        (
            "Stop inviting people to the quizzes for now.",
            "Look at the results of each quiz, and change or end the one that people leave.",
            f"Then start again with a new name of the holdout in {file}.",
        ),
        f"with half of them held out (share = 0.5 with a new name of the holdout in {file})",
    )


def of_comparison(file: str, design: Design) -> NextSteps:
    """Return the steps of two quizzes against each other."""
    first, second = design.quizzes
    return NextSteps(
        (
            f"Invite everybody to {second}: name it in the invitations, and take the comparison out of {file}.",
            f"Keep quizzes/{first}.yaml until nobody is in the middle of it.",
        ),
        (
            f"Invite everybody to {first} again: take the comparison out of {file}.",
            f"Look at the results of {second} at which question people leave.",
        ),
        f"with as many invited to either (share = 0.5 with a new name of the comparison in {file})",
    )
