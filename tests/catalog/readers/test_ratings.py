"""Ratings in each form that has a place for them."""

from pathlib import Path

import pytest

from quizfunnel.catalog.rating import Rating, rating_of
from tests.catalog.files import read

SHOPIFY = (
    "Handle,Title,Variant Price,Product rating (product.metafields.reviews.rating),"
    "Product rating count (product.metafields.reviews.rating_count)\n"
    'a,A,9,"{""value"": ""4.6"", ""scale_min"": ""1.0"", ""scale_max"": ""5.0""}",128\nb,B,9,,\n'
)
WOOCOMMERCE = "ID,SKU,Name,Regular price,Meta: rating,Meta: rating_count\n1,a,A,9,4.6,128\n2,b,B,9,,\n"
NATIVE = "id,title,price,currency,url,rating,rating_count\na,A,9,EUR,/a,4.6,128\nb,B,9,EUR,/b,,0\n"
MERCHANT = (
    "id\ttitle\tlink\tprice\tavailability\tc:rating\tc:rating_count\n"
    "a\tA\t/a\t9 EUR\tin_stock\t4.6\t128\nb\tB\t/b\t9 EUR\tin_stock\t\t\n"
)


@pytest.mark.parametrize("text", [SHOPIFY, WOOCOMMERCE, NATIVE, MERCHANT])
def test_each_form_has_a_place_for_ratings(tmp_path: Path, text: str) -> None:
    """With how many gave one; a product without one has none."""
    rated, unrated = read(tmp_path, text, currency="EUR", product_url="/p/{id}").catalog.products
    assert rating_of(rated) == Rating(4.6, 128, 5.0)
    assert rating_of(unrated) is None
