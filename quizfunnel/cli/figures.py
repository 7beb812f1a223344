"""`quizfunnel report`, `rollup` and `export`: what the analyst reads, and what it is read from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.progress import days, steps
from quizfunnel.cli.store import database, live_quiz, needs, open_shelf

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine

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
        found, output = (
            _quiz_report(settings, engine, quiz, simulated=simulated)
            if quiz
            else _experiment_report(settings, engine, experiment or "", simulated=simulated)
        )
    click.echo(in_json(output.as_json(found)) if as_json else output.as_text(found))


def _quiz_report(settings: "Settings", engine: "Engine", quiz: str, *, simulated: bool) -> tuple[Any, Any]:
    """Return the figures of a quiz, and what writes them."""
    from datetime import UTC, datetime

    from quizfunnel.insight import report as insight
    from quizfunnel.store.transaction import reading

    live = live_quiz(open_shelf(settings, engine), quiz)
    with reading(engine) as connection:
        return insight.build(connection, live, simulated=simulated, now=datetime.now(UTC)), insight


def _experiment_report(settings: "Settings", engine: "Engine", name: str, *, simulated: bool) -> tuple[Any, Any]:
    """Return the figures of an experiment of the store, and what writes them."""
    from datetime import UTC, datetime

    from quizfunnel.insight import experiment_outputs, experiments
    from quizfunnel.store.transaction import reading

    with reading(engine) as connection:
        design = experiments.named(connection, name, settings)
        if design is None:
            there = ", ".join(experiments.all_of_them(connection, settings)) or "none"
            raise Refused(f"no experiment `{name}` of the store is set in quizfunnel.toml or ended; there is: {there}")
        return experiments.build(connection, design, simulated=simulated, now=datetime.now(UTC)), experiment_outputs


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
    from quizfunnel.insight import experiments, rolling
    from quizfunnel.insight.export import ExportError
    from quizfunnel.insight.rolling import Task
    from quizfunnel.insight.rollup import WORK
    from quizfunnel.store.sole import Busy, sole
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine):
        shelf = open_shelf(settings, engine)
        lives = [live_quiz(shelf, slug) for slug in ([quiz] if quiz else shelf.slugs())]
        with reading(engine) as connection:
            of_store = () if quiz else tuple(experiments.all_of_them(connection, settings).values())
        try:
            with sole(engine, WORK), _counted_from(settings, folder) as (sorts, now, source):
                tasks = [Task.of_quiz(each, simulated=sort, every=every) for each in lives for sort in sorts]
                tasks += [Task.of_store(each, simulated=sort, every=every) for each in of_store for sort in sorts]
                for task in tasks:
                    with days(task.name) as progress:
                        done = rolling.roll(engine, task, now=now, progress=progress, source=source)
                    if done is not None:
                        click.echo(rolling.said(task, done))
        except Busy:
            raise Refused("another rollup is under way; wait until it has ended") from None
        except ExportError as error:
            raise Refused(str(error)) from None


@main.command()
@click.option("--to", "folder", metavar="DIR", required=True, type=click.Path(path_type=Path))
@click.option("--from", "first", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", "last", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option("--csv", "with_csv", is_flag=True, help="Also write CSV, a file beside each.")
@click.option("--simulated", is_flag=True, help="The demo's simulated visitors instead of real ones.")
def export(folder: Path, *, first: "datetime | None", last: "datetime | None", with_csv: bool, simulated: bool) -> None:
    """Write the log as Parquet, a file a day, for an analyst's own tools: docs/export.md says what is in it."""
    needs("pyarrow")
    from quizfunnel.insight import export as exporting
    from quizfunnel.insight.gather import patient
    from quizfunnel.kit.signing import Signer
    from quizfunnel.store.sole import Busy, sole

    start, end = (moment.date() if moment else None for moment in (first, last))
    with database() as (settings, engine), steps() as progress:
        shelf, signer = open_shelf(settings, engine), Signer(settings.keys())
        wanted = exporting.Wanted(folder, signer, shelf.sensitive, simulated, start, end, with_csv)
        try:
            with sole(engine, exporting.WORK), patient(engine) as connection:
                found = exporting.write(connection, wanted, progress=progress)
        except Busy:
            raise Refused("another export is under way; wait until it has ended") from None
        except exporting.ExportError as error:
            raise Refused(str(error)) from None
    rows = ", ".join(f"{count:,} {name}" for name, count in found.rows.items())
    click.echo(f"{'Simulated' if simulated else 'Real'} visitors: {rows}, in {found.files:,} files of {folder}")


@contextmanager
def _counted_from(settings: "Settings", folder: Path | None) -> "Iterator[tuple[tuple[bool, ...], datetime, Any]]":
    """Give whose log a rollup counts (simulated or not), as of when, and what reads it; None is the database."""
    from datetime import UTC, datetime

    if folder is None:
        yield (False, True), datetime.now(UTC), None
        return
    needs("duckdb")
    from quizfunnel.insight import export, warehouse
    from quizfunnel.kit.signing import Signer

    sort = bool(export.manifest(folder)["simulated"])
    export.refuse_other(folder, store=export.store_of(Signer(settings.keys())), simulated=sort)
    now = export.as_of(folder)
    with warehouse.opened(folder) as connection:
        yield (sort,), now, lambda asked: warehouse.ParquetLog(connection, asked)
