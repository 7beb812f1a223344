"""Amounts have the decimals of ISO 4217, whatever a library's table said when they were written.

CLDR, by which they were written, gives some currencies no decimals that have two or three, and did so in some of its
releases only. How many an order was written with is read from its event's body; where that is gone, or says nothing,
it is taken to be what most of that currency's orders were written with, or none.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_DIGITS = dict.fromkeys(
    ["AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "MRO", "RSD", "SLL", "SOS", "STD", "SYP", "YER"], 2
) | {"IQD": 3}
_MOST = 4
_order = sa.table("shop_order", *map(sa.column, ("source", "order_id", "event", "currency", "total_minor")))
_line = sa.table("order_line", *map(sa.column, ("source", "order_id", "unit_price_minor", "cost_minor")))
_refund = sa.table("refund", *map(sa.column, ("source", "refund_id", "order_id", "currency", "amount_minor")))
_event = sa.table("order_event", sa.column("source"), sa.column("body", sa.LargeBinary()))
_item = sa.table("offer_item", sa.column("currency"), sa.column("price_minor"))
_day = sa.table("day_total", sa.column("currency"), sa.column("total_minor"))
_version = sa.table("quiz_version", sa.column("id"), sa.column("products"))

_Key = tuple[str, str]


def upgrade() -> None:
    """Make this step."""
    connection = op.get_bind()
    written = _written(connection)
    usual = {currency: _usual(found.values()) for currency, found in written.items()}
    for currency, wanted in _DIGITS.items():
        most = usual.get(currency, 0)
        for (source, order), digits in written.get(currency, {}).items():
            factor = 10 ** (wanted - (most if digits is None else digits))
            _rescale_order(connection, (source, order), currency, factor)
        _rescale_refunds(connection, currency, written.get(currency, {}), usual=most)
        factor = 10 ** (wanted - most)
        _multiply(connection, _item.c.price_minor, factor, _item.c.currency == currency)
        _multiply(connection, _day.c.total_minor, factor, _day.c.currency == currency)
    _rescale_products(connection, {currency: digits - usual.get(currency, 0) for currency, digits in _DIGITS.items()})
    if written:
        _forget_rollups()


def downgrade() -> None:
    """Take it back to no decimals, which is what the earlier table of currencies says; parts of a unit are lost."""
    connection = op.get_bind()
    for currency, digits in _DIGITS.items():
        factor = 10**digits
        orders = sa.select(_order.c.source, _order.c.order_id).where(_order.c.currency == currency)
        for source, order in connection.execute(orders).all():
            mine = (_line.c.source == source, _line.c.order_id == order)
            _divide(connection, _line.c.unit_price_minor, factor, *mine)
            _divide(connection, _line.c.cost_minor, factor, *mine)
        _divide(connection, _order.c.total_minor, factor, _order.c.currency == currency)
        _divide(connection, _refund.c.amount_minor, factor, _refund.c.currency == currency)
        _divide(connection, _item.c.price_minor, factor, _item.c.currency == currency)
        _divide(connection, _day.c.total_minor, factor, _day.c.currency == currency)
    _rescale_products(connection, {currency: -digits for currency, digits in _DIGITS.items()})
    _forget_rollups()


def _written(connection: sa.Connection) -> dict[str, dict[_Key, int | None]]:
    """Return with how many decimals each order of these currencies was written, None where nothing tells."""
    found = connection.execute(sa.select(_order).where(_order.c.currency.in_(_DIGITS))).all()
    bodies = dict(_totals(connection)) if found else {}
    written: dict[str, dict[_Key, int | None]] = {}
    for row in found:
        digits = _fitting(row.total_minor, bodies.get(row.event, ()))
        written.setdefault(row.currency, {})[row.source, row.order_id] = digits
    return written


def _totals(connection: sa.Connection) -> Iterator[tuple[str, tuple[Decimal, ...]]]:
    """Give each body's digest, which its order names, with the totals that it tells."""
    for (body,) in connection.execute(sa.select(_event.c.body)):
        totals = tuple(_told(bytes(body)))
        if totals:
            yield sha256(bytes(body)).hexdigest(), totals


def _told(body: bytes) -> Iterator[Decimal]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(told, dict):
        return
    data = told.get("data")
    for place, name in ((told, "current_total_price"), (told, "total_price"), (data, "total")):
        value = place.get(name) if isinstance(place, dict) else None
        try:
            amount = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            continue
        if amount:
            yield amount


def _fitting(minor: int, totals: Sequence[Decimal]) -> int | None:
    """Return by how many decimals a total becomes the stored one."""
    return next((n for total in totals for n in range(_MOST + 1) if total.scaleb(n) == minor), None)


def _usual(digits: Any) -> int:
    counted = Counter(each for each in digits if each is not None).most_common(1)
    return int(counted[0][0]) if counted else 0


def _rescale_order(connection: sa.Connection, key: _Key, currency: str, factor: int) -> None:
    source, order = key
    mine = (_line.c.source == source, _line.c.order_id == order)
    _multiply(connection, _line.c.unit_price_minor, factor, *mine)
    _multiply(connection, _line.c.cost_minor, factor, *mine)
    its = (_order.c.source == source, _order.c.order_id == order, _order.c.currency == currency)
    _multiply(connection, _order.c.total_minor, factor, *its)


def _rescale_refunds(
    connection: sa.Connection, currency: str, written: Mapping[_Key, int | None], *, usual: int
) -> None:
    for row in connection.execute(sa.select(_refund).where(_refund.c.currency == currency)).all():
        digits = written.get((row.source, row.order_id))
        factor = 10 ** (_DIGITS[currency] - (usual if digits is None else digits))
        mine = (_refund.c.source == row.source, _refund.c.refund_id == row.refund_id)
        _multiply(connection, _refund.c.amount_minor, factor, *mine)


def _rescale_products(connection: sa.Connection, by: Mapping[str, int]) -> None:
    """Rescale the prices and costs of the products that quiz versions are kept with."""
    for row in connection.execute(sa.select(_version)).all():
        products = json.loads(row.products)
        changed = [each for each in products if by.get(each.get("currency"), 0)]
        for each in changed:
            for place in (each, *each.get("variants", ())):
                for name in ("price", "cost"):
                    if place.get(name) is not None:
                        place[name] = int(Decimal(place[name]).scaleb(by[each["currency"]]))
        if changed:
            text = json.dumps(products, ensure_ascii=False)
            connection.execute(sa.update(_version).where(_version.c.id == row.id).values(products=text))


def _multiply(connection: sa.Connection, column: Any, factor: int, *where: Any) -> None:
    if factor != 1:
        connection.execute(sa.update(column.table).where(*where).values({column.name: column * factor}))


def _divide(connection: sa.Connection, column: Any, factor: int, *where: Any) -> None:
    whole = sa.cast(column, sa.BigInteger()) / sa.literal_column(str(factor))
    connection.execute(sa.update(column.table).where(*where).values({column.name: sa.cast(whole, sa.BigInteger())}))


def _forget_rollups() -> None:
    """Take the counted cells away, whose sums are of the old amounts; the next rollup makes them again."""
    for table in ("rollup_cell", "rollup_day", "rollup"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
