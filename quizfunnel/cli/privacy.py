"""Privacy commands: `quizfunnel forget` and `disclose`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.store import database, open_shelf

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from quizfunnel.privacy.forget import Forgotten
    from quizfunnel.privacy.subjects import OrderKey
    from quizfunnel.settings import Settings


_VISITOR = "The visitor's id, or the token in its cookie or basket."
_ORDER = "The order's id in the shop, or its number, with or without #."
_LIST_IT = "to list it as erased all the same"
_LOOK_FOR_IT = "to look for it in what the shop sent, too"
_SOURCE = "Which source's order, where two have one of that id."


@main.command()
@click.option("--visitor", metavar="ID", help=_VISITOR)
@click.option("--order", metavar="ID", help=f"{_ORDER} The visitor that it is attributed to is forgotten too.")
@click.option("--source", metavar="NAME", help=_SOURCE)
@click.option("--yes", is_flag=True, help="Do not ask whether to erase for good.")
def forget(*, visitor: str | None, order: str | None, source: str | None, yes: bool) -> None:
    """Erase a person: every row of theirs, the bodies of their orders, and whatever a restored backup brings back."""
    from datetime import UTC, datetime

    from quizfunnel.privacy import forget as forgetting
    from quizfunnel.privacy.forget import Keeper
    from quizfunnel.visit.erasure import ErasureKey, KeyMissing

    _one_of(visitor, order)
    with database() as (settings, engine):
        wanted = visitor_id(visitor) if visitor else order_key(engine, order or "", source, to=_LIST_IT)
        name = wanted if isinstance(wanted, str) else " ".join(wanted)
        if not yes:
            click.confirm(f"Erase {'visitor' if visitor else 'order'} {name} for good?", abort=True)
        _read_waiting(settings, engine)
        keeper = Keeper(engine, ErasureKey(settings.erasures_folder), settings.disclosures)
        now = datetime.now(UTC)
        try:
            if isinstance(wanted, str):
                done = forgetting.forget_visitor(keeper, wanted, now=now, by="command")
            else:
                done = forgetting.forget_order(keeper, wanted, now=now, by="command")
        except KeyMissing as error:
            raise Refused(str(error)) from None
        click.echo(_told(done, settings, engine))


@main.command()
@click.option("--visitor", metavar="ID", help=_VISITOR)
@click.option("--order", metavar="ID", help=f"{_ORDER} With the visitor that it is attributed to.")
@click.option("--source", metavar="NAME", help=_SOURCE)
def disclose(*, visitor: str | None, order: str | None, source: str | None) -> None:
    """Print everything that is kept of a person as JSON, for the person who asks for it."""
    from datetime import UTC, datetime

    from quizfunnel.privacy import disclose as disclosing
    from quizfunnel.privacy.subjects import Subjects, visitors_of
    from quizfunnel.privacy.words import answers_in_words
    from quizfunnel.store.transaction import reading
    from quizfunnel.visit.erasure import ErasureKey, KeyMissing

    _one_of(visitor, order)
    with database() as (settings, engine):
        if visitor:
            wanted = Subjects(visitors=frozenset({visitor_id(visitor)}))
        else:
            known = order_key(engine, order or "", source, to=_LOOK_FOR_IT)
            with reading(engine) as connection:
                wanted = Subjects(visitors=visitors_of(connection, (known,)), orders=frozenset({known}))
        now, words = datetime.now(UTC), answers_in_words(open_shelf(settings, engine))
        record = disclosing.disclose(engine, wanted, in_words=words, now=now)
        if disclosing.is_empty(record):
            raise Refused(f"nothing is kept of {visitor or order}")
        try:
            key = ErasureKey(settings.erasures_folder)
            disclosing.leave_trail(engine, key, wanted, at=now, by="command")
        except KeyMissing as error:
            raise Refused(str(error)) from None
    click.echo(in_json(record))


def visitor_id(given: str) -> str:
    """Return the visitor's id in an id or token, or refuse."""
    from quizfunnel.kit.ids import is_id

    id = given.strip().replace("_", ".").partition(".")[0]
    if not is_id(id):
        raise Refused(f"--visitor {given}: is no visitor's id, which has 32 hexadecimal digits, and no token of one")
    return id


def order_key(engine: "Engine", id: str, source: str | None, *, to: str) -> "OrderKey":
    """Return the source and id of an order, or refuse where they cannot be told; `to` says for what --source is."""
    from quizfunnel.orders.sources import NAMES
    from quizfunnel.privacy.forget import orders_named
    from quizfunnel.store.transaction import reading

    if source is not None and source not in NAMES:
        raise Refused(f"--source {source}: is no source of orders; there is: {', '.join(NAMES)}")
    with reading(engine) as connection:
        known = orders_named(connection, id, source)
    if len(known) > 1:
        named = ", ".join(f"{its_source} {its_id}" for its_source, its_id in known)
        raise Refused(f"--order {id}: there are several ({named}); say which with --source, or by its id")
    if known:
        return known[0]
    if source is None:
        raise Refused(f"--order {id}: the ledger has none of this id or number; {to}, add --source")
    return source, id


def _one_of(visitor: str | None, order: str | None) -> None:
    if (visitor is None) == (order is None):
        raise click.UsageError("say whom: --visitor ID or --order ID")


def _read_waiting(settings: "Settings", engine: "Engine") -> None:
    """Read what the inbox has not read yet: an order whose body goes must be in the ledger before."""
    from quizfunnel.app import attribution_keys
    from quizfunnel.orders import inbox
    from quizfunnel.orders.sources.configured import configured

    keys = attribution_keys(settings, open_shelf(settings, engine))
    inbox.replay(engine, configured(settings), keys, now=datetime.now(UTC))


def _told(done: "Forgotten", settings: "Settings", engine: "Engine") -> str:
    from quizfunnel.store.leftovers import kept_copies

    rows = ", ".join(f"{count:,} of {table}" for table, count in sorted(done.rows.items())) or "none was there"
    lines = [
        f"Erased: {rows}; {done.bodies:,} bodies in the inbox emptied",
        f"Listed in {settings.erasures_folder}: a backup that is put back forgets them again",
        "Not reached: exports already taken (export anew into the same folder), and what the shop itself keeps",
    ]
    if not done.scrubbed:
        lines.append("Somebody was reading: the database's log of changes is emptied by the next quizfunnel nightly")
    lines += [f"Not reached: {copy.path}, {copy.meaning}; delete it" for copy in kept_copies(engine)]
    return "\n".join(lines)
