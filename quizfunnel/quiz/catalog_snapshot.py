"""A catalogue's products as JSON, kept beside a quiz version for when the catalogue's file is gone."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from quizfunnel.catalog.product import Catalog, Product, Variant

_PRODUCT = tuple(field.name for field in fields(Product))
_VARIANT = tuple(field.name for field in fields(Variant))


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
    variants = [{name: getattr(variant, name) for name in _VARIANT} for variant in product.variants]
    if not product.number:
        del entry["number"]  # so that catalogues of an earlier release are still the same version
    return entry | {"tags": sorted(product.tags), "attributes": dict(product.attributes), "variants": variants}


def _product(entry: Mapping[str, Any]) -> Product:
    known = {name: entry[name] for name in _PRODUCT if name in entry}
    variants = tuple(Variant(**{name: row[name] for name in _VARIANT if name in row}) for row in entry["variants"])
    return Product(**known | {"tags": frozenset(entry["tags"]), "variants": variants})
