"""Variation page: the address at which a WooCommerce product shows one of its variations chosen; pure.

Source: WooCommerce's product page, which takes `attribute_<name>` for each attribute: of a global one the slug of its
term, of one that is the product's own the value as written. An address of other terms shows the page with none chosen.
"""

import re
import unicodedata
from urllib.parse import urlencode

from quizfunnel.catalog.readers.rows import CatalogRow
from quizfunnel.catalog.readers.woocommerce import columns

_GLOBAL, _OWN = "1", "0"


def address(page: str, row: CatalogRow) -> str:
    """Return the product's page with a variation's attributes chosen; nothing where one cannot be named."""
    pairs: list[tuple[str, str]] = []
    for name, value, kind in columns.attribute_kinds(row):
        slug = _slug(name)
        term = {_GLOBAL: (f"attribute_pa_{slug}", _slug(value)), _OWN: (f"attribute_{slug}", value)}.get(kind)
        if not slug or not term or not term[1]:
            return ""
        pairs.append(term)
    return f"{page}{'&' if '?' in page else '?'}{urlencode(pairs)}" if pairs else ""


def _slug(text: str) -> str:
    """Return a name as WordPress writes it in addresses; nothing for letters that it spells out in percents."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-") if letters.isascii() else ""
