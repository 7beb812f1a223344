"""Backup commands: `quizfunnel backup` and `restore`."""

from pathlib import Path

import click

from quizfunnel.cli.group import Refused, main

FILE = click.Path(path_type=Path)


@main.command()
@click.argument("file", type=FILE)
@click.option("--overwrite", is_flag=True, help="Write over a backup of that name.")
def backup(*, file: Path, overwrite: bool) -> None:
    """Write the database to FILE, as it is at one moment, while the server runs.

    The file is proven whole before it has its name. PostgreSQL's is written by pg_dump.
    """
    from quizfunnel import server
    from quizfunnel.backup.errors import BackupError
    from quizfunnel.backup.take import take
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.store.engine import open_engine

    engine = open_engine(StoreSettings.load().database, pooled=False, making=False)
    try:
        server.refuse_none(engine)  # one of another version is kept as it is: before an upgrade above all
        counted = take(engine, file, overwrite=overwrite)
    except BackupError as error:
        raise Refused(str(error)) from error
    finally:
        engine.dispose()
    click.echo(f"{counted.text()}\nBackup in {file}, proven whole; docs/operations.md says what else to keep")


@main.command()
@click.argument("file", type=FILE)
def restore(*, file: Path) -> None:
    """Put the backup in FILE in the place of the database, which is kept beside it.

    The backup is proven whole and brought to this program's version first, and forgets whoever was erased since.
    Refused while a server runs.
    """
    from datetime import UTC, datetime

    from sqlalchemy import make_url

    from quizfunnel.backup import restore as restoring
    from quizfunnel.backup.errors import BackupError
    from quizfunnel.orders.sources.configured import StoreSettings
    from quizfunnel.privacy.erasure_list import ErasureListError
    from quizfunnel.visit.erasure import KeyMissing

    settings = StoreSettings.load()
    try:
        done = restoring.restore(
            make_url(settings.database), file, erasures=settings.erasures_folder, now=datetime.now(UTC)
        )
    except (BackupError, KeyMissing, ErasureListError) as error:
        raise Refused(str(error)) from error
    click.echo(f"Backup of version {done.version}: {done.facts.text()}")
    if done.erasures.listed:
        click.echo(f"Forgotten again: {done.erasures.text()}")
    if done.kept:
        click.echo(f"The database before it is kept in {done.kept}; delete it once nobody needs it")
    click.echo("Restored; start the server")
