"""The `quizfunnel` command. What a command needs is imported when it runs, so that each starts quickly."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from quizfunnel.quiz.begun import Begun
    from quizfunnel.quiz.check import CheckResult
    from quizfunnel.quiz.versions import LiveQuiz, Shelf
    from quizfunnel.recommend.registry import Registry
    from quizfunnel.settings import Settings

_BREATH = 0.01  # seconds between two batches, for a shopper who waits to write
PORT = click.IntRange(1, 65535)
WORLDS = ("helps", "nothing", "hurts")  # as in demo/world.py


class Refused(click.ClickException):
    """What cannot be done, told without a traceback."""

    exit_code = 2


class Commands(click.Group):
    """The commands; an error that names its remedy is told as one, whichever command met it."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            from quizfunnel.migrations.runner import MigrationError
            from quizfunnel.settings import SettingsError
            from quizfunnel.store.transaction import DatabaseAway

            if isinstance(error, DatabaseAway):
                raise Refused(f"the database cannot be used now: {error}; look at QUIZFUNNEL_DATABASE_URL") from error
            if isinstance(error, SettingsError | MigrationError):
                raise Refused(str(error)) from error
            if isinstance(error, OSError) and error.filename:
                raise Refused(f"{error.filename}: {error.strerror}; look at who may read and write there") from error
            raise


@click.group(cls=Commands)
@click.version_option(__version__)
def main() -> None:
    """Quiz funnels that recommend products, for the store in this folder (or in QUIZFUNNEL_STORE)."""


@main.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write a new store with a quiz to start from."""
    from quizfunnel.starter import write_store

    for path in write_store(folder):
        click.echo(path)
    click.echo(f"Now: cd {folder} && quizfunnel serve")


@main.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Prove quiz files before a shopper meets them: exit 1 on an error, 0 with warnings only."""
    from quizfunnel.quiz.check import check_file

    begun = _begun()
    results = [check_file(path, begun=begun.get(path.stem, ())) for path in _quiz_files(paths)]
    findings = list(dict.fromkeys(finding for result in results for finding in result.findings))
    errors = sum(finding.severity == "error" for finding in findings)
    if as_json:
        click.echo(_as_json(results, [finding._asdict() for finding in findings]))
    else:
        for finding in findings:
            click.echo(finding.text())
        for result in results:
            click.echo(result.summary, nl=bool(result.summary))
        click.echo(f"{len(results)} checked, {errors} errors, {len(findings) - errors} warnings", err=True)
    sys.exit(1 if errors else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes.")
@click.option("--no-migrate", is_flag=True, help="Do not bring the database up to date first.")
def serve(*, host: str, port: int, workers: int, no_migrate: bool) -> None:
    """Serve the store's quizzes."""
    from quizfunnel import server
    from quizfunnel.settings import Settings, strangers

    for line in strangers(os.environ):
        click.echo(line, err=True)
    settings = Settings.load()
    server.run(server.prepare(settings, host=host, port=port, workers=workers, migrating=not no_migrate))


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from quizfunnel import server
    from quizfunnel.migrations.runner import head

    with _database(migrated=False) as (_, engine):
        server.migrate(engine)
    click.echo(f"The database is of version {head()}")


@main.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option(
    "--visitors", default=20_000, show_default=True, type=click.IntRange(0, 5_000_000), help="Simulated ones."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same history.")
@click.option(
    "--world", default=WORLDS[0], show_default=True, type=click.Choice(WORLDS), help="What the quiz really does."
)
@click.option("--no-serve", is_flag=True, help="Only fill the history.")
def demo(*, port: int, visitors: int, seed: int, world: str, no_serve: bool) -> None:
    """Serve a demo shop with two quizzes; simulated visitors fill its history meanwhile."""
    from quizfunnel import server, starter
    from quizfunnel.settings import Settings, store_folder

    outside = dict(os.environ)
    _enter(starter.demo_store(store_folder()))
    if no_serve:
        _fill(visitors, seed=seed, world=world)
        return
    place = server.prepare(Settings.load(), host="127.0.0.1", port=port, workers=2)
    click.echo(f"Shop     http://127.0.0.1:{port}/shop, begin at http://127.0.0.1:{port}")
    history = ["--visitors", str(visitors), "--seed", str(seed), "--world", world, "--no-serve"]
    command = [sys.executable, "-m", "quizfunnel", "demo", *history]
    filling = subprocess.Popen(command, env=outside, start_new_session=True)  # noqa: S603 - this program itself
    try:
        server.run(place)
    finally:
        filling.terminate()
        filling.wait()


@main.command()
@click.argument("quiz", required=False)
@click.option("--experiment", metavar="NAME", help="Of the store's holdout, or of two quizzes against each other.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON; `verdict` is the sentence.")
@click.option("--simulated", is_flag=True, help="Of the demo's simulated visitors instead of real ones.")
def report(quiz: str | None, *, experiment: str | None, as_json: bool, simulated: bool) -> None:
    """Print what a quiz, or an experiment of the whole store, does for the store."""
    if (quiz is None) == (experiment is None):
        raise click.UsageError("name a quiz, or an experiment of the store with --experiment NAME")
    with _database() as (settings, engine):
        found, output = (
            _quiz_report(settings, engine, quiz, simulated=simulated)
            if quiz
            else _experiment_report(settings, engine, experiment or "", simulated=simulated)
        )
    click.echo(json.dumps(output.as_json(found), indent=2, ensure_ascii=False) if as_json else output.as_text(found))


def _quiz_report(settings: "Settings", engine: "Engine", quiz: str, *, simulated: bool) -> tuple[Any, Any]:
    """Return the figures of a quiz, and what writes them."""
    from datetime import UTC, datetime

    from quizfunnel.insight import report as insight
    from quizfunnel.store.transaction import reading

    live = _live(_shelf(settings, engine), quiz)
    with reading(engine) as connection:
        return insight.build(connection, live, simulated=simulated, now=datetime.now(UTC)), insight


def _experiment_report(settings: "Settings", engine: "Engine", name: str, *, simulated: bool) -> tuple[Any, Any]:
    """Return the figures of an experiment of the store, and what writes them."""
    from datetime import UTC, datetime

    from quizfunnel.insight import designs, experiment_outputs, experiments
    from quizfunnel.store.transaction import reading

    design = designs.of_name(name, settings)
    if design is None:
        there = ", ".join(each.experiment for each in designs.of_whole_store(settings)) or "none"
        raise Refused(f"no experiment `{name}` of the store is set in quizfunnel.toml; there is: {there}")
    with reading(engine) as connection:
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
    from quizfunnel.insight import designs, rolling
    from quizfunnel.insight.export import ExportError
    from quizfunnel.insight.rolling import Task
    from quizfunnel.insight.rollup import WORK
    from quizfunnel.store.sole import Busy, sole

    with _database() as (settings, engine):
        shelf = _shelf(settings, engine)
        lives = [_live(shelf, slug) for slug in ([quiz] if quiz else shelf.slugs())]
        of_store = () if quiz else designs.of_whole_store(settings)
        try:
            with sole(engine, WORK), _counted_from(settings, folder) as (sorts, now, source):
                tasks = [Task.of_quiz(each, simulated=sort, every=every) for each in lives for sort in sorts]
                tasks += [Task.of_store(each, simulated=sort, every=every) for each in of_store for sort in sorts]
                for task in tasks:
                    with _days(task.name) as progress:
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
    _needs("pyarrow")
    from quizfunnel.insight import export as exporting
    from quizfunnel.insight.gather import patient
    from quizfunnel.kit.signing import Signer
    from quizfunnel.store.sole import Busy, sole

    start, end = (moment.date() if moment else None for moment in (first, last))
    with _database() as (settings, engine), _steps() as progress:
        shelf, signer = _shelf(settings, engine), Signer(settings.keys())
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


@main.command()
@click.argument("quiz")
@click.option(
    "--share",
    default=0.15,
    show_default=True,
    type=click.FloatRange(0.05, 0.5),
    help="Of the shoppers, for a new challenger.",
)
@click.option(
    "--simulated/--real", "simulated", default=None, help="Whose log; by default the demo's simulated where it has any."
)
@click.option("--json", "as_json", is_flag=True, help="Print the card and the outcome as JSON.")
def train(quiz: str, *, share: float, simulated: bool | None, as_json: bool) -> None:
    """Learn from what people bought; a model that is no worse than the rules becomes their challenger."""
    _needs_learning()
    from datetime import UTC, datetime

    from quizfunnel.insight import outcome, training
    from quizfunnel.recommend.registry import Registry, RegistryError
    from quizfunnel.recommend.train import TrainingError
    from quizfunnel.store.transaction import reading

    with _database() as (settings, engine), _steps() as progress:
        shelf = _shelf(settings, engine)
        live = _live(shelf, quiz)
        registry = Registry(settings.store / "models")
        with reading(engine) as connection:
            whose = training.has_simulated(connection) if simulated is None else simulated
            versions = training.versions(connection, shelf, quiz)
            desk = training.Desk(live, versions, registry, simulated=whose, now=datetime.now(UTC), progress=progress)
            try:
                found = training.run(connection, desk, share=share)
            except (TrainingError, RegistryError) as error:
                raise Refused(f"{quiz}: {error}") from error
    said = json.dumps(outcome.as_json(found), indent=2, ensure_ascii=False)
    click.echo(said if as_json else outcome.as_text(found, quiz=quiz))


@main.command()
@click.argument("quiz")
@click.argument("versions", nargs=-1, metavar="[VERSION]...")
@click.option("--compare", is_flag=True, help="Put the cards of two side by side, or of one and of what serves.")
@click.option("--promote", metavar="VERSION", help="Let a model serve from now on, or `rules`.")
@click.option("--rollback", is_flag=True, help="Let what served before serve again.")
@click.option("--why", default="by hand", show_default=True, help="Kept in the history with --promote and --rollback.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def models(quiz: str, **asked: Any) -> None:
    """List what was learnt for a quiz, compare it, and say what serves; `rules` stands for the points alone."""
    from quizfunnel.recommend.registry import Registry, RegistryError
    from quizfunnel.settings import Settings

    settings = Settings.load()
    registry = Registry(settings.store / "models")
    _known_quiz(settings, quiz)
    if sum(map(bool, (asked["compare"], asked["promote"], asked["rollback"]))) > 1:
        raise Refused("--compare, --promote and --rollback are one at a time")
    if len(asked["versions"]) not in ((1, 2) if asked["compare"] else (0,)):
        raise Refused("--compare takes one version or two, and only it does: --compare VERSION [VERSION]")
    try:
        click.echo(_about_models(registry, quiz, meaning=_meaning(settings, quiz), **asked))
    except RegistryError as error:
        raise Refused(str(error)) from error


@main.command()
@click.argument("attempt")
@click.option("--product", metavar="ID", help="Only why, or why not, this one.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure of every product as JSON.")
def explain(attempt: str, *, product: str | None, as_json: bool) -> None:
    """Say why an attempt was offered these products, and why not others."""
    from quizfunnel.offer import account
    from quizfunnel.offer import explain as explaining
    from quizfunnel.recommend.registry import Registry
    from quizfunnel.store.transaction import reading

    with _database() as (settings, engine), reading(engine) as connection:
        registry = Registry(settings.store / "models")
        try:
            found = explaining.explain(connection, attempt, _shelf(settings, engine), registry)
            found = explaining.about(found, product) if product else found
        except explaining.ExplainError as error:
            raise Refused(str(error)) from error
    said = json.dumps(explaining.as_json(found), indent=2, ensure_ascii=False) if as_json else account.as_text(found)
    click.echo(said)


@main.group()
def orders() -> None:
    """What the store has told of its orders."""


@orders.command()
@click.option("--dead", is_flag=True, help="Also what could not be read before.")
def replay(*, dead: bool) -> None:
    """Read again what was received and not yet read."""
    from quizfunnel.app import product_finder
    from quizfunnel.kit.signing import Signer
    from quizfunnel.orders import inbox
    from quizfunnel.orders.ledger import Clerk
    from quizfunnel.orders.sources.configured import configured

    with _database() as (settings, engine):
        clerk = Clerk(Signer(settings.keys()), product_finder(_shelf(settings, engine)))
        done = inbox.replay(engine, configured(settings), clerk, dead=dead)
    click.echo(f"{done.applied} applied, {done.unchanged} changed nothing, {done.dead} cannot be read")


@orders.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--source", metavar="NAME", help="Whose totals: shopify or standard; by default the ledger's only one.")
@click.option("--currency", metavar="CODE", help="Of lines that name none; by default the ledger's only one.")
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="The store's, like Europe/London.")
@click.option("--before-refunds", is_flag=True, help="The totals are before refunds.")
@click.option("--simulated", is_flag=True, help="Beside the demo's simulated orders instead of real ones.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure and finding as JSON.")
def reconcile(file: Path, *, as_json: bool, timezone: str, **asked: Any) -> None:
    """Set a store's own totals, a day a line of FILE, beside the ledger, and name every gap.

    FILE is CSV with the columns day,currency,orders,total, or Shopify's report of total sales by day as exported.
    What it tells is kept, in place of what was told of a day before, and the results page goes on comparing it.

    Exit 0 where all days agree, 1 where one has a gap, 2 where FILE cannot be read: then nothing of it is kept.
    """
    from datetime import UTC, datetime

    from quizfunnel.orders import account
    from quizfunnel.orders import reconcile as reconciling
    from quizfunnel.orders.told import ToldError

    with _database() as (_, engine):
        try:
            wanted = reconciling.Asked(file, time_zone=timezone, **asked)
            found = reconciling.reconcile(engine, wanted, now=datetime.now(UTC))
        except (ToldError, reconciling.ReconcileError) as error:
            raise Refused(str(error)) from None
    if not as_json:
        click.echo("".join(f"{finding.text()}\n" for finding in found.findings), err=True, nl=False)
    click.echo(_json(account.as_json(found)) if as_json else account.as_text(found))
    sys.exit(0 if found.agreeing == len(found.lines) else 1)


def _begun() -> "Mapping[str, Sequence[Begun]]":
    """Return the experiments of this store that began; none where there is no store, or none that was ever served."""
    from quizfunnel.settings import Settings, SettingsError
    from quizfunnel.store.engine import open_engine
    from quizfunnel.store.transaction import DatabaseAway
    from quizfunnel.visit import began

    try:
        settings = Settings.load()
    except SettingsError:
        return {}  # a check needs no settings
    file = settings.database.removeprefix("sqlite:///")
    if file != settings.database and not Path(file).exists():
        return {}
    engine = open_engine(settings.database, pooled=False)
    try:
        return {} if settings.holdout else began.by_quiz(engine)
    except DatabaseAway as error:
        click.echo(f"the database cannot be read ({error}), so experiments under way were not looked at", err=True)
        return {}
    finally:
        engine.dispose()


def _quiz_files(paths: tuple[Path, ...]) -> list[Path]:
    from quizfunnel.settings import store_folder

    folder = Path(os.path.relpath(store_folder() / "quizzes"))
    found: list[Path] = []
    for path in paths or (folder,):
        try:
            if path.is_dir():
                found += sorted(each for each in path.iterdir() if each.suffix in (".yaml", ".yml"))
            else:
                path.open("rb").close()
                found.append(path)
        except OSError as error:
            raise Refused(f"{path}: cannot be read: {error.strerror}") from None
    if not found:
        raise Refused(
            f"no quiz file in {', '.join(map(str, paths)) or folder}; quizfunnel init DIR writes one to start from"
        )
    return found


def _as_json(results: "list[CheckResult]", findings: list[dict[str, Any]]) -> str:
    quizzes = []
    for result in results:
        walked = result.exploration
        lengths = {"shortest": len(walked.shortest), "longest": len(walked.longest)} if walked else {}
        quizzes.append({"file": result.file, **lengths})
    return json.dumps({"findings": findings, "quizzes": quizzes}, indent=2, ensure_ascii=False)


@contextmanager
def _database(*, migrated: bool = True) -> "Iterator[tuple[Settings, Engine]]":
    """Give the settings and the store's database, refused where it is not of this program's version."""
    from quizfunnel import server
    from quizfunnel.settings import Settings
    from quizfunnel.store.engine import open_engine

    settings = Settings.load()
    engine = open_engine(settings.database, pooled=False)
    try:
        if migrated:
            server.refuse_old(engine)
        yield settings, engine
    finally:
        engine.dispose()


def _shelf(settings: "Settings", engine: "Engine") -> "Shelf":
    from quizfunnel.kit.clock import SystemClock
    from quizfunnel.visit.began import shelf_of

    return shelf_of(settings, engine, SystemClock())


def _live(shelf: "Shelf", quiz: str) -> "LiveQuiz":
    """Return a quiz that can be taken, or refuse."""
    live = shelf.live(quiz)
    if live is None:
        raise Refused(f"no quiz `{quiz}` can be taken here; there is: {', '.join(shelf.slugs()) or 'none'}")
    return live


def _known_quiz(settings: "Settings", quiz: str) -> None:
    """Refuse a quiz that has neither a file nor a model."""
    folders = ((settings.store / "quizzes").glob("*.yaml"), (settings.store / "models").glob("*/"))
    names = sorted({path.stem for folder in folders for path in folder})
    if quiz not in names:
        raise Refused(f"no quiz `{quiz}` is here; there is: {', '.join(names) or 'none'}")


def _meaning(settings: "Settings", quiz: str) -> str:
    """Return what the answers of a quiz file mean, "" where it cannot be read; `quizfunnel check` says why."""
    from quizfunnel.quiz.load import QuizFileError, load_quiz
    from quizfunnel.quiz.meaning import meaning

    try:
        return meaning(load_quiz(settings.store / "quizzes" / f"{quiz}.yaml").quiz)
    except (QuizFileError, OSError):
        return ""


def _about_models(registry: "Registry", quiz: str, **asked: Any) -> str:
    """Do what `quizfunnel models` was asked for; return what it says."""
    from datetime import UTC, datetime

    from quizfunnel.recommend import roster

    now = {"why": asked["why"], "at": datetime.now(UTC)}
    if asked["promote"]:
        registry.promote(quiz, asked["promote"], **now)
    elif asked["rollback"]:
        registry.rollback(quiz, **now)
    found = roster.roster(registry, quiz, meaning=asked["meaning"])
    if asked["compare"]:
        rows = roster.compare(registry, found, *asked["versions"])
        return _json(roster.comparison_as_json(rows)) if asked["as_json"] else roster.comparison_as_text(rows)
    return _json(roster.as_json(found)) if asked["as_json"] else roster.as_text(found)


def _json(facts: Any) -> str:
    return json.dumps(facts, indent=2, ensure_ascii=False)


def _needs_learning() -> None:
    """Refuse where the libraries are missing that only training needs."""
    from importlib.util import find_spec

    missing = [name for name in ("numpy", "scipy", "sklearn", "skops") if find_spec(name) is None]
    if missing:
        raise Refused(f"training needs {', '.join(missing)}: pip install 'quizfunnel[learn]'")


def _needs(*names: str) -> None:
    """Refuse where the libraries are missing that only exports, and rollups of them, need."""
    from importlib.util import find_spec

    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise Refused(f"this needs {', '.join(missing)}: pip install 'quizfunnel[warehouse]'")


def _enter(folder: Path) -> None:
    """Leave the store's settings behind: the demo must never write where real shoppers are counted."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        del os.environ[name]
    os.environ.update(QUIZFUNNEL_STORE=str(folder), QUIZFUNNEL_DEMO="1")


def _fill(visitors: int, *, seed: int, world: str) -> None:
    from datetime import UTC, datetime

    from quizfunnel import server
    from quizfunnel.app import product_finder
    from quizfunnel.demo import simulate
    from quizfunnel.insight import designs
    from quizfunnel.kit.clock import SystemClock
    from quizfunnel.kit.signing import Signer
    from quizfunnel.offer.choose import Chooser
    from quizfunnel.orders.ledger import Clerk
    from quizfunnel.recommend.policy import PlackettLucePolicy
    from quizfunnel.recommend.registry import Registry
    from quizfunnel.recommend.served import ModelShelf

    os.nice(10)  # a shopper who is there now comes first
    with _database(migrated=False) as (settings, engine):
        server.migrate(engine)
        shelf, signer = _shelf(settings, engine), Signer(settings.keys())
        models = ModelShelf(Registry(settings.store / "models"), SystemClock())
        chooser = Chooser(models, PlackettLucePolicy())
        clerk = Clerk(signer, product_finder(shelf))
        stage = simulate.Stage(
            shelf, settings, designs.entering, signer, clerk, chooser.on_finish, world=world, seed=seed
        )
        with _progress("Simulated visitors", visitors) as progress:
            made = simulate.fill(engine, stage, visitors=visitors, now=datetime.now(UTC), progress=progress)
    click.echo(f"History: {made.visitors:,} simulated visitors ({made.added:,} of them new)")


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Give what is told which step is under way; it shows on a terminal and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Starting", total=None)

        def tell(step: str) -> None:
            bar.update(task, description=step)

        yield tell


@contextmanager
def _counted_from(settings: "Settings", folder: Path | None) -> "Iterator[tuple[tuple[bool, ...], datetime, Any]]":
    """Give whose log a rollup counts (simulated or not), as of when, and what reads it; None is the database."""
    from datetime import UTC, datetime

    if folder is None:
        yield (False, True), datetime.now(UTC), None
        return
    _needs("duckdb")
    from quizfunnel.insight import export, warehouse
    from quizfunnel.kit.signing import Signer

    sort = bool(export.manifest(folder)["simulated"])
    export.refuse_other(folder, store=export.store_of(Signer(settings.keys())), simulated=sort)
    now = export.as_of(folder)
    with warehouse.opened(folder) as connection:
        yield (sort,), now, lambda asked: warehouse.ParquetLog(connection, asked)


@contextmanager
def _days(quiz: str) -> Iterator[Callable[[int, int], None]]:
    """Give what is told how many days are done, of how many; it shows on a terminal and nowhere else."""
    with _steps() as tell:
        yield lambda done, total: tell(f"{quiz}: day {done:,} of {total:,}")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give what is told how much is done; it shows on a terminal and nowhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)

        def tell(done: int) -> None:
            bar.update(task, completed=done)
            time.sleep(_BREATH)

        yield tell
