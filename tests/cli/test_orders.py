"""Laws of `quizfunnel orders`: what `reconcile` says and how it ends, `replay`, `dead` and `refused`."""

import csv
import json
import os
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from quizfunnel.kit.signing import Signer
from quizfunnel.orders import inbox
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.source import RefusalReason
from quizfunnel.orders.sources.standard import StandardSource
from quizfunnel.orders.tables import Order, Refund
from quizfunnel.store.engine import open_engine
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from tests.cast import KEY, STANDARD_SECRET
from tests.commands import run
from tests.orders.bodies import body
from tests.orders.signing import signed


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a demo store with some hundred simulated visitors."""
    outside = dict(os.environ)
    folder = tmp_path_factory.mktemp("reconcile")
    os.environ["QUIZFUNNEL_STORE"] = str(folder)
    try:
        assert run("demo", "--visitors", "400", "--no-serve").exit_code == 0
    finally:
        os.environ.clear()
        os.environ.update(outside)
    return folder / "var" / "demo"


@pytest.fixture
def store(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give that folder, as the one that commands mean."""
    for name in [name for name in os.environ if name.startswith("QUIZFUNNEL_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(filled))
    return filled


def totals(store: Path) -> dict[date, list[int]]:
    """Return orders and minor units of each day that is over, as a store would add them up."""
    order, refund = columns(Order), columns(Refund)
    engine = open_engine(f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}", pooled=False)
    found: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    with reading(engine) as connection:
        good = {
            row.order_id: row
            for row in connection.execute(select(*order).where(order.paid, ~order.cancelled, ~order.test))
        }
        for row in good.values():
            found[row.placed_at.date()][0] += 1
            found[row.placed_at.date()][1] += row.total_minor
        for row in connection.execute(select(*refund)):
            if row.order_id in good:
                found[row.at.date()][1] -= row.amount_minor
    engine.dispose()
    today = datetime.now(UTC).date()
    return {day: found[day] for day in (today - timedelta(days=far) for far in range(20, 0, -1))}


def write(store: Path, days: dict[date, list[int]]) -> Path:
    """Write them as Shopify exports them."""
    file = store / "days.csv"
    with file.open("w", newline="", encoding="utf-8-sig") as out:
        rows = csv.writer(out)
        rows.writerow(["Day", "Orders", "Gross sales", "Total sales"])
        rows.writerows([day, orders, "0", f"{minor / 100:,.2f}"] for day, (orders, minor) in days.items())
    return file


@pytest.mark.slow
def test_days_that_agree_and_one_that_does_not(store: Path) -> None:
    """0 where all agree; 1 where a line is changed, named in text, JSON and results; told again it agrees."""
    days = totals(store)
    last = max(days)
    agreed = run("orders", "reconcile", str(write(store, days)), "--simulated")
    assert (agreed.exit_code, agreed.stdout.splitlines()[-1]) == (0, "All 20 days agree.")

    days[last] = [days[last][0] + 2, days[last][1] + 3100]
    gap = "2 orders and £31.00 are not in the ledger"
    found = run("orders", "reconcile", str(write(store, days)), "--simulated")
    assert found.exit_code == 1
    assert f"{last}" in found.stdout
    assert gap in found.stdout
    assert found.stdout.endswith("19 of 20 days agree.\n")
    told = run("orders", "reconcile", str(store / "days.csv"), "--simulated", "--json")
    assert told.exit_code == 1
    assert [day["says"] for day in json.loads(told.stdout)["days"] if not day["agrees"]] == [gap]

    text = run("report", "coffee", "--simulated").stdout
    assert f"The store's own totals: 13 of 14 days agree; {last.day} {last:%B %Y}: {gap}" in text
    assert "The store's own totals: not reconciled yet" in run("report", "coffee").stdout
    whole = json.loads(run("report", "coffee", "--simulated", "--json").stdout)["health"]["reconciled"]
    assert len(whole) == 14
    assert whole[-1]["told"] == {"orders": days[last][0], "total_minor": days[last][1]}

    assert run("orders", "reconcile", str(write(store, totals(store))), "--simulated").exit_code == 0


@pytest.mark.slow
def test_what_cannot_be_read_ends_with_2(store: Path) -> None:
    """Each line with its remedy, on the error's stream alone, and no traceback."""
    bad = store / "bad.csv"
    bad.write_text("day,orders,total\n03/04/2026,1,1\n2026-01-01,1,1,\n", "utf-8")
    for arguments, says in (
        ([str(bad), "--simulated"], "bad.csv:2:1: error: '03/04/2026' can be read as more than one day; write year"),
        ([str(bad)], "the ledger has no real order yet; it has simulated ones: --simulated"),
        ([str(bad), "--simulated", "--timezone", "London"], "is Europe/London meant?"),
        ([str(store / "none.csv"), "--simulated"], "none.csv:1:1: error: the file cannot be read (No such file"),
    ):
        found = run("orders", "reconcile", *arguments)
        assert (found.exit_code, found.stdout) == (2, "")
        assert says in found.stderr
        assert "Traceback" not in found.output


def test_its_help_says_how_it_ends() -> None:
    """FILE's columns, the totals kept, and each exit code."""
    said = " ".join(run("orders", "reconcile", "--help").stdout.split())
    for part in (
        "day,currency,orders,total",
        "Exit 0 where all days agree, 1 where one has a gap, 2 where FILE cannot",
    ):
        assert part in said


def test_replay_reads_an_empty_inbox(folder: Path) -> None:
    """Nothing received is nothing to read, and no mistake."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    for option in ((), ("--unreadable",), ("--dead",)):  # the last was its name before
        assert run("orders", "replay", *option).output == "0 applied, 0 changed nothing, 0 cannot be read\n"


def test_dead_and_refused_name_each_reason_and_what_to_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that cannot be read, one read in part, one of a moment to come, and those that were not taken."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    assert run("orders", "dead").output == ("Every delivery that was kept has been read.\n")
    nothing = run("orders", "check")
    assert (nothing.exit_code, "QUIZFUNNEL_STRIPE_SECRET (docs/stripe.md)" in nothing.output) == (2, True)
    monkeypatch.setenv("QUIZFUNNEL_STANDARD_SECRET", STANDARD_SECRET)
    waiting = run("orders", "check", "--json", "--days", "2")
    assert (waiting.exit_code, json.loads(waiting.output)["sources"][0]["state"]) == (1, "waiting")
    assert run("orders", "refused").output == "No delivery was refused in the last 7 days.\n"
    now = datetime.now(UTC)
    engine = open_engine("sqlite:///var/quizfunnel.sqlite3", pooled=False)
    keys = AttributionKeys(Signer([KEY]), lambda _line: None)
    tomorrow = (now + timedelta(days=1)).isoformat()
    odd: tuple[dict[str, Any], ...] = ({"total": 11.5}, {"lines": [{}]}, {"placed_at": tomorrow})
    for number, changes in enumerate(odd):
        raw = body(order_id=str(number), **changes)
        sent = Delivery(StandardSource(STANDARD_SECRET), raw, signed(raw, at=now, delivery=str(number)), now)
        assert inbox.receive(engine, sent, keys=keys).status == 200
    inbox.count_refusal(engine, "standard", RefusalReason.CLOCK, now=now)
    inbox.count_refusal(engine, "standard", RefusalReason.CLOCK, now=now)
    engine.dispose()
    dead = run("orders", "dead").output
    assert "dead: `total` is no amount as text" in dead
    assert f"waiting: is of {tomorrow[:10]}" in dead
    assert "quizfunnel orders replay --unreadable reads unreadable ones again" in dead
    assert [each["state"] for each in json.loads(run("orders", "dead", "--json").output)].count("dead") == 1
    in_part = run("orders", "dead", "--in-part").output
    assert "applied: line 1: `unit_price` is no amount" in in_part
    refused = run("orders", "refused").output
    assert f"{now.date()} standard: 2 refused: the signature is of a moment more than five minutes away" in refused
    assert "(QUIZFUNNEL_STANDARD_SECRET)" in refused
    assert json.loads(run("orders", "refused", "--json").output)[0]["deliveries"] == 2
    monkeypatch.delenv("QUIZFUNNEL_STANDARD_SECRET")
    assert "1 are passed over: their source has no secret here" in run("orders", "replay").output
    monkeypatch.setenv("QUIZFUNNEL_STANDARD_SECRET", STANDARD_SECRET)
    assert run("orders", "replay").output == ("0 applied, 0 changed nothing, 0 cannot be read, 1 of a moment to come\n")


ORDERS = "order_id,placed_at,currency,total\n1,2026-03-02 12:00:00,EUR,21.50\n2,2026-03-02 12:00:00,EUR,ten\n"
FRENCH = "order_id,placed_at,currency,total,note\n3,2026-03-02 12:00:00,EUR,1,Th\u00e9\n"


def test_import_looks_first_and_takes_what_it_says(folder: Path) -> None:
    """A wrong row is named and nothing taken; with --skip-wrong the others are; --dry-run takes nothing."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    Path("orders.csv").write_text(ORDERS, "utf-8")
    steps: tuple[tuple[tuple[str, ...], int, str], ...] = (
        ((), 2, "1 order can be taken, 1 cannot; nothing was taken"),
        (("--skip-wrong", "--dry-run"), 2, "1 order can be taken, 1 cannot; nothing was taken"),
        (("--skip-wrong",), 1, "1 new, 0 changed nothing, 0 were there before, 1 skipped"),
        (("--skip-wrong",), 1, "0 new, 0 changed nothing, 1 were there before, 1 skipped"),
    )
    for options, code, says in steps:
        done = run("orders", "import", "orders.csv", *options)
        assert (done.exit_code, done.stdout.strip()) == (code, says)
        assert "orders.csv:3:1: error: order 2: `total`: 'ten' is no amount of money" in done.stderr
    Path("orders.csv").write_bytes(FRENCH.encode("cp1252"))
    done = run("orders", "import", "orders.csv")
    assert (done.exit_code, "read as Windows-1252: look whether 'Th\u00e9' is right" in done.stderr) == (0, True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["none.csv"], "none.csv: the file cannot be read (No such file"),
        (["orders.csv", "--timezone", "London"], "is Europe/London meant?"),
        (["orders.csv", "--source", "amazon"], "no source is called amazon; there is: shopify, standard"),
        (["orders.csv", "--source", "shopify"], "Shopify's export of orders: Name, Id"),
    ],
)
def test_import_refuses_what_it_cannot_mean(folder: Path, options: list[str], says: str) -> None:
    """Exit 2, with what to do, and no traceback."""
    run("init", "shop")
    os.chdir("shop")
    run("migrate")
    Path("orders.csv").write_text(ORDERS, "utf-8")
    done = run("orders", "import", *options)
    assert (done.exit_code, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.output
