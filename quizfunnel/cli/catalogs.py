"""Catalogue commands: `quizfunnel catalog tags` and `pull`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import Refused, in_json, main

if TYPE_CHECKING:
    from quizfunnel.catalog.product import Catalog
    from quizfunnel.quiz.live_quiz import LiveQuiz
    from quizfunnel.quiz.pull.pull import Pulled
    from quizfunnel.quiz.pull.trial import LiveReader
    from quizfunnel.settings import CatalogSource, Settings


@main.group("catalog")
def catalog_group() -> None:
    """Look into a catalogue, or bring it up to date."""


@catalog_group.command()
@click.argument("source", metavar="FILE|QUIZ")
@click.option("--json", "as_json", is_flag=True, help="Print the names as JSON.")
def tags(source: str, *, as_json: bool) -> None:
    """List what rules can name: the tags, types, vendors and columns of a catalogue, with numbers of products.

    FILE is a catalogue or a quiz file, QUIZ the name of a quiz in this store.
    """
    from quizfunnel.quiz.catalog_names import named_columns

    columns = named_columns(_catalog(_file(source)))
    if as_json:
        click.echo(in_json([column._asdict() for column in columns]))
        return
    for column in columns:
        for line in column.lines():
            click.echo(line)


@catalog_group.command()
@click.argument("source", default="", metavar="[FILE|FOLDER|URL]")
@click.option("--into", multiple=True, metavar="CATALOG", help="Only this one, as quizzes name it; may be repeated.")
@click.option("--accept", is_flag=True, help="Though over 30% of the products on sale are not in it.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each as JSON.")
def pull(source: str, *, into: tuple[str, ...], accept: bool, dry_run: bool, as_json: bool) -> None:
    """Bring catalogues up to date from where the shop's export writes them.

    Without FILE, FOLDER or URL every catalogue that has a source in the settings. A catalogue is replaced whole, and
    only where the check finds no error in it with its quizzes. Exit 1 where one was refused or could not be read.
    """
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.quiz.pull.pull import PullStore, PullTerms
    from quizfunnel.quiz.pull.pull import pull as pull_one

    settings = StoreSettings.load()
    wanted = _wanted(settings, source, into)
    with _live_reader() as live:
        store = PullStore.of(settings, live)
        done = [pull_one(store, name, place, PullTerms(accept, dry_run)) for name, place in wanted.items()]
    after = [] if dry_run else list(_published(settings, done, accept=accept))
    if as_json:
        click.echo(in_json([each.as_json() for each in done]))
    else:
        for line in _lines(done):
            click.echo(line)
    for line in after:
        click.echo(line, err=as_json)
    sys.exit(1 if any(each.is_fault for each in done) else 0)


def _wanted(settings: "Settings", source: str, into: Sequence[str]) -> "dict[str, CatalogSource]":
    """Return the catalogues that a command means, each with its source; Refused where that is not clear."""
    from quizfunnel.settings.catalogs import CatalogSource, catalog_name

    try:
        names = [catalog_name(name) for name in into]
        location = source if "://" in source else str(Path(source).absolute())
        place = CatalogSource.model_validate(location) if source else None
    except ValueError as error:
        raise Refused(_plain(error)) from None
    if place:
        return {_only(settings, names): place}
    known = settings.catalogs
    if missing := [name for name in names if name not in known]:
        raise Refused(f"{missing[0]} has no source in the settings; there is: {', '.join(known) or 'none'}")
    if not known:
        raise Refused(
            "no catalogue has a source; name a file, a folder or an address, or write into quizfunnel.toml: "
            '[catalogs] "catalogs/coffee.csv" = "https://shop.example/products.csv"'
        )
    return {name: known[name] for name in names or known}


def _only(settings: "Settings", names: Sequence[str]) -> str:
    """Return the one catalogue that is named, or that the quizzes have; Refused where there are several or none."""
    from quizfunnel.quiz.pull.trial import catalogs_of

    meant = names or sorted({*settings.catalogs, *catalogs_of(settings.store / "quizzes").values()})
    if len(meant) != 1:
        there = f"; quizzes name: {', '.join(meant)}" if meant else ""
        raise Refused(f"say which one catalogue it is: --into catalogs/coffee.csv{there}")
    return meant[0]


@contextmanager
def _live_reader() -> "Iterator[LiveReader]":
    """Yield the reader of what is live; without a database, or while it is away, nothing is known to be."""
    from datetime import UTC, datetime

    from quizfunnel.cli.store import checks as store_checks
    from quizfunnel.experiment.shelf import experiments_of
    from quizfunnel.quiz.publishing.published import PublishedVersions
    from quizfunnel.store.transaction import DatabaseAway

    with store_checks.served_store() as store:

        def live(quiz: str) -> "LiveQuiz | None":
            try:
                if store is None or not store_checks.has_published(store[1]):
                    return None
                return PublishedVersions(store[1], experiments_of(store[0])).live(quiz, at=datetime.now(UTC))
            except DatabaseAway:
                return None

        yield live


def _published(settings: "Settings", done: "Sequence[Pulled]", *, accept: bool) -> Iterator[str]:
    """Publish what was accepted, where good files are published by themselves; say what else is left to do."""
    from quizfunnel.cli import publishing
    from quizfunnel.cli.store import checks as store_checks
    from quizfunnel.quiz.publishing.desk import PublicationTerms, PublishingRefused

    quizzes = list(dict.fromkeys(quiz for each in done if each.outcome == "pulled" for quiz in each.quizzes))
    with store_checks.served_store() as store:
        served = store is not None and store_checks.has_published(store[1])
    if quizzes and not settings.publishes:
        yield f"Now: quizfunnel publish {' '.join(quizzes)}{' --accept' if accept else ''}"
    elif quizzes and accept and served:
        with publishing.open_desk() as (_, desk):
            for quiz in filter(desk.live, quizzes):
                try:
                    yield desk.publish(quiz, PublicationTerms(None, accept, publishing.note_of("catalogue pulled")))
                except PublishingRefused as error:
                    yield str(error)


def _lines(done: "Sequence[Pulled]") -> Iterator[str]:
    for each in done:
        yield each.text()
        yield from (f"  {finding.text()}" for finding in each.findings[1:])


def _plain(error: ValueError) -> str:
    """Return the first thing that is wrong, without the library's words around it."""
    from pydantic import ValidationError

    wrong = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return wrong.removeprefix("Value error, ")


def _file(source: str) -> Path:
    from quizfunnel.quiz.kinds.fields import is_slug
    from quizfunnel.settings import store_folder

    path = Path(source)
    if not path.exists() and is_slug(source):
        path = store_folder() / "quizzes" / f"{source}.yaml"
    if not path.is_file():
        raise Refused(f"{source}: there is no such file or quiz; name a catalogue or a quiz file")
    return path


def _catalog(path: Path) -> "Catalog":
    """Return the catalogue in a file, or that which a quiz file names."""
    from quizfunnel.catalog.readers import CatalogError, read_catalog
    from quizfunnel.quiz.check import run

    try:
        if not _is_quiz(path):
            return read_catalog(path, currency="EUR", product_url="/{handle}").catalog  # neither is listed
        opened = run.open_file(path)
        if opened.loaded is None or opened.catalog_file is None:
            raise Refused(f"{path}: names no catalogue that can be read; run `quizfunnel check {path}`")
        return run.read_catalog_of(opened.loaded.quiz, opened.catalog_file, name=str(opened.catalog_file)).catalog
    except CatalogError as error:
        raise Refused(str(error)) from None


def _is_quiz(path: Path) -> bool:
    """Tell a quiz from a catalogue in YAML: a catalogue is a list, and no quiz has entries at its margin."""
    if path.suffix not in (".yaml", ".yml"):
        return False
    lines = path.read_text("utf-8", errors="replace").splitlines()
    return not any(line.startswith(("- ", "[")) for line in lines)
