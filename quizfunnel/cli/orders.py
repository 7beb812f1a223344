"""`quizfunnel orders`: what the store has told of its orders."""

import sys
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
        done = inbox.replay(engine, configured(settings), keys, dead=unreadable or dead)
    click.echo(f"{done.applied} applied, {done.unchanged} changed nothing, {done.dead} cannot be read")


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
    from datetime import UTC, datetime

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
