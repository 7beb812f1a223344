"""A catalogue's products as JSON, kept beside a quiz version for when the catalogue's file is gone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from quizfunnel.catalog.product import Catalog, Product, Variant

_PRODUCT = tuple(field.name for field in fields(Product))
_VARIANT = tuple(field.name for field in fields(Variant))
# left out where they say nothing, so that catalogues of an earlier release are still the same version
_LATER = {
    field.name: field.default
    for field in fields(Variant)
    if field.name in ("was", "sale_ends", "net_quantity", "unit_price_for", "options", "url")
}


def products_as_json(catalog: Catalog) -> str:
    """Return a catalogue's products as JSON text."""
    return json.dumps([_product_as_json(product) for product in catalog.products], ensure_ascii=False)


def catalog_version(catalog: Catalog) -> str:
    """Return a catalogue's version: the SHA-256 of its products' JSON, in hexadecimal."""
    return hashlib.sha256(products_as_json(catalog).encode()).hexdigest()


def products_from_json(text: str) -> Catalog:
    """Return the catalogue that `products_as_json` wrote, here or in another release."""
    return Catalog(tuple(_product(entry) for entry in json.loads(text)))


def _product_as_json(product: Product) -> dict[str, Any]:
    entry = {name: getattr(product, name) for name in _PRODUCT}
    variants = [_variant_as_json(variant) for variant in product.variants]
    for later in ("number", "titles"):  # so that catalogues of an earlier release are still the same version
        if not entry[later]:
            del entry[later]
    return entry | {"tags": sorted(product.tags), "attributes": dict(product.attributes), "variants": variants}


def _variant_as_json(variant: Variant) -> dict[str, Any]:
    cells = {name: getattr(variant, name) for name in _VARIANT}
    if variant.sale_ends:
        cells["sale_ends"] = variant.sale_ends.isoformat()
    return {name: cell for name, cell in cells.items() if name not in _LATER or cell != _LATER[name]}


def _product(entry: Mapping[str, Any]) -> Product:
    known = {name: entry[name] for name in _PRODUCT if name in entry}
    variants = tuple(map(_variant, entry["variants"]))
    return Product(**known | {"tags": frozenset(entry["tags"]), "variants": variants})


def _variant(row: Mapping[str, Any]) -> Variant:
    cells = {name: row[name] for name in _VARIANT if name in row}
    if ends := cells.get("sale_ends"):
        cells["sale_ends"] = datetime.fromisoformat(ends)
    return Variant(**cells | {"options": tuple((name, value) for name, value in cells.get("options", ()))})
