"""Order of rows: it changes no product, and whatever a row holds, its line is in a product or in a finding."""

import re
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizfunnel.catalog.product import Product
from quizfunnel.catalog.readers import CatalogReading
from tests.catalog.readers.forms import FORMS, Form, Row

SHUFFLED = st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), st.permutations(form.rows)))
SPOILT = st.sampled_from(["", "?", "-1", "0", "9,5", "a", "b", "44", "variable", "id:44"])


def facts(reading: CatalogReading) -> dict[str, Product]:
    """Return the products without their lines; variants, which stand in the file's order, by their SKU."""
    return {
        product.id: replace(product, line=0, variants=tuple(sorted(product.variants, key=lambda one: one.sku)))
        for product in reading.catalog.products
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SHUFFLED)
def test_the_order_of_rows_changes_no_product(tmp_path: Path, shuffled: tuple[Form, list[Row]]) -> None:
    """Variants that stand apart, a parent behind its variations, and pictures in another order."""
    form, rows = shuffled
    expected, reading = form.read(tmp_path, form.rows), form.read(tmp_path, rows)
    assert (facts(reading), reading.gone, len(reading.findings)) == (facts(expected), expected.gone, 0)
    assert sum(len(product.variants) for product in reading.catalog.products) >= len(form.rows) - 2


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(SHUFFLED, st.data())
def test_every_line_is_in_a_product_or_in_a_finding(
    tmp_path: Path, shuffled: tuple[Form, list[Row]], data: st.DataObject
) -> None:
    """Whatever is spoilt: a row is a variant by its SKU, a product or its picture by its id, or named by its line."""
    form, rows = shuffled
    spoilt = [dict(row) for row in rows]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.sampled_from(spoilt))
        if columns := [name for name in row if "SKU" not in name.upper()]:
            row[data.draw(st.sampled_from(columns))] = data.draw(SPOILT)
    reading = form.read(tmp_path, spoilt)
    kept = {sku for product in reading.catalog.products for sku in (product.id, *(one.sku for one in product.variants))}
    told = {int(digits) for finding in reading.findings for digits in re.findall(r"\d+", finding.text())}
    for line, row in enumerate(spoilt, 2):
        names = {row.get(name) for name in ("id", "sku", "Handle", "Variant SKU", "SKU", "ID")}
        sku = row.get("sku") or row.get("SKU") or row.get("Variant SKU")
        is_parent = row.get("Type", "").startswith("variable")
        assert line in told or (sku in kept if sku and not is_parent else names & kept), (row, reading.findings)
