"""Reconciliation of a file: its days are kept and compared with the ledger, and causes are sought for every gap."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from quizfunnel.kit.finding import Finding
from quizfunnel.kit.money import exponent
from quizfunnel.orders.reconcile import ledger_days, report_file
from quizfunnel.orders.reconcile.gap import best_shift, causes
from quizfunnel.orders.reconcile.report_file import ReportedDay, ReportError, ReportSettings
from quizfunnel.orders.reconcile.result import Reconciled, ReconciledDay, Store
from quizfunnel.orders.reconcile.store_day import ZoneError, zone_of
from quizfunnel.orders.sources import NAMES
from quizfunnel.store.transaction import reading, write

MOST_EXPLAINED = 31  # days that are looked into, the latest: each takes the orders of two days


class ReconcileError(Exception):
    """A request that cannot be reconciled; the text says what to do."""


class ReconcileRequest(NamedTuple):
    """A request of the command; None is the only source or currency that the ledger has."""

    file: Path
    source: str | None
    currency: str | None
    time_zone: str
    simulated: bool
    before_refunds: bool


def reconcile(engine: Engine, request: ReconcileRequest, *, now: datetime) -> Reconciled:
    """Keep the days of a file, and return them beside the ledger; none is kept where any line is wrong.

    Raises ReportError for the file, ReconcileError for the request.
    """
    zone = _zone(request.time_zone)
    with reading(engine) as connection:
        store = Store(_source(connection, request), zone, request.simulated, request.before_refunds)
        currencies = ledger_days.currencies(connection, store)
    setting = ReportSettings(str(request.file), _currency(request, currencies), now.astimezone(zone).date())
    report = report_file.read(_body(request.file), setting)
    odd = _hold_currencies(report.days, currencies, request)
    write(engine, lambda connection: ledger_days.save(connection, store, report.days, now=now))
    with reading(engine) as connection:
        lines = _lines(connection, store, report.days)
    return Reconciled(store, setting.file, lines, (*report.findings, *odd))


def _lines(connection: Connection, store: Store, days: tuple[ReportedDay, ...]) -> tuple[ReconciledDay, ...]:
    """Return the days beside the ledger; the latest ones are looked into where any has a gap."""
    compared = ledger_days.compare(connection, store, days)
    looked_into = [] if all(day.agrees for day in compared) else compared[-MOST_EXPLAINED:]
    in_context = [(day, ledger_days.context(connection, store, day)) for day in looked_into]
    shift = best_shift(in_context) if in_context else None
    earlier = [ReconciledDay(day, ()) for day in compared[: len(compared) - len(in_context)]]
    return (*earlier, *(ReconciledDay(day, causes(day, context, shift)) for day, context in in_context))


def _zone(name: str) -> ZoneInfo:
    try:
        return zone_of(name)
    except ZoneError as error:
        raise ReconcileError(f"--timezone: {error}") from None


def _source(connection: Connection, request: ReconcileRequest) -> str:
    """Return the source of the request, or the only one that the ledger has."""
    if request.source is not None:
        if request.source not in NAMES:
            raise ReconcileError(f"no source is called {request.source[:40]!r}; there is: {', '.join(NAMES)}")
        return request.source
    present = ledger_days.sources(connection, NAMES, simulated=request.simulated)
    if len(present) == 1:
        return present[0]
    sort = "simulated" if request.simulated else "real"
    orders = f"{sort} orders of {' and '.join(present)}" if present else f"no {sort} order yet"
    other = not present and ledger_days.sources(connection, NAMES, simulated=not request.simulated)
    hint = "; it has simulated ones: --simulated" if other and not request.simulated else ""
    options = " or ".join(f"--source {name}" for name in present or NAMES)
    raise ReconcileError(f"the ledger has {orders}{hint}; say whose totals these are: {options}")


def _currency(request: ReconcileRequest, known: list[str]) -> str | None:
    """Return the currency of lines that name none: that of the request, or the ledger's only one."""
    if request.currency is None:
        return known[0] if len(known) == 1 else None
    try:
        exponent(request.currency)
    except ValueError as error:
        raise ReconcileError(f"--currency: {error}") from None
    return request.currency


def _body(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(report_file.MOST_BYTES + 1)
    except OSError as error:
        message = f"the file cannot be read ({error.strerror}); name the store's report as CSV"
        raise ReportError([Finding(str(file), 1, 1, "error", message)]) from None


def _hold_currencies(days: tuple[ReportedDay, ...], known: list[str], request: ReconcileRequest) -> tuple[Finding, ...]:
    """Refuse a currency that no order is in, though there are orders, unless the request names it."""
    first = {day.currency: day for day in reversed(days) if known and day.currency not in known}
    findings = []
    for name, day in sorted(first.items()):
        message = f"the ledger has no order in {name}, but in {' and '.join(known)}; look at the currency"
        if name != request.currency:
            more = f", or say --currency {name} if it is right"
            raise ReportError([Finding(str(request.file), day.line, 1, "error", message + more)])
        findings.append(Finding(str(request.file), day.line, 1, "warning", message))
    return tuple(findings)
