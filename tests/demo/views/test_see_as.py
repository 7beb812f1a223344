"""Laws of the switch between the arms: its visitors are left out of the figures."""

from flask import Flask
from sqlalchemy import select

from quizfunnel.store.transaction import reading
from quizfunnel.store.types import columns
from quizfunnel.visit.tables import Visitor
from tests.demo.visits import CARD, PAGE
from tests.pages import Tab


def test_the_switch_leaves_its_visitor_out_of_the_figures(demo: Flask) -> None:
    """Seeing the shop as either arm marks the visitor as a test; as a new visitor one starts afresh."""
    tab = Tab(demo)
    for choice, shown in (("invited", True), ("holdout", False)):
        tab.post("/shop/see-as", {"as": choice, "next": PAGE})
        assert (CARD in tab.get(PAGE).text) is shown
    with reading(demo.extensions["quizfunnel"].engine) as connection:
        assert set(connection.execute(select(columns(Visitor).kind)).scalars()) == {"test"}
    assert tab.post("/shop/see-as", {"as": "king"}).status_code == 422
    assert tab.post("/shop/see-as", {"as": "visitor", "next": "https://evil.example"}).location == "/shop"
