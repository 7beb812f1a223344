"""Catalogues as they are kept: read back as they were, and the same version as an earlier release gave them."""

import hashlib
import json
from datetime import UTC, datetime

from quizfunnel.catalog.product import Catalog, Product, Variant
from quizfunnel.quiz.catalog_snapshot import catalog_version, products_as_json, products_from_json

BEFORE = [
    {
        "id": "a",
        "title": "A",
        "price": 1200,
        "currency": "GBP",
        "url": "/a",
        "image": "",
        "tags": ["x"],
        "type": "",
        "vendor": "",
        "attributes": {"strength": 3.0},
        "variants": [
            {
                "sku": "S",
                "price": 1200,
                "stock": None,
                "continue_selling": False,
                "id": "",
                "title": "",
                "cost": 5,
            }
        ],
        "published": True,
        "line": 2,
    }
]


def test_a_catalogue_of_an_earlier_release_is_read_and_is_the_same_version() -> None:
    """What it does not say has its default, and adds nothing to what is hashed."""
    text = json.dumps(BEFORE, ensure_ascii=False)
    catalog = products_from_json(text)
    assert catalog.products[0].variants[0] == Variant("S", 1200, cost=5)
    assert catalog_version(catalog) == hashlib.sha256(text.encode()).hexdigest()


def test_a_catalogue_is_read_back_as_it_was() -> None:
    """Sales with their last moment, amounts, options and addresses of variants too."""
    ends = datetime(2026, 12, 24, 23, 59, tzinfo=UTC)
    variant = Variant(
        sku="S",
        price=900,
        was=1200,
        sale_ends=ends,
        net_quantity="250 g",
        unit_price_for="100 g",
        options=(("size", "250 g"), ("grind", "beans")),
        url="/a?variant=1",
    )
    product = Product("a", "A", 900, "GBP", "/a", variants=(variant,))
    assert products_from_json(products_as_json(Catalog((product,)))).products == (product,)


def test_a_sale_is_a_version_of_its_own() -> None:
    """The price changes with it, and so does what is shown beside it."""
    plain = Product("a", "A", 900, "GBP", "/a", variants=(Variant("S", 900),))
    reduced = Product("a", "A", 900, "GBP", "/a", variants=(Variant("S", 900, was=1200),))
    assert catalog_version(Catalog((plain,))) != catalog_version(Catalog((reduced,)))
