"""A file of the store's own totals set beside the ledger: what was told is kept, and every gap is looked into."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.money import exponent
from quizfunnel.orders.reconcile import ledger_days, report_file
from quizfunnel.orders.reconcile.gap import (
    causes,
    shift,
)
from quizfunnel.orders.reconcile.report_file import ReportedDay, ReportError, ReportSettings
from quizfunnel.orders.reconcile.result import Reconciled, ReconciledDay, Store
from quizfunnel.orders.reconcile.store_day import ZoneError, zone_of
from quizfunnel.orders.sources import NAMES
from quizfunnel.store.transaction import reading, write

MOST_EXPLAINED = 31  # days that are looked into, the latest: each takes the orders of two days


class ReconcileError(Exception):
    """What keeps a file from being set beside the ledger, and what to do."""


class ReconcileRequest(NamedTuple):
    """What the command was asked for; None is whatever the ledger has one of."""

    file: Path
    source: str | None
    currency: str | None
    time_zone: str
    simulated: bool
    before_refunds: bool


def reconcile(engine: Engine, asked: ReconcileRequest, *, now: datetime) -> Reconciled:
    """Keep what a file tells, and return it beside the ledger; nothing of it is kept where any line is wrong.

    Raises ToldError for the file, ReconcileError for what was asked.
    """
    zone = _zone(asked.time_zone)
    with reading(engine) as connection:
        store = Store(_source(connection, asked), zone, asked.simulated, asked.before_refunds)
        currencies = ledger_days.currencies(connection, store)
    setting = ReportSettings(str(asked.file), _currency(asked, currencies), now.astimezone(zone).date())
    found = report_file.read(_body(asked.file), setting)
    strange = _hold_currencies(found.days, currencies, asked)
    write(engine, lambda connection: ledger_days.tell(connection, store, found.days, now=now))
    with reading(engine) as connection:
        lines = _lines(connection, store, found.days)
    return Reconciled(store, setting.file, lines, (*found.findings, *strange))


def _lines(connection: Connection, store: Store, days: tuple[ReportedDay, ...]) -> tuple[ReconciledDay, ...]:
    """Return the days beside the ledger; the latest ones are looked into where any has a gap."""
    gaps = ledger_days.told(connection, store, days)
    looked_into = [] if all(gap.agrees for gap in gaps) else gaps[-MOST_EXPLAINED:]
    known = [(gap, ledger_days.around(connection, store, gap)) for gap in looked_into]
    moved = shift(known) if known else None
    earlier = [ReconciledDay(gap, ()) for gap in gaps[: len(gaps) - len(known)]]
    return (*earlier, *(ReconciledDay(gap, causes(gap, around, moved)) for gap, around in known))


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name)
    except ZoneError as error:
        raise ReconcileError(f"--timezone: {error}") from None


def _source(connection: Connection, asked: ReconcileRequest) -> str:
    """Return the source that was asked for, or the only one that the ledger has."""
    if asked.source is not None:
        if asked.source not in NAMES:
            raise ReconcileError(f"no source is called {asked.source[:40]!r}; there is: {', '.join(NAMES)}")
        return asked.source
    found = ledger_days.sources(connection, NAMES, simulated=asked.simulated)
    if len(found) == 1:
        return found[0]
    sort = "simulated" if asked.simulated else "real"
    said = f"the ledger has {sort} orders of {' and '.join(found)}" if found else f"the ledger has no {sort} order yet"
    other = not found and ledger_days.sources(connection, NAMES, simulated=not asked.simulated)
    hint = "; it has simulated ones: --simulated" if other and not asked.simulated else ""
    raise ReconcileError(f"{said}{hint}; say whose totals these are: --source {' or --source '.join(found or NAMES)}")


def _currency(asked: ReconcileRequest, known: list[str]) -> str | None:
    """Return the currency of lines that name none: the one that was said, or the ledger's only one."""
    if asked.currency is None:
        return known[0] if len(known) == 1 else None
    try:
        exponent(asked.currency)
    except ValueError as error:
        raise ReconcileError(f"--currency: {error}") from None
    return asked.currency


def _body(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(report_file.MOST_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); name the store's report as CSV"
        raise ReportError([Finding(str(file), 1, 1, "error", message)]) from None


def _hold_currencies(days: tuple[ReportedDay, ...], known: list[str], asked: ReconcileRequest) -> tuple[Finding, ...]:
    """Refuse a currency that no order is in, though there are orders, unless it was asked for by name."""
    first = {day.currency: day for day in reversed(days) if known and day.currency not in known}
    findings = []
    for name, day in sorted(first.items()):
        message = f"the ledger has no order in {name}, but in {' and '.join(known)}; look at the currency"
        if name != asked.currency:
            more = f", or say --currency {name} if it is right"
            raise ReportError([Finding(str(asked.file), day.line, 1, "error", message + more)])
        findings.append(Finding(str(asked.file), day.line, 1, "warning", message))
    return tuple(findings)
