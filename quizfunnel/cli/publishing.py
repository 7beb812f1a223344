"""Publishing commands: `quizfunnel publish`, `publications` and `restore-quiz`."""

import getpass
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.store import database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from quizfunnel.quiz.publishing.desk import Desk
    from quizfunnel.quiz.publishing.pairs import PublishedPair
    from quizfunnel.quiz.publishing.publication import PublicationNote
    from quizfunnel.settings import Settings

MESSAGE = click.option("--message", default="", metavar="TEXT", help="Why; it is kept with the publication.")
MOST_LISTED = 20
DIGITS = 8  # of an id that are shown, and enough to name it


@main.command()
@click.argument("quizzes", nargs=-1, metavar="[QUIZ]...")
@click.option("--accept", is_flag=True, help="Though over 30% of the products on sale are not in the catalogue.")
@click.option("--at", metavar="MOMENT", help="Not now but then, like 2026-12-01T08:00 (this machine's time).")
@click.option("--withdraw", is_flag=True, help="End what is live and scheduled, in place of publishing.")
@MESSAGE
def publish(quizzes: tuple[str, ...], *, accept: bool, at: str | None, withdraw: bool, message: str) -> None:
    """Publish quizzes with their catalogues as they lie here: everybody serves them from then on.

    Without QUIZ every quiz file of the store. Exit 1 where one was refused; the others are published.
    """
    from quizfunnel.quiz.publishing.desk import PublicationTerms, PublishingRefused

    if withdraw and not quizzes:
        raise Refused("name the quiz to withdraw")
    with open_desk() as (settings, desk):
        terms = PublicationTerms(_moment(at, settings), accept, note_of(message))
        refused = False
        for quiz in dict.fromkeys(quizzes or desk.slugs()):
            try:
                click.echo(desk.withdraw(quiz) if withdraw else desk.publish(quiz, terms))
                for line in () if withdraw else desk.warnings(quiz):
                    click.echo(line)
            except PublishingRefused as error:
                refused = True
                for finding in error.findings:
                    click.echo(finding.text())
                click.echo(f"Error: {error}", err=True)
        if not quizzes and not desk.slugs():
            raise Refused(f"no quiz file in {settings.store / 'quizzes'}; quizfunnel init DIR writes one to start from")
    sys.exit(1 if refused else 0)


@main.command()
@click.argument("quiz", default="")
@click.option("--all", "everything", is_flag=True, help="Every catalogue too, and every earlier version.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def publications(*, quiz: str, everything: bool, as_json: bool) -> None:
    """List what was, is and will be live, and what waits on this disk."""
    with open_desk() as (settings, desk):
        listed = desk.publications(quiz)
        if as_json:
            click.echo(in_json([_facts(pair) for pair in listed]))
            return
        for slug in sorted({pair.quiz for pair in listed}):
            click.echo(slug)
            for line in _lines([pair for pair in listed if pair.quiz == slug], everything=everything):
                click.echo(f"  {line}")
        for finding in desk.waiting(by_itself=settings.publishes):
            click.echo(finding.text())
        if not listed:
            raise Refused(f"nothing was published yet{f' of {quiz}' if quiz else ''}; quizfunnel publish does it")


@main.command("restore-quiz")
@click.argument("quiz")
@click.argument("publication", default="")
@click.option("--whole", is_flag=True, help="With the products, prices and stock of then, in place of those of now.")
@MESSAGE
def restore_quiz(quiz: str, publication: str, *, whole: bool, message: str) -> None:
    """Publish again what was live before: PUBLICATION (its id or the beginning), else the version before this one.

    The file on the disk stays as it is, and is published when it changes the next time.
    """
    from quizfunnel.quiz.publishing.desk import PublishingRefused

    with open_desk() as (_, desk):
        try:
            click.echo(desk.restore(quiz, publication, whole=whole, note=note_of(message)))
        except PublishingRefused as error:
            raise Refused(str(error)) from None


@contextmanager
def open_desk() -> "Iterator[tuple[Settings, Desk]]":
    """Yield the settings and the publishing desk of this folder's store."""
    from quizfunnel.experiment.shelf import experiments_of
    from quizfunnel.kit.clock import SystemClock
    from quizfunnel.quiz.publishing.desk import Desk
    from quizfunnel.quiz.publishing.disk import disk_id

    with database() as (settings, engine):
        folder, disk = settings.store / "quizzes", disk_id(settings.var)
        yield settings, Desk(folder, engine, experiments_of(settings), disk, SystemClock())


def _moment(text: str | None, settings: "Settings") -> datetime | None:
    """Return the moment of --at, or refuse one that can't be kept."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise Refused(f"--at {text}: is no moment; write it like 2026-12-01T08:00") from None
    if moment <= datetime.now(UTC):
        raise Refused(f"--at {text}: has passed already; leave --at out to publish now")
    if settings.publishes:
        raise Refused("--at: auto_publish is on, so that a file is live when it is saved; set auto_publish = false")
    return moment


def note_of(message: str) -> "PublicationNote":
    """Return what is kept with a publication: who runs this command, and why."""
    from quizfunnel.quiz.publishing.publication import PublicationNote

    try:
        who = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user may have no name
        who = ""
    return PublicationNote(who, message)


def _lines(pairs: "list[PublishedPair]", *, everything: bool) -> "Iterator[str]":
    """Yield a line for each version of a quiz, and with `everything` for each of its catalogues."""
    runs = [[*run] for _, run in groupby(pairs, key=lambda pair: (pair.quiz_version, pair.state))]
    for run in runs[: None if everything else MOST_LISTED]:
        for pair in run if everything else run[:1]:
            yield _line(pair)
        if len(run) > 1 and not everything:
            number = "an earlier catalogue" if len(run) == 2 else f"{len(run) - 1} earlier catalogues"  # noqa: PLR2004
            yield f"{'':<{DIGITS}}  and {number} with it, since {run[-1].starts_at:%Y-%m-%d %H:%M}"
    if len(runs) > MOST_LISTED and not everything:
        yield f"and {len(runs) - MOST_LISTED} earlier versions: --all"


def _line(pair: "PublishedPair") -> str:
    began = f"{pair.starts_at:%Y-%m-%d %H:%M}"
    until = f"until {pair.ends_at:%Y-%m-%d %H:%M}" if pair.ends_at else ""
    versions = f"quiz {pair.quiz_version[:DIGITS]}  catalogue {pair.catalog_version[:DIGITS]}"
    words = "  ".join(word for word in (pair.who, pair.message) if word)
    return f"{pair.id[:DIGITS]}  {pair.state:<9}  {began} {until:<22}  {versions}  {words}".rstrip()


def _facts(pair: "PublishedPair") -> dict[str, str | None]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in pair._asdict().items()}
