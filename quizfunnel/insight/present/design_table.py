"""The frozen design of an experiment, as a table and in a line; pure."""

from quizfunnel.experiment.design import STORE, Design, FrozenDesign
from quizfunnel.insight.present.behaviour_tables import EMPTY
from quizfunnel.insight.present.pages import Head, Table, TableRow
from quizfunnel.insight.randomised.figures import Trial
from quizfunnel.insight.words.arm_labels import ArmLabels
from quizfunnel.insight.words.numbers import (
    day,
    many,
    minute,
    number,
    percent,
)

_SHORT = 12  # digits of a fingerprint that tell two apart


def design(trial: Trial | None, labels: ArmLabels) -> Table | None:
    """Return the frozen design, None where nobody has entered yet or it began before designs were kept."""
    frozen = trial.frozen if trial else None
    if frozen is None:
        return None
    kept = frozen.design
    arms = zip(labels, kept.arms.values(), strict=True)
    rows = (
        TableRow("Arms", (", ".join(f"{percent(share)} {name}" for name, share in arms),)),
        TableRow("Who", (_who(kept),)),
        TableRow("Measured", ("buyers of visitors, one arm against the other (itt_ratio)",)),
        TableRow("Within", (f"{many(kept.window_days, 'day')} from the first such page",)),
        TableRow("Planned for", (_planned(kept) + (", in the whole store" if kept.quiz == STORE else ""),)),
        TableRow("Frozen", (minute(frozen.started_at),)),
        TableRow("Kept as", (frozen.text,)),
        TableRow("Fingerprint of that", (frozen.fingerprint,)),
    )
    return Table("What was set before it began", (EMPTY, Head("Set to")), rows, words=True)


def summary(trial: Trial | None) -> str:
    """Return the frozen design in a line, or why there is none."""
    frozen = trial.frozen if trial else None
    if frozen is None:
        if trial is None or trial.since is None:
            return "What is measured is frozen when the first visitor enters."
        return "This experiment began before designs were frozen; the next one will be."
    size = f"planned for {many(frozen.design.planned, 'visitor')}"
    return f"Set on {day(frozen.started_at)}, {size}, fingerprint {_mark(frozen)}"


def part_of(design: Design) -> str:
    """Return the experiment of the store that decides who is invited to a quiz, with its meaning for these figures."""
    if design.quizzes:
        first, second = design.quizzes
        return (
            f"Part of the comparison {design.experiment} of {second} against {first}: who is invited to the other one "
            "counts here as invited, and as not having started this one."
        )
    return (
        f"The arms are of the store's holdout {design.experiment}, one draw for all quizzes: here are the visitors who "
        "came in by a page that invites to this one."
    )


def _mark(frozen: FrozenDesign) -> str:
    return frozen.fingerprint[:_SHORT]


def _who(design: Design) -> str:
    if design.quizzes:
        return f"visitors of /c/{design.experiment} or of pages that invite to {' or '.join(design.quizzes)}"
    if design.quiz == STORE:
        return "visitors of pages that invite to any quiz: one draw for the whole store"
    return f"visitors of pages that invite to {design.quiz}"


def _planned(design: Design) -> str:
    needed, change = number(design.planned), f"{design.minimum_effect:+.0%}"
    return f"{needed} visitors of both arms: what a change of {change} takes where {percent(design.base_rate)} buy"
