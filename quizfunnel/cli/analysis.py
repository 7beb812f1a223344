"""Analysis commands: `quizfunnel report`, `rollup` and `export`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.progress import days, steps
from quizfunnel.cli.store import database, live_quiz, needs, open_shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from quizfunnel.insight.rollup.refresh import Task
    from quizfunnel.settings import Settings


@main.command()
@click.argument("quiz", required=False)
@click.option("--experiment", metavar="NAME", help="Of the store's holdout, or of two quizzes against each other.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON; `verdict` is the sentence.")
@click.option("--simulated", is_flag=True, help="Of the demo's simulated visitors instead of real ones.")
def report(quiz: str | None, *, experiment: str | None, as_json: bool, simulated: bool) -> None:
    """Print what a quiz, or an experiment of the whole store, does for the store."""
    if (quiz is None) == (experiment is None):
        raise click.UsageError("name a quiz, or an experiment of the store with --experiment NAME")
    with database() as (settings, engine):
        printed = (
            _quiz_report(settings, engine, quiz, simulated=simulated, as_json=as_json)
            if quiz
            else _experiment_report(settings, engine, experiment or "", simulated=simulated, as_json=as_json)
        )
    click.echo(printed)


def _quiz_report(settings: "Settings", engine: "Engine", slug: str, *, simulated: bool, as_json: bool) -> str:
    """Return the report of a quiz, as text or as JSON."""
    from datetime import UTC, datetime

    from quizfunnel.insight.output import json_report, text_report
    from quizfunnel.insight.report import quiz
    from quizfunnel.insight.report.entry import with_entry
    from quizfunnel.store.transaction import reading

    live = live_quiz(open_shelf(settings, engine), slug)
    with reading(engine) as connection:
        report = quiz.build(connection, live, simulated=simulated, now=datetime.now(UTC))
        report = with_entry(connection, report, settings)
    return in_json(json_report.as_json(report)) if as_json else text_report.as_text(report)


def _experiment_report(settings: "Settings", engine: "Engine", name: str, *, simulated: bool, as_json: bool) -> str:
    """Return the report of an experiment of the store, as text or as JSON."""
    from datetime import UTC, datetime

    from quizfunnel.insight.output import experiment_report
    from quizfunnel.insight.report import experiment
    from quizfunnel.insight.report.entry import with_entry
    from quizfunnel.store.transaction import reading

    with reading(engine) as connection:
        design = experiment.named(connection, name, settings)
        if design is None:
            there = ", ".join(experiment.all_of_them(connection, settings)) or "none"
            raise Refused(f"no experiment `{name}` of the store is set in quizfunnel.toml or ended; there is: {there}")
        report = experiment.build(connection, design, simulated=simulated, now=datetime.now(UTC))
        report = with_entry(connection, report, settings)
    return in_json(experiment_report.as_json(report)) if as_json else experiment_report.as_text(report)


@main.command()
@click.argument("quiz", required=False)
@click.option("--all", "every", is_flag=True, help="Count every day again, and not only what changed.")
@click.option(
    "--from-export",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Count from what quizfunnel export wrote: for a log of millions.",
)
def rollup(quiz: str | None, *, every: bool, folder: Path | None) -> None:
    """Count what is new in the log, for results that open at once however long the log is."""
    from quizfunnel.insight.export.writer import ExportError
    from quizfunnel.insight.rollup import refresh
    from quizfunnel.insight.rollup.store import WORK
    from quizfunnel.store.single_run import Busy, single_run

    with database() as (settings, engine):
        subjects = _subjects(settings, engine, quiz, every=every)
        try:
            with single_run(engine, WORK), _counted_from(settings, folder) as (sorts, now, source):
                for task in (subject(simulated=sort) for subject in subjects for sort in sorts):
                    with days(task.name) as progress:
                        done = refresh.roll(engine, task, now=now, progress=progress, source=source)
                    if done is not None:
                        click.echo(refresh.describe(task, done))
        except Busy:
            raise Refused("another rollup is under way; wait until it has ended") from None
        except ExportError as error:
            raise Refused(str(error)) from None


def _subjects(
    settings: "Settings", engine: "Engine", quiz: str | None, *, every: bool
) -> "Sequence[Callable[..., Task]]":
    """Return the rollups to be made, yet without their sort of log: one quiz, or all of them and the store's own."""
    from quizfunnel.insight.report import experiment as experiments
    from quizfunnel.insight.rollup.refresh import Task
    from quizfunnel.store.transaction import reading

    shelf = open_shelf(settings, engine)
    lives = [live_quiz(shelf, slug) for slug in ([quiz] if quiz else shelf.slugs())]
    with reading(engine) as connection:
        designs = () if quiz else tuple(experiments.all_of_them(connection, settings).values())
    of_quizzes = [partial(Task.of_quiz, live, every=every) for live in lives]
    return of_quizzes + [partial(Task.of_store, design, every=every) for design in designs]


@main.command()
@click.option("--to", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path))
@click.option("--from", "first", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", "last", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option("--csv", "with_csv", is_flag=True, help="Also write CSV, a file beside each.")
@click.option("--simulated", is_flag=True, help="The demo's simulated visitors instead of real ones.")
def export(folder: Path, *, first: "datetime | None", last: "datetime | None", with_csv: bool, simulated: bool) -> None:
    """Write the log as Parquet, a file a day, for an analyst's own tools: docs/export.md says what is in it."""
    needs("pyarrow")
    from quizfunnel.insight.export import writer as exporting
    from quizfunnel.insight.rollup.database import without_statement_timeout
    from quizfunnel.kit.signing import Signer
    from quizfunnel.store.single_run import Busy, single_run

    start, end = (moment.date() if moment else None for moment in (first, last))
    with database() as (settings, engine), steps() as progress:
        shelf, signer = open_shelf(settings, engine), Signer(settings.keys())
        request = exporting.Wanted(folder, signer, shelf.private, simulated, start, end, with_csv, shelf.order)
        try:
            with single_run(engine, exporting.WORK), without_statement_timeout(engine) as connection:
                written = exporting.write(connection, request, progress=progress)
        except Busy:
            raise Refused("another export is under way; wait until it has ended") from None
        except exporting.ExportError as error:
            raise Refused(str(error)) from None
    rows = ", ".join(f"{count:,} {name}" for name, count in written.rows.items())
    click.echo(f"{'Simulated' if simulated else 'Real'} visitors: {rows}, in {written.files:,} files of {folder}")


@contextmanager
def _counted_from(settings: "Settings", folder: Path | None) -> "Iterator[tuple[tuple[bool, ...], datetime, Any]]":
    """Yield a rollup's sorts of log (simulated or not), its moment, and its reader, None for the database."""
    from datetime import UTC, datetime

    if folder is None:
        yield (False, True), datetime.now(UTC), None
        return
    needs("duckdb")
    from quizfunnel.insight.export import writer
    from quizfunnel.insight.rollup import parquet
    from quizfunnel.kit.signing import Signer
    from quizfunnel.privacy import replay

    sort = bool(writer.manifest(folder)["simulated"])
    writer.refuse_other(folder, store=writer.store_of(Signer(settings.keys())), simulated=sort)
    now = writer.as_of(folder)
    erased = replay.newest(settings.erasures_folder)
    if erased is not None and erased > now:
        raise Refused(f"{folder} was exported before somebody was erased; export anew: quizfunnel export --to {folder}")
    with parquet.opened(folder) as connection:
        yield (sort,), now, lambda scope: parquet.ParquetLog(connection, scope)
