"""An order line finds its product in the catalogue, or none."""

import pytest

from quizfunnel.catalog.product import Catalog, Product, Variant


def test_an_order_line_is_found_by_id_then_sku_then_exact_unique_title() -> None:
    """A SKU or title that two products share finds neither."""
    one = Product("a", "Same", 1, "GBP", "/a", variants=(Variant("S1", 1), Variant("SX", 1)))
    two = Product("b", "Same", 1, "GBP", "/b", variants=(Variant("S2", 1), Variant("SX", 1)))
    catalog = Catalog((one, two))
    assert catalog.find(product_id="b", sku="S1") == (two, "id")
    assert catalog.find(product_id="none", sku="S1") == (one, "sku")
    assert catalog.find(sku="SX", title="Same") is None
    assert catalog.find() is None


def test_what_two_products_share_finds_neither() -> None:
    """A number, a variant's number or a variant's own title: nothing is guessed."""
    shared = Variant("", 1, id="7", title="Small")
    one, two = (Product(id, "Mug", 1, "GBP", "/", variants=(shared,), number="5") for id in "ab")
    assert Catalog((one,)).find(product_id="5") == (one, "id")
    assert Catalog((one,)).find(variant_id="7") == (one, "variant")
    assert Catalog((one,)).find(title="Mug - Small") == (one, "title")
    for name in ({"product_id": "5"}, {"variant_id": "7"}, {"title": "Mug - Small"}):
        assert Catalog((one, two)).find(**name) is None


@pytest.mark.parametrize(
    ("variants", "several"),
    [
        ([], False),
        ([Variant("S", 100)], False),
        ([Variant("S", 100), Variant("M", 100)], False),
        ([Variant("S", 100), Variant("M", 200)], True),
        ([Variant("S", 100), Variant("M", 200, stock=0)], False),
        ([Variant("S", 100, stock=0), Variant("M", 200, stock=0)], True),
    ],
)
def test_a_price_is_what_it_costs_or_where_prices_begin(variants: list[Variant], *, several: bool) -> None:
    """Of the variants that can be bought: a sold-out dearer one does not make the price a beginning."""
    assert Product("a", "A", 100, "GBP", "/a", variants=tuple(variants)).has_several_prices is several


def test_what_is_on_sale_is_counted() -> None:
    """Of all products those that can be bought: an offer is chosen from no others."""
    variants = [(Variant("S", 1),), (Variant("S", 1, stock=0),), ()]
    products = tuple(Product(str(n), "A", 1, "GBP", "/a", variants=each) for n, each in enumerate(variants))
    assert Catalog(products).on_sale == 1
