"""A reconciliation as lines for people and as JSON for programs; pure."""

from typing import Any

from quizfunnel.kit.money import format_money
from quizfunnel.orders.reconcile.gap import UNKNOWN, Totals, describe
from quizfunnel.orders.reconcile.result import Reconciled, ReconciledDay

_HEAD = ("Day", "Store", "Ledger", "")


def as_text(result: Reconciled) -> str:
    """Return a line a day, under each gap its possible causes with their remedies, and a summary."""
    rows = [_row(line) for line in result.lines]
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD) - 1)]
    lines = [*_counted(result), "", _padded(_HEAD, widths)]
    for row, line in zip(rows, result.lines, strict=True):
        lines += [_padded(row, widths), *_explained(line)]
    return "\n".join([*lines, "", _summary(result)])


def as_json(result: Reconciled) -> dict[str, Any]:
    """Return every figure; money is in minor units, a gap is the store's less the ledger's."""
    store = result.store
    return {
        "source": store.source,
        "simulated": store.simulated,
        "time_zone": store.zone.key,
        "before_refunds": store.before_refunds,
        "agree": result.agreeing,
        "of": len(result.lines),
        "days": [_day(line) for line in result.lines],
        "findings": [finding._asdict() for finding in result.findings],
    }


def _day(line: ReconciledDay) -> dict[str, Any]:
    day = line.day
    return {
        "day": day.day.isoformat(),
        "currency": day.currency,
        "agrees": day.agrees,
        "store": day.told._asdict(),
        "ledger": day.ledger._asdict(),
        "gap": day.gap._asdict(),
        "says": describe(day),
        "causes": [cause._asdict() for cause in line.causes],
    }


def _counted(result: Reconciled) -> list[str]:
    """Return the lines that say what was compared and which orders count."""
    store = result.store
    sort = "simulated" if store.simulated else "real"
    zone = f"{store.zone.key}, the default (--timezone says another)" if store.zone.key == "UTC" else store.zone.key
    money = "before refunds" if store.before_refunds else "less what was given back on that day"
    return [
        f"{result.file} beside the ledger: {sort} orders of {store.source}, days of {zone}",
        f"Counted: orders placed on the day that are paid, not cancelled, no tests; as charged, {money}",
    ]


def _row(line: ReconciledDay) -> tuple[str, ...]:
    day = line.day
    return day.day.isoformat(), _sum(day.told, day.currency), _sum(day.ledger, day.currency), describe(day)


def _sum(totals: Totals, currency: str) -> str:
    noun = "order" if totals.orders == 1 else "orders"
    return f"{totals.orders:,} {noun}, {format_money(totals.total_minor, currency)}"


def _padded(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:3], widths[1:], strict=True))]
    return "  ".join([*cells, row[3]]).rstrip()


def _explained(line: ReconciledDay) -> list[str]:
    if not line.day.agrees and not line.causes:
        return ["    not looked into, as many days before the last; reconcile this day alone to see why"]
    lines = []
    for cause in line.causes:
        word = "is exactly this" if cause.exact else "may explain it"
        lines.append(f"    {'no lead' if cause.kind == UNKNOWN else word}: {cause.says}")
        lines.append(f"      to do: {cause.do}")
    return lines


def _summary(result: Reconciled) -> str:
    days = len(result.lines)
    if result.agreeing == days:
        return "The only day agrees." if days == 1 else f"All {days} days agree."
    return f"{result.agreeing} of {days} {'day agrees' if days == 1 else 'days agree'}."
