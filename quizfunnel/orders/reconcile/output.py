"""What reconciling found, as lines for people and as JSON for programs; pure."""

from typing import Any

from quizfunnel.kit.money import format_money
from quizfunnel.orders.reconcile.gap import UNKNOWN, Sum, describe
from quizfunnel.orders.reconcile.result import Reconciled, ReconciledDay

_HEAD = ("Day", "Store", "Ledger", "")


def as_text(found: Reconciled) -> str:
    """Return a line a day, under each gap what may explain it and what to do, and what was counted."""
    rows = [_row(line) for line in found.lines]
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD) - 1)]
    lines = [*_counted(found), "", _padded(_HEAD, widths)]
    for row, line in zip(rows, found.lines, strict=True):
        lines += [_padded(row, widths), *_explained(line)]
    return "\n".join([*lines, "", _summary(found)])


def as_json(found: Reconciled) -> dict[str, Any]:
    """Return every figure; money is in minor units, a gap is the store's less the ledger's."""
    store = found.store
    return {
        "source": store.source,
        "simulated": store.simulated,
        "time_zone": store.zone.key,
        "before_refunds": store.before_refunds,
        "agree": found.agreeing,
        "of": len(found.lines),
        "days": [_day(line) for line in found.lines],
        "findings": [finding._asdict() for finding in found.findings],
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


def _counted(found: Reconciled) -> list[str]:
    """Return what was compared and which orders count."""
    store = found.store
    sort = "simulated" if store.simulated else "real"
    zone = f"{store.zone.key}, the default (--timezone says another)" if store.zone.key == "UTC" else store.zone.key
    money = "before refunds" if store.before_refunds else "less what was given back on that day"
    return [
        f"{found.file} beside the ledger: {sort} orders of {store.source}, days of {zone}",
        f"Counted: orders placed on the day that are paid, not cancelled, no tests; as charged, {money}",
    ]


def _row(line: ReconciledDay) -> tuple[str, ...]:
    day = line.day
    return day.day.isoformat(), _sum(day.told, day.currency), _sum(day.ledger, day.currency), describe(day)


def _sum(found: Sum, currency: str) -> str:
    return f"{found.orders:,} {'order' if found.orders == 1 else 'orders'}, {format_money(found.total_minor, currency)}"


def _padded(row: tuple[str, ...], widths: list[int]) -> str:
    cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:3], widths[1:], strict=True))]
    return "  ".join([*cells, row[3]]).rstrip()


def _explained(line: ReconciledDay) -> list[str]:
    if not line.day.agrees and not line.causes:
        return ["    not looked into, as many days before the last; reconcile this day alone to see why"]
    found = []
    for cause in line.causes:
        word = "is exactly this" if cause.exact else "may explain it"
        found.append(f"    {'no lead' if cause.kind == UNKNOWN else word}: {cause.says}")
        found.append(f"      to do: {cause.do}")
    return found


def _summary(found: Reconciled) -> str:
    days = len(found.lines)
    if found.agreeing == days:
        return "The only day agrees." if days == 1 else f"All {days} days agree."
    return f"{found.agreeing} of {days} {'day agrees' if days == 1 else 'days agree'}."
