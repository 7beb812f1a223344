"""`quizfunnel nightly`: all recurring work, for cron."""

import sys

import click

from quizfunnel.cli.group import Refused, in_json, main
from quizfunnel.cli.store import database, open_shelf


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print the record of the run as JSON.")
def nightly(*, as_json: bool) -> None:
    """Do all recurring work: deliveries, erasures, retention, partitions, catalogues, rollups, training.

    For cron, once a night; a second run finds little to do. Exit 0 where every step was done, 1 where one failed: the
    others are done all the same.
    """
    from quizfunnel.app import attribution_keys
    from quizfunnel.kit.clock import SystemClock
    from quizfunnel.store.single_run import Busy
    from quizfunnel.telemetry.log_lines import spoken
    from quizfunnel.upkeep import runner, steps

    clock = SystemClock()
    with database(forgets=True) as (settings, engine):
        shelf = open_shelf(settings, engine)
        store = steps.StoreUpkeep(settings, engine, shelf, attribution_keys(settings, shelf), clock.now())
        try:
            with spoken("text" if as_json else settings.log_format):
                record = runner.run(
                    engine, steps.steps(store), clock, tell=lambda step: None if as_json else click.echo(step.text())
                )
        except Busy:
            raise Refused("another nightly run is under way; wait until it has ended") from None
    if as_json:
        click.echo(in_json(record.as_json()))
    sys.exit(1 if record.failed else 0)
