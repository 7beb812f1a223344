"""An order line finds its product in the catalogue, or none."""

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
