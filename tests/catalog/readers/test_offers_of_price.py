"""Prices before a sale and amounts of packs, in each form that says them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.catalog.product import Variant
from quizfunnel.catalog.readers import read_catalog
from quizfunnel.catalog.readers.sale import Prices, charge_now
from tests.catalog.files import CASES, needs_cases, read

START = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = st.integers(0, 24 * 40)


def shopify(tmp_path: Path, **cells: str) -> Variant:
    """Return the one variant of a Shopify export."""
    row = {"Handle": "a", "Title": "A", "Variant Price": "9"} | cells
    return _variant(tmp_path, ",".join(row) + "\n" + ",".join(row.values()) + "\n")


def native(tmp_path: Path, **cells: str) -> Variant:
    """Return the one variant of our own CSV."""
    row = {"id": "a", "title": "A", "price": "12", "currency": "EUR", "url": "/a"} | cells
    return _variant(tmp_path, ",".join(row) + "\n" + ",".join(row.values()) + "\n")


def merchant(tmp_path: Path, **cells: str) -> Variant:
    """Return the one variant of a feed."""
    row = {"id": "a", "title": "A", "price": "12 EUR", "link": "/a", "availability": "in_stock"} | cells
    return _variant(tmp_path, "\t".join(row) + "\n" + "\t".join(row.values()) + "\n")


def woocommerce(tmp_path: Path, **cells: str) -> Variant:
    """Return the one variant of a WooCommerce export."""
    row = {"ID": "1", "SKU": "a", "Name": "A", "Regular price": "12"} | cells
    return _variant(tmp_path, ",".join(row) + "\n" + ",".join(row.values()) + "\n")


def _variant(tmp_path: Path, text: str) -> Variant:
    (product,) = read(tmp_path, text, currency="EUR", product_url="/p/{id}").catalog.products
    return product.variants[0]


@pytest.mark.parametrize(
    ("price", "compared", "was"), [("9", "12", 1200), ("9", "9", None), ("9", "8", None), ("9", "", None)]
)
def test_shopify_compares_a_price_with_the_one_before(
    tmp_path: Path, price: str, compared: str, was: int | None
) -> None:
    """Where that is higher: a sale that saves nothing is none."""
    variant = shopify(tmp_path, **{"Variant Price": price, "Variant Compare At Price": compared})
    assert (variant.price, variant.was) == (900, was)
    newer = shopify(tmp_path, **{"Compare-at price": compared})
    assert newer.was == was


def test_a_compared_price_that_is_none_is_told(tmp_path: Path) -> None:
    """It keeps nothing from being sold."""
    text = "Handle,Title,Variant Price,Variant Compare At Price\na,A,9,much\n"
    reading = read(tmp_path, text, currency="EUR", product_url="/p/{handle}")
    assert reading.catalog.products[0].variants[0].was is None
    assert "no price is shown as the one before a sale" in reading.findings[0].message


def test_forms_with_sale_prices_tell_the_regular_one(tmp_path: Path) -> None:
    """And when the sale ends, where it does."""
    sales = [
        native(tmp_path, sale_price="9", sale_ends="2999-12-24"),
        merchant(tmp_path, sale_price="9 EUR", sale_price_effective_date="2020-01-01/2999-12-24"),
        woocommerce(tmp_path, **{"Sale price": "9", "Date sale price ends": "2999-12-24"}),
    ]
    last = datetime(2999, 12, 25, tzinfo=UTC) - timedelta(microseconds=1)
    assert [(sale.price, sale.was, sale.sale_ends) for sale in sales] == [(900, 1200, last)] * 3
    endless = native(tmp_path, sale_price="9")
    assert (endless.price, endless.was, endless.sale_ends) == (900, 1200, None)


@given(st.integers(1, 2000), st.integers(1, 2000), HOURS, HOURS, HOURS)
def test_a_price_before_a_sale_is_shown_only_while_it_runs(
    regular: int, reduced: int, begins: int, lasts: int, hour: int
) -> None:
    """Whenever the file is read and whenever the page is shown after that: no later, no earlier, no dearer."""
    starts = START + timedelta(hours=begins)
    ends = starts + timedelta(hours=lasts)
    now = START + timedelta(hours=hour)
    prices = Prices(2, f"{regular / 100:.2f}", f"{reduced / 100:.2f}", starts.isoformat(), ends.isoformat())
    charge = charge_now(prices, "EUR", now)
    variant = Variant("", charge.price, was=charge.was, sale_ends=charge.ends)
    runs = starts <= now <= ends and reduced < regular
    assert variant.was_at(now) == (regular if runs else None)
    assert variant.price == (reduced if runs else regular)
    assert variant.was_at(ends + timedelta(microseconds=1)) is None


def test_each_form_says_what_a_pack_holds(tmp_path: Path) -> None:
    """By the column that is for it, with the amount that its unit price is told for."""
    per = "unit_pricing_base_measure"
    packs = [
        native(tmp_path, amount="150 ml", unit_price_for="100ml"),
        woocommerce(tmp_path, **{"Meta: amount": "150 ml", "Meta: unit_price_for": "100 ml"}),
        merchant(tmp_path, unit_pricing_measure="150ml", **{per: "100 ml"}),
        shopify(
            tmp_path,
            **{"Unit Price Total Measure": "150.00", "Unit Price Total Measure Unit": "ml"},
            **{"Unit Price Base Measure": "100", "Unit Price Base Measure Unit": "ML"},
        ),
    ]
    assert [(pack.net_quantity, pack.unit_price_for) for pack in packs] == [("150 ml", "100 ml")] * 4


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"amount": "a bag"}, "`amount` is 'a bag', which is no amount"),
        ({"amount": "1.500 g"}, "one meaning"),
        ({"amount": "1 kg", "unit_price_for": "100 ml"}, "`unit_price_for` is '100 ml', which cannot be compared"),
    ],
)
def test_an_amount_that_is_none_is_told(tmp_path: Path, cells: dict[str, str], told: str) -> None:
    """With the remedy; the product is sold all the same."""
    row = {"id": "a", "title": "A", "price": "12", "currency": "EUR", "url": "/a"} | cells
    reading = read(tmp_path, ",".join(row) + "\n" + ",".join(row.values()) + "\n")
    assert told in reading.findings[0].message
    assert "write it like" in reading.findings[0].message
    assert len(reading.catalog.products) == 1


def test_weights_and_sizes_are_no_packs(tmp_path: Path) -> None:
    """A parcel weighs more than what is in it, a mug of 350 ml is sold empty, and a bare number has no unit."""
    assert not shopify(tmp_path, **{"Variant Grams": "250"}).net_quantity
    assert not woocommerce(tmp_path, **{"Weight (kg)": "0.25"}).net_quantity
    assert not merchant(tmp_path, size="350 ml").net_quantity
    assert not native(tmp_path, amount="4").net_quantity


@needs_cases
def test_real_exports_tell_their_sales() -> None:
    """Shopify's and WooCommerce's own samples have some, and none that saves nothing."""
    sales = 0
    for file in sorted((CASES / "catalogs").glob("*.csv")):
        reading = read_catalog(file, currency="EUR", product_url="https://shop.example/p/{handle}")
        for product in reading.catalog.products:
            for variant in product.variants:
                was = variant.was_at(datetime.now(UTC))
                sales += was is not None
                assert was is None or was > variant.price
    assert sales
