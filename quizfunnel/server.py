"""Server start: settings that cannot work are refused with their remedy, then granian serves until told to end."""

import logging
import math
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, NamedTuple

import click
from sqlalchemy import Engine

from quizfunnel.app import create_app, is_demo
from quizfunnel.experiment import frozen, planning
from quizfunnel.experiment.shelf import shelf_of
from quizfunnel.kit.clock import SystemClock
from quizfunnel.migrations import runner
from quizfunnel.migrations.newest import newest
from quizfunnel.migrations.runner import MigrationError
from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.privacy import erasure_list, replay
from quizfunnel.privacy.erasure_list import REMEDY, ErasureListError
from quizfunnel.quiz.publishing.look import Role
from quizfunnel.serving import limits
from quizfunnel.serving.address import in_url, listening_address
from quizfunnel.settings import PREFIX, TOML, Settings, SettingsError
from quizfunnel.store import partitions, private_file
from quizfunnel.store.engine import database_path, open_engine
from quizfunnel.store.transaction import reading, write
from quizfunnel.telemetry.log_lines import LogFormat, logging_config
from quizfunnel.visit.erasure import ErasureKey, KeyMissing
from quizfunnel.web.staff import links, people
from quizfunnel.web.staff.audit import Actor
from quizfunnel.web.staff.names import StaffError

TARGET = "quizfunnel.serving.worker:worker"
KILL_SECONDS = 5  # what a worker has to end by itself


class Place(NamedTuple):
    """Listening address: the IP address, the port, the number of worker processes, and the form of their log."""

    address: str
    port: int
    workers: int
    log_format: LogFormat = "text"
    log_requests: bool = False


def prepare(settings: Settings, *, host: str, port: int, workers: int, migrating: bool = True) -> Place:
    """Make all ready and return where to `run`; raise SettingsError or MigrationError for what cannot work."""
    address = listening_address(host, port)
    refuse_settings(settings, address=address)
    refuse_unlisted(settings)
    engine = open_engine(settings.database, pooled=False, making=migrating)
    try:
        close_to_others(engine)
        if migrating:
            migrate(engine)
        else:
            refuse_old(engine, serving=True)
        forget_again(settings, engine)
        refuse_changed(settings, engine)
        announce(settings, engine, url=next(iter(settings.public_urls), "") or f"http://{in_url(host, address)}:{port}")
    finally:
        engine.dispose()
    return Place(address, port, workers, settings.log_format, settings.log_requests)


def refuse_settings(settings: Settings, *, address: str) -> None:
    """Raise SettingsError for a combination that cannot work at `address`."""
    if not settings.secure and not ip_address(address).is_loopback:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL is not set to an https address, and --host {address} opens the shop to other "
            "machines: browsers keep a shopper's cookie only over https. Put a proxy with a certificate in front "
            f"and set {PREFIX}PUBLIC_URL=https://..., or serve this machine alone with --host 127.0.0.1"
        )
    settings.keys()


def refuse_unlisted(settings: Settings) -> None:
    """Raise SettingsError where no erasure could be listed: every shopper who asked for one would be told to wait."""
    if fault := erasure_list.unwritable(ErasureKey(settings.erasures_folder)):
        raise SettingsError(f"{PREFIX}ERASURES: {fault}, so that nobody could be forgotten; {REMEDY}")


def migrate(engine: Engine) -> None:
    """Bring the database to this program's version and print what was done."""
    outcome = runner.upgrade(engine)
    if outcome.before is None:
        partitions.make_ahead(engine, now=SystemClock().now())  # nobody has written to this month yet
    if outcome.copy:
        click.echo(f"The database as it was is kept in {outcome.copy}")
    if outcome.before != outcome.after:
        came = "made" if outcome.before is None else f"brought from version {outcome.before}"
        click.echo(f"Database {came} to version {outcome.after}" if outcome.before else "Database made")


def close_to_others(engine: Engine) -> None:
    """Take the database's files from whoever should not read them, and say so."""
    path = database_path(engine.url)
    for tightened in private_file.tighten(path) if path else ():
        click.echo(tightened.text(), err=True)


def refuse_old(engine: Engine, *, serving: bool = False) -> None:
    """Raise MigrationError where the database is not of this program's version, or not there.

    A server's may be ahead of a machine that is `serving`: with several of them one is upgraded first, and the others
    must come up again whatever ends them meanwhile.
    """
    version, needed = refuse_none(engine), newest()
    if version < needed:
        raise MigrationError(
            f"the database is of version {version}, and this program needs {needed}; run quizfunnel migrate"
        )
    if version > needed:
        ahead = f"the database is of version {version}, of a newer release than this program, which knows {needed}"
        if not (serving and engine.dialect.name == "postgresql"):
            raise MigrationError(f"{ahead}; install that release here too")
        click.echo(
            f"{ahead[0].upper()}{ahead[1:]}. It is served all the same: install that release here soon", err=True
        )


def refuse_none(engine: Engine) -> str:
    """Return the version of the database, or raise MigrationError where there is none, or an empty one."""
    path = database_path(engine.url)
    if path is not None and not path.exists():
        raise MigrationError(
            f"there is no database {path} yet; run quizfunnel migrate, or quizfunnel restore FILE where it was lost"
        )
    version = runner.version(engine)
    if version is None:
        raise MigrationError(f"the database is empty, and this program needs {runner.head()}; run quizfunnel migrate")
    return version


def forget_again(settings: Settings, engine: Engine) -> None:
    """Erase whom the list of erasures names and the database does not: it was put back from a backup by hand."""
    try:
        done = replay.catch_up(engine, settings.erasures_folder)
    except (KeyMissing, ErasureListError) as error:
        raise SettingsError(f"{PREFIX}ERASURES: {error}") from None
    if done is not None:
        click.echo(f"The database is older than the list of erasures and forgets again: {done.text()}", err=True)


def refuse_changed(settings: Settings, engine: Engine) -> None:
    """Raise SettingsError where an experiment of the store began with other settings than it has now."""
    with reading(engine) as connection:
        changes = frozen.changed_settings(connection, planning.store_designs(settings))
    if changes:
        raise SettingsError("\n".join(f"{settings.store / TOML}: {line}" for line in changes))


def announce(settings: Settings, engine: Engine, *, url: str) -> None:
    """Print the quizzes' addresses, and a line about each file that cannot be served."""
    folder = settings.store / "quizzes"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)  # an empty folder becomes a store
    shelf = shelf_of(settings, engine, SystemClock(), role=Role(strict=not settings.publishes))
    logging.disable()  # what the shelf would log is said here, and again by the workers
    slugs, problems = shelf.slugs(), shelf.problems()
    logging.disable(logging.NOTSET)
    for finding in problems:
        click.echo(finding.text(), err=True)
    live = {slug: quiz.quiz for slug in slugs if (quiz := shelf.live(slug))}
    for line in planning.warnings(settings, live):
        click.echo(f"{settings.store / TOML}: {line}", err=True)
    if settings.erasures is None and settings.database.startswith("postgresql"):
        click.echo(_ERASURES_HERE.format(folder=settings.erasures_folder), err=True)
    if not slugs and not problems:
        click.echo(f"No quiz in {folder} yet: quizfunnel init DIR writes a store with one to start from")
    for slug in slugs:
        click.echo(f"Quiz     {url}/q/{slug}, its results {url}/insight/{slug}")
    greet(engine, url=url, link=settings.log_format == "text")
    click.echo(f"Serving  {url} (Ctrl-C ends it)")


def greet(engine: Engine, *, url: str, link: bool = True) -> None:
    """Print the link that lets the first admin in, while there is nobody who can sign in; none into a log."""
    if is_demo():
        return
    with reading(engine) as connection:
        if any(person.password_hash for person in people.everybody(connection)):
            return
    if not link:
        click.echo("Nobody of the staff can sign in yet; quizfunnel staff add NAME --role admin prints a link for one")
        return
    by = Actor(None, SystemClock().now())
    with suppress(StaffError):  # another machine, started at the same moment, prints it
        if made := write(engine, lambda connection: links.first(connection, by=by)):
            person, key = made
            click.echo(f"Staff    {links.address(url, key)}")
            click.echo(f"         lets {person.name} choose a password: once, within {links.LASTS.days} days")
            return
    click.echo("Staff    nobody has used their link yet; quizfunnel staff link NAME prints a new one")


def run(place: Place, *, kill_seconds: int = KILL_SECONDS) -> None:
    """Serve until SIGINT or SIGTERM; every worker takes its settings from the environment and the store.

    A worker that dies is started again, however often, while the other ones serve on: granian would
    end all of them where one dies twice within seconds. That the application can be loaded at all is
    tried here first.
    """
    create_app(StoreSettings.load()).extensions["quizfunnel"].engine.dispose()
    server = _granian(place, kill_seconds)
    server.respawned_wrks = _Patient()
    server.serve()


class _Patient(dict[int, float]):
    """Granian's record of when it started each worker again, in which nothing is recent."""

    def get(self, _worker: int, _default: Any = 0) -> float:
        return -math.inf


def _granian(place: Place, kill_seconds: int) -> Any:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    return Granian(
        TARGET,
        factory=True,
        address=place.address,
        port=place.port,
        interface=Interfaces.ASGI,
        workers=place.workers,
        backlog=limits.CONNECTIONS,
        backpressure=limits.CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(limits.HEAD_SECONDS * 1000), max_buffer_size=limits.HEAD_BYTES
        ),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=kill_seconds,
        log_level=LogLevels.warning,
        log_dictconfig=logging_config(place.log_format, requests=place.log_requests),
    )


_ERASURES_HERE = (
    f"{PREFIX}ERASURES is not set: who is erased is listed in {{folder}}, on this machine alone; with several "
    "machines, or one whose disk does not last, name a folder on storage that does and that they share"
)
