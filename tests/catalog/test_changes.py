"""Laws of changes: each product is told by what became of it, and one that stays as it was is not told."""

from dataclasses import replace

from quizfunnel.catalog.changes import PriceChange, changes
from quizfunnel.catalog.product import Catalog, Product, Variant


def product(id: str, *, price: int = 900, stock: int | None = None, title: str = "", line: int = 1) -> Product:
    """Return a product of one variant."""
    return Product(id, title or id, price, "GBP", f"/{id}", variants=(Variant(id, price, stock),), line=line)


def test_every_product_is_told_by_what_became_of_it() -> None:
    """New, gone, dearer, sold out, back, with another stock, or changed in another way."""
    before = ["gone", "same", "dearer", "out", "in", "fewer", "renamed"]
    stocks = {"out": 3, "in": 0, "fewer": 9}
    old = Catalog(tuple(product(id, stock=stocks.get(id)) for id in before))
    now = Catalog(
        (
            product("new"),
            product("same", line=9),
            product("dearer", price=950),
            product("out", stock=0),
            product("in", stock=2),
            product("fewer", stock=4),
            product("renamed", title="Another"),
        )
    )
    found = changes(old, now)
    assert (found.products, found.new, found.removed) == (7, ("new",), ("gone",))
    assert found.prices == (PriceChange("dearer", 900, "GBP", 950, "GBP"),)
    assert (found.sold_out, found.back, found.stock, found.others) == (("out",), ("in",), ("fewer",), ("renamed",))
    assert "1 with another price (dearer 9.00 to 9.50 GBP)" in found.text()
    assert found.as_json()["prices"] == [{"id": "dearer", "before": "9.00", "now": "9.50", "currency": "GBP"}]


def test_a_catalogue_as_it_was_says_so() -> None:
    """And a first one is new as a whole, of which a few are named."""
    here = Catalog(tuple(product(f"p{number}") for number in range(8)))
    assert changes(here, Catalog(here.products)).text() == "8 products: all as they were"
    assert changes(None, here).text() == "8 products: 8 new (p0, p1, p2, p3, p4 and 3 more)"


def test_another_currency_is_another_price() -> None:
    """With both, since a number alone would hide it."""
    was = product("a")
    now = replace(was, currency="JPY")
    assert "a 9.00 GBP to 900 JPY" in changes(Catalog((was,)), Catalog((now,))).text()
