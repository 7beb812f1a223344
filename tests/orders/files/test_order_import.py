"""Files of orders: read as a person reads them, told by row what is wrong, and one row with the same order by hook."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from quizfunnel.kit.signing import Signer
from quizfunnel.log import orders as order_log
from quizfunnel.log.scope import Scope
from quizfunnel.orders import inbox
from quizfunnel.orders.files import file_orders, order_import
from quizfunnel.orders.files.file_orders import OrderFileError
from quizfunnel.orders.inbox import Delivery
from quizfunnel.orders.ledger import AttributionKeys
from quizfunnel.orders.sources.shopify import ShopifySource
from quizfunnel.orders.tables import Order, OrderEvent, OrderLine, Refund
from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.identity import cart_token
from tests.cast import KEY, NOON, SHOPIFY_SECRET
from tests.orders.bodies import shopify_order
from tests.orders.signing import signed_by_shopify

SIGNER = Signer([KEY])
KEYS = AttributionKeys(SIGNER, lambda _line: None)
ANNA = "a" * 32
LATER = NOON + timedelta(days=9)
TOKEN = cart_token(SIGNER, ANNA)
SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price,"
    "Lineitem sku,Cancelled at,Refunded Amount,Outstanding Balance,Id,Note Attributes\n"
    "#1001,a@shop.example,paid,2026-03-02 12:00:01 +0100,EUR,21.50,2026-03-02 12:00:00 +0100,2,Tea,9.00,T-1,,0.00,0.00,"
    f'1001,"colour: red\nqf_visitor: {TOKEN}"\n'
    "#1001,a@shop.example,,,,,,1,Pot,3.50,P-1,,,,,\n"
    "#1002,b@shop.example,partially_refunded,2026-03-02 13:00:00 +0100,EUR,10.00,2026-03-02 12:30:00 +0100,1,Tea,10.00,"
    "T-1,,4.00,0.00,1002,\n"
    "#1003,c@shop.example,partially_paid,,EUR,100.00,2026-03-02 12:45:00 +0100,1,Sofa,100.00,S-1,,0.00,90.00,1003,\n"
    "#1004,d@shop.example,voided,,EUR,5.00,2026-03-02 12:50:00 +0100,1,Cup,5.00,C-1,2026-03-02 13:10:00 +0100,,,1004,\n"
)
WOO = (
    "order_id,order_number,order_date,paid_date,status,order_total,order_currency,refund_items,meta:_qf_visitor,"
    "line_item_1,line_item_2\n"
    f"727,727,2026-03-02 12:00:00,2026-03-02 12:01:00,wc-completed,29.35,EUR,amount:5.00|reason:late,{TOKEN},"
    "name:Tea|product_id:93|sku:T-1|quantity:2|total:18.00,name:Pot|product_id:94|sku:|quantity:1|total:11.35\n"
    "728,728,2026-03-02 13:00:00,,pending,5,EUR,,,,\n"
)
OWN = (
    "order_id,placed_at,updated_at,currency,total,paid,cancelled,test,visitor_token,refunded,product_id,quantity,unit_price\n"
    f"1,2026-03-02 12:00:00,,EUR,21.50,yes,,,{TOKEN},,dark-bean,2,9.00\n"
    "1,,,,,,,,,,light-bean,0.5,7.00\n"
    "2,2026-03-02 12:00:00,,EUR,10.00,no,,,,,,,\n"
    "3,2026-03-02 12:00:00,2026-03-03 12:00:00,EUR,10.00,,true,,,,,,\n"
    "4,2026-03-02 12:00:00,,EUR,10.00,,,,,4.00,,,\n"
)


def written(folder: Path, text: str | bytes) -> Path:
    """Return a file of this text."""
    path = folder / "orders.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def recognised(path: Path, zone: str = "Europe/Berlin") -> file_orders.OrderFile:
    """Return the file as it is recognised, with moments of a store in Berlin."""
    return file_orders.recognise(path, ZoneInfo(zone))


def take(engine: Engine, path: Path) -> order_import.Imported:
    """Take a file of which every order can be read."""
    file = recognised(path)
    assert [each for each in order_import.look(file, now=LATER).findings if each.severity == "error"] == []
    return order_import.take(engine, file, KEYS, now=LATER)


def ledger(engine: Engine) -> dict[str, tuple[Any, ...]]:
    """Return of each order what counts, whether it is paid, and whose it is."""
    order = columns(Order)
    with reading(engine) as connection:
        rows = connection.execute(
            select(order.order_id, order.total_minor, order.paid, order.cancelled, order.visitor_id)
        )
        return {row[0]: tuple(row[1:]) for row in rows}


def net(engine: Engine) -> dict[str, int]:
    """Return what is left of each purchase, refunds taken off."""
    with reading(engine) as connection:
        bought = order_log.net_orders(Scope("coffee", None, simulated=False)).subquery()
        return {row.order_id: row.net for row in connection.execute(select(bought.c.order_id, bought.c.net))}


def test_shopifys_export_is_read_as_a_person_reads_it(engine: Engine, tmp_path: Path) -> None:
    """Lines of one order together, part payments and refunds by their sums, the token among the attributes."""
    assert take(engine, written(tmp_path, SHOPIFY)) == (4, 0, 0)
    assert ledger(engine) == {
        "1001": (2150, True, False, ANNA),
        "1002": (1000, True, False, None),
        "1003": (1000, True, False, None),
        "1004": (500, False, True, None),
    }
    assert net(engine) == {"1001": 2150, "1002": 600, "1003": 1000}
    line = columns(OrderLine)
    with reading(engine) as connection:
        lines = connection.execute(select(line.sku, line.quantity_micro).where(line.order_id == "1001"))
        assert [tuple(row) for row in lines] == [("T-1", 2_000_000), ("P-1", 1_000_000)]


def test_woocommerces_export_is_read(engine: Engine, tmp_path: Path) -> None:
    """Its moments are of the store's own zone, its statuses those of the hook."""
    take(engine, written(tmp_path, WOO))
    assert ledger(engine) == {"727": (2935, True, False, ANNA), "728": (500, False, False, None)}
    assert net(engine) == {"727": 2435}
    with reading(engine) as connection:
        placed = connection.execute(select(columns(Order).placed_at).where(columns(Order).order_id == "727"))
        assert placed.scalar_one() == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_our_own_columns_are_read(engine: Engine, tmp_path: Path) -> None:
    """Paid unless it says otherwise; half a unit is a quantity."""
    take(engine, written(tmp_path, OWN))
    assert ledger(engine) == {
        "1": (2150, True, False, ANNA),
        "2": (1000, False, False, None),
        "3": (1000, False, True, None),
        "4": (1000, True, False, None),
    }
    assert net(engine) == {"1": 2150, "4": 600}


@pytest.mark.parametrize(
    "body",
    [
        SHOPIFY.encode("utf-8-sig"),
        SHOPIFY.replace("Tea", "Thé").encode("cp1252"),
        SHOPIFY.replace(",", ";").replace("1;", "1;").replace(".50", ",50").replace(".00", ",00").encode(),
        SHOPIFY.replace(",", "\t").encode("utf-16"),
        SHOPIFY.replace("\n", "\r\n").encode(),
    ],
    ids=["BOM", "Windows-1252", "semicolons and decimal commas", "Unicode text", "CRLF"],
)
def test_a_file_is_read_as_any_spreadsheet_saves_it(engine: Engine, tmp_path: Path, body: bytes) -> None:
    """The same orders, whatever the country of the spreadsheet."""
    take(engine, written(tmp_path, body))
    assert net(engine) == {"1001": 2150, "1002": 600, "1003": 1000}


@pytest.mark.parametrize(
    ("text", "price", "quantity"),
    [
        ('1,2026-03-02 12:00:00,EUR,"2,469.00",T-1,2,"1,234.50"', 123450, 2_000_000),
        ("1;2026-03-02 12:00:00;EUR;2.469,00;T-1;0,5;1.234,50", 123450, 500_000),
        ("1;2026-03-02 12:00:00;EUR;7,00;T-1;3;2,3333", 233, 3_000_000),
        ("1;2026-03-02 12:00:00;EUR;7,00;T-1;1.5;", 0, 1_500_000),
    ],
    ids=["thousands by commas", "thousands by points", "the tail of a fraction", "a point in a quantity"],
)
def test_prices_and_quantities_of_lines_are_read_as_totals_are(
    engine: Engine, tmp_path: Path, text: str, price: int, quantity: int
) -> None:
    """By the file's own decimal mark, with thousands set apart."""
    header = "order_id,placed_at,currency,total,sku,quantity,unit_price".replace(",", ";" if ";" in text else ",")
    take(engine, written(tmp_path, f"{header}\n{text}\n"))
    line = columns(OrderLine)
    with reading(engine) as connection:
        rows = connection.execute(select(line.unit_price_minor, line.quantity_micro)).all()
    assert [tuple(row) for row in rows] == [(price, quantity)]


def test_a_price_by_division_has_the_decimals_of_its_currency(engine: Engine, tmp_path: Path) -> None:
    """Three in Kuwait: WooCommerce's file has the total of an item alone."""
    text = (
        WOO.splitlines()[0] + "\n1,1,2026-03-02 12:00:00,,wc-completed,2.510,KWD,,,name:Tea|quantity:2|total:2.510,\n"
    )
    take(engine, written(tmp_path, text))
    with reading(engine) as connection:
        assert connection.execute(select(columns(OrderLine).unit_price_minor)).scalars().all() == [1255]


def test_the_same_file_again_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    """And an order that was edited since is taken anew."""
    path = written(tmp_path, SHOPIFY)
    take(engine, path)
    assert take(engine, path) == (0, 0, 4)
    path = written(tmp_path, SHOPIFY.replace("voided,,", "paid,2026-03-02 14:00:00 +0100,"))
    assert take(engine, path) == (1, 0, 3)


REFUND = {
    "id": 9,
    "order_id": 1002,
    "created_at": (NOON + timedelta(hours=1)).isoformat(),
    "refund_line_items": [],
    "transactions": [{"kind": "refund", "status": "success", "amount": "4.00", "currency": "EUR"}],
}


@pytest.mark.parametrize("file_first", [True, False])
def test_an_order_by_hook_and_by_file_is_one(engine: Engine, tmp_path: Path, *, file_first: bool) -> None:
    """One row, and what was given back is taken off once, whichever came first."""
    order = shopify_order(id=1002, total_price="10.00", refunds=[REFUND], updated_at=REFUND["created_at"])

    def by_hook() -> None:
        for sent in (order, REFUND):
            body = json.dumps(sent).encode()
            source = ShopifySource(SHOPIFY_SECRET)
            assert (
                inbox.receive(engine, Delivery(source, body, signed_by_shopify(body), LATER), keys=KEYS).status == 200
            )

    steps = [lambda: take(engine, written(tmp_path, SHOPIFY)), by_hook]
    for step in steps if file_first else reversed(steps):
        step()
    assert set(ledger(engine)) == {"1001", "1002", "1003", "1004"}
    assert net(engine)["1002"] == 600


NO_MOMENT = "'soon' is no moment; write it like 2026-03-02 12:00:00 +0000"
WRONG = SHOPIFY.replace("EUR,10.00", "EUR,ten").replace("1003,\n", ",\n").replace("2026-03-02 12:50:00 +0100", "soon")


def test_what_is_wrong_is_said_by_row(tmp_path: Path) -> None:
    """Each with the line that the order begins on, its number, the column and what stands there."""
    looked = order_import.look(recognised(written(tmp_path, WRONG)), now=LATER)
    assert looked.orders == 1
    assert [finding.text() for finding in looked.findings] == [
        "orders.csv:5:1: error: order #1002: `Total`: 'ten' is no amount of money; write it like 1234.50",
        "orders.csv:6:1: error: order #1003: `Id` is empty",
        "orders.csv:7:1: error: order #1004: `Created at`: " + NO_MOMENT,
    ]


def test_what_is_odd_in_an_order_is_said_by_item(tmp_path: Path) -> None:
    """It is an item of the order and no line of the file; the rest is counted."""
    rows = "".join(f"1,,,,,,,,,,bean-{number},many,9.00\n" for number in range(6))
    looked = order_import.look(
        recognised(written(tmp_path, "".join(OWN.splitlines(keepends=True)[:2]) + rows)), now=LATER
    )
    odd = [f"order 1: item {number}: `quantity` is no number of zero or more" for number in range(2, 7)]
    assert (looked.orders, [finding.message for finding in looked.findings]) == (1, [*odd, "order 1: and 1 more"])


def test_rows_that_stand_apart_or_have_no_order_are_wrong(tmp_path: Path) -> None:
    """Nothing is added to an order that was read already, and no row is passed over in silence."""
    rows = OWN.splitlines()
    text = "\n".join([rows[0], rows[1], rows[3], rows[2], rows[3].replace("2,", ",", 1), rows[3] + ",more"])
    looked = order_import.look(recognised(written(tmp_path, text)), now=LATER)
    assert [finding.line for finding in looked.findings] == [4, 5, 6]
    assert "stands apart from its other rows" in looked.findings[0].message


def test_an_order_of_a_moment_to_come_is_wrong(tmp_path: Path) -> None:
    """A file is of what was; its date or its zone is wrong."""
    looked = order_import.look(recognised(written(tmp_path, OWN)), now=NOON - timedelta(days=1))
    assert looked.orders == 0
    assert "which is to come; look at the date and at --timezone" in looked.findings[0].message


def test_an_unclosed_quote_is_an_error_at_its_line(tmp_path: Path) -> None:
    """What it swallows is not taken in silence."""
    text = OWN.replace("2,2026", '"2,2026')
    looked = order_import.look(recognised(written(tmp_path, text)), now=LATER)
    assert (looked.orders, [finding.line for finding in looked.findings]) == (1, [4])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "the header is of no file of orders that can be read"),
        (b"order_id\n\x81\x8d\n", "is not UTF-8"),
    ],
)
def test_a_file_of_nothing_that_is_read_says_so(tmp_path: Path, text: str | bytes, says: str) -> None:
    """With the columns that each kind has."""
    with pytest.raises(OrderFileError, match=says):
        recognised(written(tmp_path, text))


def test_a_large_file_is_taken_some_orders_at_a_time(engine: Engine, tmp_path: Path) -> None:
    """More than one transaction holds, and a longer file than its beginning shows; none is lost at the seams."""
    rows = [f"{number},2026-03-02 12:00:00,EUR,1.00,{'x' * 2000}" for number in range(2 * order_import.AT_ONCE + 150)]
    path = written(tmp_path, "\n".join(["order_id,placed_at,currency,total,note", *rows]))
    assert path.stat().st_size > 1024**2
    assert take(engine, path).applied == len(rows)
    with reading(engine) as connection:
        assert len(connection.execute(select(columns(OrderEvent).id)).all()) == len(rows)
        assert connection.execute(select(columns(Refund).refund_id)).all() == []


def test_a_file_that_changes_its_encoding_is_read_up_to_there(tmp_path: Path) -> None:
    """A long one is not looked at whole to find its encoding: from which row on nothing was read is said."""
    rows = [f"{number},2026-03-02 12:00:00,EUR,1.00,{'x' * 2000}" for number in range(700)]
    body = "\n".join(["order_id,placed_at,currency,total,note", *rows]).encode()
    looked = order_import.look(
        recognised(written(tmp_path, body + b"\n700,2026-03-02 12:00:00,EUR,1.00,\xff\n")), now=LATER
    )
    (finding,) = looked.findings
    assert finding.line == looked.orders + 2
    assert 600 < looked.orders <= 700
    assert "not in the encoding that it begins in" in finding.message
