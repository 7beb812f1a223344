"""Catalogue commands: `quizfunnel catalog tags`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import Refused, in_json, main

if TYPE_CHECKING:
    from quizfunnel.catalog.product import Catalog


@main.group("catalog")
def catalog_group() -> None:
    """Look into a catalogue."""


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
