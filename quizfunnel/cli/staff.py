"""`quizfunnel staff`: who may see the results, by one-time links that let each choose a password."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from quizfunnel.cli.group import Refused, main
from quizfunnel.cli.store import database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from quizfunnel.web.staff.audit import Actor
    from quizfunnel.web.staff.people import StaffMember

T = TypeVar("T")

ROLES = ("admin", "analyst", "merchandiser")  # as in web/staff/roles.py
URL = "http://127.0.0.1:8000"


def _base(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    """Refuse an address that nobody could open, before anybody is added."""
    from quizfunnel.settings.addresses import base_address

    try:
        return None if url is None else base_address(url)
    except ValueError as error:
        raise Refused(f"--url {url}: {error}") from None


_address = click.option(
    "--url", metavar="URL", callback=_base, help=f"Where the shop is served; else QUIZFUNNEL_PUBLIC_URL, else {URL}."
)


@main.group()
def staff() -> None:
    """People who may see the results, and what each may do."""


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), help="By default the first person is an admin, others are analysts.")
@_address
def add(*, name: str, role: str | None, url: str | None) -> None:
    """Add somebody and print the one-time link with which they choose a password.

    NAME is what they sign in with: an e-mail address, or a short name.
    """
    from quizfunnel.web.staff import links, people

    def verb(connection: "Connection", by: "Actor") -> "tuple[StaffMember, str]":
        chosen = role or ("analyst" if people.everybody(connection) else "admin")
        person = people.add(connection, name, chosen, by=by)
        return person, links.issue(connection, person, by=by)

    (person, key), base = _written(verb, url)
    click.echo(f"{person.name} is there as {person.role}. This link sets a password, once:")
    _say_link(base, key)


@staff.command()
@click.argument("name")
@_address
def link(*, name: str, url: str | None) -> None:
    """Print a new one-time link for NAME, with which they choose another password; earlier ones end."""
    from quizfunnel.web.staff import links, people

    def verb(connection: "Connection", by: "Actor") -> str:
        return links.issue(connection, people.named(connection, name), by=by)

    key, base = _written(verb, url)
    click.echo("This link sets a password, once:")
    _say_link(base, key)


@staff.command("list")
def list_() -> None:
    """List everybody, with their roles and whether they can sign in."""
    from quizfunnel.store.transaction import reading
    from quizfunnel.web.staff import people

    with database() as (_, engine), reading(engine) as connection:
        everybody = people.everybody(connection)
    if not everybody:
        click.echo("There is nobody yet: quizfunnel staff add NAME")
    width = max((len(person.name) for person in everybody), default=0)
    for person in everybody:
        state = "can sign in" if person.password_hash else "no password yet"
        click.echo(f"{person.name:<{width}}  {person.role:<12}  {state}")


@staff.command()
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def role(*, name: str, role: str) -> None:
    """Give NAME another role; it holds at once."""
    from quizfunnel.web.staff import people

    person, _ = _written(lambda connection, by: people.change_role(connection, name, role, by=by))
    click.echo(f"{person.name} is there as {person.role}")


@staff.command()
@click.argument("name")
def remove(*, name: str) -> None:
    """Take NAME's access away at once; what they did stays on record."""
    from quizfunnel.web.staff import people

    _written(lambda connection, by: people.remove(connection, name, by=by))
    click.echo(f"{name} is removed, and signed out everywhere")


@staff.command("sign-out")
@click.argument("name", required=False)
@click.option("--everybody", is_flag=True, help="Everybody's, and every link, as after a database was put back.")
def sign_out(*, name: str | None, everybody: bool) -> None:
    """End every session of NAME."""
    from quizfunnel.web.staff import people

    if bool(name) == everybody:
        raise Refused("say whom: a NAME, or --everybody")

    def verb(connection: "Connection", by: "Actor") -> int:
        if name is None:
            return people.sign_everybody_out(connection, by=by)
        return people.sign_out(connection, people.named(connection, name), by=by)

    ended, _ = _written(verb)
    click.echo(f"{ended} ended" if ended else f"{name or 'nobody'} was {'not ' if name else ''}signed in")


@staff.command()
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 100_000), help="So many entries.")
def record(*, last: int) -> None:
    """Print who did what, the newest first."""
    from quizfunnel.store.transaction import reading
    from quizfunnel.web.staff import audit

    with database() as (_, engine), reading(engine) as connection:
        entries = audit.recent(connection, most=last)
    for entry in entries:
        more = ", ".join(f"{name}: {value}" for name, value in entry.detail.items())
        deed = f"{entry.who or 'the command'} {audit.WORDS.get(entry.action, entry.action)} {entry.subject}"
        line = f"{entry.at:%Y-%m-%d %H:%M:%S} UTC  {deed}"
        click.echo(f"{line}  {more}".rstrip())


def _written(verb: "Callable[[Connection, Actor], T]", url: str | None = None) -> tuple[T, str]:
    """Do `verb` in one transaction; return what it returns, and the address that the store is served at."""
    from datetime import UTC, datetime

    from quizfunnel.store.transaction import write
    from quizfunnel.web.staff.audit import Actor
    from quizfunnel.web.staff.names import StaffError

    by = Actor(None, datetime.now(UTC))
    with database() as (settings, engine):
        try:
            done = write(engine, lambda connection: verb(connection, by))
        except StaffError as error:
            raise Refused(str(error)) from error
    return done, url or next(iter(settings.public_urls), URL)


def _say_link(base: str, key: str) -> None:
    from quizfunnel.web.staff.links import LASTS, address

    click.echo(f"{address(base, key)}\nIt holds for {LASTS.days} days. Give it to nobody else.")
