"""The page on reconciling shows what the program does."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click import Option
from sqlalchemy import Engine, insert

from quizfunnel.cli import orders
from quizfunnel.log.thresholds import RECONCILED_DAYS, STORE_GAP
from quizfunnel.orders.reconcile import output, run
from quizfunnel.orders.tables import Order
from quizfunnel.store.transaction import writing
from tests.orders.ledger_rows import order
from tests.orders.requests import asked

PAGE = (Path(__file__).parents[2] / "docs" / "orders.md").read_text("utf-8")


def block(kind: str) -> str:
    """Return the page's block of that kind."""
    found = re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_its_example_runs(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that is shown, beside a ledger of which two orders are unpaid, gives the text that is shown."""
    monkeypatch.chdir(tmp_path)
    first = datetime(2026, 3, 1, 9, tzinfo=UTC)
    second = first + timedelta(days=1)
    sold = ((31, first, 41200, True), (31, second, 40900, True), (2, second, 3100, False))
    amounts = [
        (at, paid, amount)
        for count, at, total, paid in sold
        for amount in (total - 1000 * (count - 1), *[1000] * (count - 1))
    ]
    with writing(engine) as connection:
        rows = [
            order(number, at, source="standard", total_minor=amount, paid=paid)
            for number, (at, paid, amount) in enumerate(amounts)
        ]
        connection.execute(insert(Order), rows)
    Path("days.csv").write_text(block("csv"), "utf-8")
    found = run.reconcile(engine, asked(Path("days.csv"), time_zone="Europe/London"), now=first + timedelta(days=3))
    assert output.as_text(found) + "\n" == block("text")


def test_it_names_every_option() -> None:
    """But for --source, of which only stores with two need to know; --help has it."""
    by_verb = {
        verb: {name for each in command.params if isinstance(each, Option) for name in each.opts}
        for verb, command in orders.orders.commands.items()
    }
    on_page = set(re.findall(r"--[a-z][a-z-]+", PAGE))
    assert on_page <= set().union(*by_verb.values())
    assert by_verb["reconcile"] - {"--source"} <= on_page
    assert by_verb["check"] <= on_page
    assert by_verb["dead"] | by_verb["refused"] | by_verb["import"] - {"--source"} <= on_page


def test_its_figures_are_the_programs() -> None:
    """The days that the page of results compares, the gap that alarms, the days that are looked into."""
    for part in (
        f"last {RECONCILED_DAYS} days",
        f"above {STORE_GAP * 100:g} %",
        f"last {run.MOST_EXPLAINED} days",
    ):
        assert part in " ".join(PAGE.split())
