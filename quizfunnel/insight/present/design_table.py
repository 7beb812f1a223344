"""What was set before an experiment began, as a table; pure."""

from quizfunnel.experiment.design import STORE, Design, FrozenDesign
from quizfunnel.insight.present.behaviour_tables import EMPTY
from quizfunnel.insight.present.pages import Head, Table, TableRow
from quizfunnel.insight.report.figures import ExperimentReport, Report
from quizfunnel.insight.words.numbers import (
    day,
    many,
    minute,
    number,
    percent,
)

_SHORT = 12  # digits of a fingerprint that tell two apart


def design(report: Report | ExperimentReport) -> Table | None:
    """Return what was frozen, None where nobody has entered yet or it began before designs were kept."""
    frozen = report.trial.frozen if report.trial else None
    if frozen is None:
        return None
    said, names = frozen.design, report.names
    arms = zip(names, said.arms.values(), strict=True)
    rows = (
        TableRow("Arms", (", ".join(f"{percent(share)} {name}" for name, share in arms),)),
        TableRow("Who", (_who(said),)),
        TableRow("Measured", ("buyers of visitors, one arm against the other (itt_ratio)",)),
        TableRow("Within", (f"{many(said.window_days, 'day')} from the first page that invites",)),
        TableRow("Planned for", (_planned(said) + (", in the whole store" if said.quiz == STORE else ""),)),
        TableRow("Frozen", (minute(frozen.started_at),)),
        TableRow("Kept as", (frozen.text,)),
        TableRow("Fingerprint of that", (frozen.fingerprint,)),
    )
    return Table("What was set before it began", (EMPTY, Head("Set to")), rows, words=True)


def summary(report: Report | ExperimentReport) -> str:
    """Return in a line what was set, or why that is not known."""
    frozen = report.trial.frozen if report.trial else None
    if frozen is None:
        if report.trial is None or report.trial.since is None:
            return "What is measured is frozen when the first visitor enters."
        return "This experiment began before designs were frozen; the next one will be."
    size = f"planned for {many(frozen.design.planned, 'visitor')}"
    return f"Set on {day(frozen.started_at)}, {size}, fingerprint {_mark(frozen)}"


def part_of(design: Design) -> str:
    """Return which experiment of the store decides who is invited to a quiz, and what that means for its figures."""
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


def _who(said: Design) -> str:
    if said.quizzes:
        return f"visitors of pages that invite to {said.quizzes[0]} or {said.quizzes[1]}"
    if said.quiz == STORE:
        return "visitors of pages that invite to any quiz: one draw for the whole store"
    return f"visitors of pages that invite to {said.quiz}"


def _planned(said: Design) -> str:
    needed, change = number(said.planned), f"{said.minimum_effect:+.0%}"
    return f"{needed} visitors of both arms: what a change of {change} takes where {percent(said.base_rate)} buy"
