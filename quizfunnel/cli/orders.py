"""`quizfunnel orders`: what the store has told of its orders."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.store import database, open_shelf

if TYPE_CHECKING:
    from quizfunnel.orders.files.file_orders import OrderFile
    from quizfunnel.orders.files.order_import import Looked


@main.group(help="What the store has told of its orders.")
def orders() -> None:
    """Group the commands about orders."""


_OWN_REPORT = "CSV with the columns day,currency,orders,total"


class _OfSources(click.Command):
    """A command whose help names the order sources; they are imported only when it is shown."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Fill in the sources' names and the titles of their own reports."""
        from quizfunnel.orders.sources import NAMES, SOURCES

        reports = [kind.report.title for kind in SOURCES if kind.report]
        exports = [kind.export.title for kind in SOURCES if kind.export]
        words = {
            "{sources}": " or ".join(NAMES),
            "{reports}": ", or ".join([_OWN_REPORT, *reports]),
            "{exports}": ", or ".join(exports),
        }
        for place, named in words.items():
            self.help = (self.help or "").replace(place, named)
            for option in self.params:
                if isinstance(option, click.Option) and option.help:
                    option.help = option.help.replace(place, named)
        super().format_help(ctx, formatter)


@orders.command()
@click.option("--unreadable", is_flag=True, help="Also what could not be read before.")
@click.option("--dead", is_flag=True, hidden=True)  # its name before
def replay(*, unreadable: bool, dead: bool) -> None:
    """Read again what was received and not yet read."""
    from quizfunnel.app import attribution_keys
    from quizfunnel.orders import inbox
    from quizfunnel.orders.sources.configured import configured

    with database() as (settings, engine):
        keys = attribution_keys(settings, open_shelf(settings, engine))
        now = datetime.now(UTC)
        done = inbox.replay(engine, configured(settings), keys, now=now, dead=unreadable or dead)
    waiting = f", {done.waiting} of a moment to come" if done.waiting else ""
    click.echo(f"{done.applied} applied, {done.unchanged} changed nothing, {done.dead} cannot be read{waiting}")
    if done.dead:
        click.echo("quizfunnel orders dead says why")
    if done.passed_over:
        click.echo(f"{done.passed_over} are passed over: their source has no secret here; set it, and they are read")


@orders.command(name="dead")
@click.option("--in-part", is_flag=True, help="Those of which an order was read, and a line or a refund was not.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def dead_letters(*, in_part: bool, as_json: bool) -> None:
    """List the deliveries that are in no ledger: unreadable ones, those not read yet, those of a moment to come.

    Each with its reason. Once the reason is gone, quizfunnel orders replay --unreadable reads them again.
    """
    from quizfunnel.orders.dead_letters import letters
    from quizfunnel.store.transaction import reading

    with database() as (_, engine), reading(engine) as connection:
        listed = letters(connection, in_part=in_part)
    if as_json:
        rows = [letter._asdict() | {"received_at": letter.received_at.isoformat()} for letter in listed]
        click.echo(in_json(rows))
        return
    for letter in listed:
        gone = "" if letter.is_kept else "; its body is kept no longer"
        reason = letter.reason or "not read yet: quizfunnel orders replay reads it"
        click.echo(f"{letter.received_at:%Y-%m-%d %H:%M} {letter.source} {letter.id} {letter.state}: {reason}{gone}")
    click.echo(_remedy(len(listed), in_part=in_part))


def _remedy(count: int, *, in_part: bool) -> str:
    if not count:
        return "Every delivery that was kept has been read" + (" whole." if in_part else ".")
    again = "quizfunnel orders replay --unreadable reads unreadable ones again; or have the store send them anew."
    return "The orders of these count, by their totals." if in_part else again


@orders.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 3650), help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def refused(*, days: int, as_json: bool) -> None:
    """Count the deliveries that were not taken, by day and reason, with what to do. Nothing else of them is kept."""
    from quizfunnel.orders.dead_letters import refusals
    from quizfunnel.orders.sources.source import RefusalReason
    from quizfunnel.settings.names import source_secret, variable
    from quizfunnel.store.transaction import reading

    with database() as (_, engine), reading(engine) as connection:
        listed = refusals(connection, (datetime.now(UTC) - timedelta(days=days)).date())
    if as_json:
        click.echo(in_json([each._asdict() | {"day": each.day.isoformat()} for each in listed]))
        return
    for each in listed:
        setting = variable(source_secret(each.source))
        click.echo(
            f"{each.day} {each.source}: {each.deliveries} refused: {RefusalReason(each.reason).meaning} ({setting})"
        )
    if not listed:
        click.echo(f"No delivery was refused in the last {days} days.")


@orders.command()
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 365), help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON.")
def check(*, days: int, as_json: bool) -> None:
    """Say of each source whether it is connected, what came of it, and what there is to do.

    Deliveries by the secret that signed them, the share of orders with the visitor's token, and their arms. Refusals
    and secrets are counted by whole days (UTC).

    Exit 0 where all is well, 1 where there is something to do, 2 where no source has a secret.
    """
    from quizfunnel.kit.signing import Signer
    from quizfunnel.orders.check import output, run
    from quizfunnel.store.transaction import reading

    with database() as (settings, engine), reading(engine) as connection:
        checked = run.check(connection, settings, Signer(settings.keys()), now=datetime.now(UTC), days=days)
    click.echo(in_json(output.as_json(checked)) if as_json else output.as_text(checked))
    sys.exit(checked.exit_code)


@orders.command(name="import", cls=_OfSources)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Look at all of the file and take nothing.")
@click.option("--skip-wrong", is_flag=True, help="Take the orders that can be read though others cannot.")
@click.option("--source", metavar="NAME", help="Of which source the file is: {sources}; by default by its header.")
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="Of moments that name no zone.")
def import_file(file: Path, *, dry_run: bool, skip_wrong: bool, source: str | None, timezone: str) -> None:
    """Take the orders of FILE, through the same inbox as those that hooks tell of.

    FILE is {exports}.
    The same order by hook and by file is one, and the same file twice changes nothing. A quiz's visitors are found by
    the token that was in the basket, where the file has it.

    Exit 0 where every order could be read, 1 where some were skipped, 2 where nothing was taken.
    """
    from quizfunnel.app import attribution_keys
    from quizfunnel.orders.files import file_orders, order_import
    from quizfunnel.orders.reconcile.store_day import ZoneError, zone_of
    from quizfunnel.orders.sources import NAMES

    if source is not None and source not in NAMES:
        raise Refused(f"no source is called {source}; there is: {', '.join(NAMES)}")
    now = datetime.now(UTC)
    with database() as (settings, engine):
        try:
            orders_file = file_orders.recognise(file, zone_of(timezone), source)
        except (file_orders.OrderFileError, ZoneError) as error:
            raise Refused(str(error)) from None
        looked = order_import.look(orders_file, now=now)
        wrong = _say_findings(orders_file, looked)
        if dry_run or (wrong and not skip_wrong):
            click.echo(f"{_many_orders(looked.orders)} can be taken, {wrong} cannot; nothing was taken")
            sys.exit(2 if wrong else 0)
        keys = attribution_keys(settings, open_shelf(settings, engine))
        done = order_import.take(engine, orders_file, keys, now=now)
    click.echo(
        f"{done.applied} new, {done.unchanged} changed nothing, {done.before} were there before, {wrong} skipped"
    )
    sys.exit(1 if wrong else 0)


def _say_findings(file: "OrderFile", looked: "Looked") -> int:
    """Print what was recognised and what is wrong, alike findings once; return how many orders cannot be taken."""
    from quizfunnel.kit.finding import told_once

    if file.sample:
        click.echo(f"read as {file.encoding}: look whether {file.sample!r} is right, else save it as UTF-8", err=True)
    click.echo(f"{file.export.title}, orders of {file.kind.name}", err=True)
    for finding in told_once(looked.findings, _kind_of):
        click.echo(finding.text(), err=True)
    return sum(finding.severity == "error" for finding in looked.findings)


def _kind_of(message: str) -> str:
    """Return a finding's message without the order that it is of."""
    return message.partition(": ")[2] if message.startswith("order ") else message


def _many_orders(count: int) -> str:
    """Return a count of orders in words."""
    return f"{count} order" + ("" if count == 1 else "s")


@orders.command(cls=_OfSources)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--source", metavar="NAME", help="Whose totals: {sources}; by default the ledger's only one.")
@click.option("--currency", metavar="CODE", help="Of lines that name none; by default the ledger's only one.")
@click.option("--timezone", default="UTC", show_default=True, metavar="ZONE", help="The store's, like Europe/London.")
@click.option("--before-refunds", is_flag=True, help="The totals are before refunds.")
@click.option("--simulated", is_flag=True, help="Beside the demo's simulated orders instead of real ones.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure and finding as JSON.")
def reconcile(file: Path, *, as_json: bool, timezone: str, **asked: Any) -> None:
    """Set a store's own totals, a day a line of FILE, beside the ledger, and name every gap.

    FILE is {reports} as exported.
    What it tells is kept, in place of what was told of a day before, and the results page goes on comparing it.

    Exit 0 where all days agree, 1 where one has a gap, 2 where FILE cannot be read: then nothing of it is kept.
    """
    from quizfunnel.orders.reconcile import output, run
    from quizfunnel.orders.reconcile.report_file import ReportError

    with database() as (_, engine):
        try:
            wanted = run.ReconcileRequest(file, time_zone=timezone, **asked)
            reconciliation = run.reconcile(engine, wanted, now=datetime.now(UTC))
        except (ReportError, run.ReconcileError) as error:
            raise Refused(str(error)) from None
    if not as_json:
        click.echo("".join(f"{finding.text()}\n" for finding in reconciliation.findings), err=True, nl=False)
    click.echo(in_json(output.as_json(reconciliation)) if as_json else output.as_text(reconciliation))
    sys.exit(0 if reconciliation.agreeing == len(reconciliation.lines) else 1)
