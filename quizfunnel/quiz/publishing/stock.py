"""Stock of a refused catalogue: the products that it says are gone are hidden, those that it lacks are not; pure."""

from dataclasses import replace

from quizfunnel.catalog.product import Catalog


def hidden(catalog: Catalog, gone: frozenset[str]) -> Catalog:
    """Return a catalogue in which the products that are gone cannot be offered; itself where none can be."""
    if not any(id in gone and product.available for id, product in catalog.by_id.items()):
        return catalog
    return Catalog(
        tuple(replace(product, published=False) if product.id in gone else product for product in catalog.products)
    )
