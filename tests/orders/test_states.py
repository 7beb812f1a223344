"""Laws of the states of orders and deliveries as machines are watched by them."""

from sqlalchemy import Engine, insert

from quizfunnel.orders import states
from quizfunnel.orders.tables import Order, OrderEvent
from quizfunnel.store.transaction import reading, writing
from tests.cast import NOON


def figures(engine: Engine) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the values of every figure, by its name."""
    with reading(engine) as connection:
        return {figure.name: dict(figure.values) for figure in states.figures(connection)}


def order(id: str, **more: object) -> dict[str, object]:
    """Return a row of an order that is paid."""
    row = {"source": "shopify", "order_id": id, "placed_at": NOON, "updated_at": NOON, "event": id, "currency": "GBP"}
    flags = {"cancelled": False, "test": False, "simulated": False, "conflict": False}
    return row | {"total_minor": 100, "minor_digits": 2, "paid": True, "order_number": ""} | flags | more


def delivery(id: str, state: str, **more: object) -> dict[str, object]:
    """Return a row of a delivery."""
    row = {"id": id, "source": "stripe", "delivery": id, "received_at": NOON, "body": b"", "state": state}
    return row | {"topic": "", "error": "", "simulated": False} | more


def test_each_order_is_in_one_state(engine: Engine) -> None:
    """A test order counts as that alone, then a cancelled one; simulated ones count nowhere."""
    rows = [
        order("1"),
        order("2", source="stripe"),
        order("3", paid=False),
        order("4", cancelled=True),
        order("5", test=True, cancelled=True),
        order("6", simulated=True),
    ]
    with writing(engine) as connection:
        connection.execute(insert(Order), rows)
    assert figures(engine)["orders"] == {
        ("shopify", "paid"): 1,
        ("stripe", "paid"): 1,
        ("shopify", "unpaid"): 1,
        ("shopify", "cancelled"): 1,
        ("shopify", "test"): 1,
    }


def test_the_queue_and_the_dead_letters_are_counted(engine: Engine) -> None:
    """By source and state; simulated ones count nowhere."""
    rows = [
        delivery("a", "new"),
        delivery("b", "dead"),
        delivery("c", "dead"),
        delivery("d", "applied", simulated=True),
    ]
    with writing(engine) as connection:
        connection.execute(insert(OrderEvent), rows)
    assert figures(engine)["deliveries"] == {("stripe", "new"): 1, ("stripe", "dead"): 2}
