"""`quizfunnel orders`: what the store has told of its orders."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.store import database, open_shelf


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
        words = {"{sources}": " or ".join(NAMES), "{reports}": ", or ".join([_OWN_REPORT, *reports])}
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
            found = run.reconcile(engine, wanted, now=datetime.now(UTC))
        except (ReportError, run.ReconcileError) as error:
            raise Refused(str(error)) from None
    if not as_json:
        click.echo("".join(f"{finding.text()}\n" for finding in found.findings), err=True, nl=False)
    click.echo(in_json(output.as_json(found)) if as_json else output.as_text(found))
    sys.exit(0 if found.agreeing == len(found.lines) else 1)
