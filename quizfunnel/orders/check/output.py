"""A connection check as lines for people and as JSON for programs; pure."""

from collections.abc import Iterable
from typing import Any

from quizfunnel.orders.check.status import GONE, NEW, OLD, ONLY, Checked, ConnectionState, SourceStatus, deliveries
from quizfunnel.orders.sources import SOURCES
from quizfunnel.settings.names import source_secret, variable

_NOTHING = "No source of orders has a secret here, so that no order can come: set one of"


_SECRETS = {NEW: "new secret", OLD: "old secret", GONE: "secret that is set no more"}


def as_text(checked: Checked) -> str:
    """Return a paragraph for each source, with what there is to do about it."""
    if not checked.sources:
        return "\n".join([_NOTHING, *(f"  {variable(source_secret(kind.name))} ({kind.page})" for kind in SOURCES)])
    since = f"since {checked.period.since:%Y-%m-%d %H:%M} UTC"
    return "\n\n".join("\n".join(_lines(source, since)) for source in checked.sources)


def as_json(checked: Checked) -> dict[str, Any]:
    """Return every figure; `ok` is false where there is something to do."""
    return {
        "since": checked.period.since.isoformat(),
        "until": checked.period.now.isoformat(),
        "ok": checked.exit_code == 0,
        "sources": [_source(each) for each in checked.sources],
    }


def _lines(source: SourceStatus, since: str) -> Iterable[str]:
    figures = source.figures
    yield f"{source.kind.name}: {source.state}"
    if source.state is ConnectionState.CONNECTED:
        yield f"  {deliveries(figures.deliveries.since)} {since}{_signed(source)}"
        yield f"  {_orders(source)}"
    for arm in figures.arms:
        yield f"    {arm.of}: {arm.orders} of the arm {arm.arm}"
    yield from (f"  note: {note}" for note in source.notes)
    yield from (f"  to do: {line}" for line in source.to_do)


def _signed(source: SourceStatus) -> str:
    """Return by which secrets, where there are several that could be."""
    by = [f"{use.deliveries} signed with the {_SECRETS[use.secret]}" for use in source.secrets if use.secret != ONLY]
    return f" ({', '.join(by)})" if by else ""


def _orders(source: SourceStatus) -> str:
    orders, tests, with_token = source.figures.tokens
    if not orders:
        return "no order was placed in this time"
    placed = "1 order was placed" if orders == 1 else f"{orders} orders were placed"
    of_tests = f", {tests} of them as a test" if tests else ""
    return f"{placed}{of_tests}; {with_token} ({with_token / orders:.0%}) with the visitor's token"


def _source(source: SourceStatus) -> dict[str, Any]:
    figures = source.figures
    orders, tests, with_token = figures.tokens
    last = figures.deliveries.last
    return {
        "source": source.kind.name,
        "state": source.state.value,
        "deliveries": figures.deliveries.since,
        "last_delivery": last.isoformat() if last else None,
        "unreadable": figures.deliveries.unreadable,
        "signed_with": {use.secret: use.deliveries for use in source.secrets},
        "orders": orders,
        "tests": tests,
        "with_token": with_token,
        "share_with_token": with_token / orders if orders else None,
        "arms": [arm._asdict() for arm in figures.arms],
        "refused": [
            {"day": each.day.isoformat(), "reason": each.reason, "deliveries": each.deliveries}
            for each in figures.refused
        ],
        "notes": list(source.notes),
        "to_do": list(source.to_do),
    }
