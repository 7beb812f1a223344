"""Columns of WooCommerce's product CSV by their English names, from the languages that exports are written in; pure.

The export is in the language of whoever exports: English, German, French and Spanish are known.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from quizfunnel.catalog.readers.rows import CatalogRow

_NAMES: Mapping[str, tuple[str, ...]] = {
    "ID": (),
    "Type": ("Typ", "Tipo"),
    "SKU": ("Artikelnummer", "UGS"),
    "Name": ("Nom", "Nombre"),
    "Published": ("Veröffentlicht", "Publié", "Publicado"),
    "Visibility in catalog": ("Sichtbarkeit im Katalog", "Visibilité dans le catalogue", "Visibilidad en el catálogo"),
    "Date sale price starts": (
        "Datum, an dem Angebotspreis beginnt",
        "Datum, an dem der Angebotspreis beginnt",
        "Date de début de promo",
        "Día en que empieza el precio rebajado",
    ),
    "Date sale price ends": (
        "Datum, an dem Angebotspreis endet",
        "Datum, an dem der Angebotspreis endet",
        "Date de fin de promo",
        "Día en que termina el precio rebajado",
    ),
    "In stock?": ("Vorrätig?", "En stock ?", "¿Existencias?", "¿En inventario?"),
    "Stock": ("Bestand", "Lager", "Lagerbestand", "Inventario"),
    "Backorders allowed?": (
        "Lieferrückstände erlaubt?",
        "Rückstände erlaubt?",
        "Autoriser les commandes de produits en rupture ?",
        "¿Permitir reservas de productos agotados?",
    ),
    "Sale price": ("Angebotspreis", "Tarif promo", "Precio rebajado"),
    "Regular price": ("Regulärer Preis", "Tarif régulier", "Precio normal"),
    "Categories": ("Kategorien", "Catégories", "Categorías"),
    "Tags": ("Schlagwörter", "Étiquettes", "Etiquetas"),
    "Images": ("Bilder", "Imágenes"),
    "Parent": ("Übergeordnetes Produkt", "Superior"),
    "Position": ("Posición",),
    "Brands": ("Marken", "Marques", "Marcas"),
    "Cost of goods": (),
}
_NUMBERED = (
    (re.compile(r"attribute?(\d+)name|nomdelattribut(\d+)|nombredelatributo(\d+)"), "name"),
    (re.compile(r"attribute(\d+)values?|attribut(\d+)werte?|valeursdelattribut(\d+)|valoresdelatributo(\d+)"), "value"),
    (re.compile(r"(?:attributes?|attribut|atributo)(\d+)global|(?:attribut|atributo)global(\d+)"), "global"),
)
_WEIGHT = re.compile(r"(?:weight|gewicht|poids|peso)(kg|g|lbs|oz)")
_GUARD = re.compile(r"'(?=[=+\-@])")  # the export's own, before what a spreadsheet would take for a formula


def english(row: CatalogRow) -> CatalogRow:
    """Return a row by the English names of its columns; a column that is not known keeps its own."""
    cells: dict[str, str] = {}
    for name, cell in row.cells.items():
        cells.setdefault(english_name(name), _GUARD.sub("", cell, count=1) if _GUARD.match(cell) else cell)
    return CatalogRow(row.line, cells)


@lru_cache(maxsize=1024)
def english_name(name: str) -> str:
    """Return the English name of a column, such as ``Attribute 1 value`` or ``Weight (kg)``."""
    bare = _bare(name)
    if weight := _WEIGHT.fullmatch(bare):
        return f"Weight ({weight[1]})"
    for pattern, part in _NUMBERED:
        if numbered := pattern.fullmatch(bare):
            return f"Attribute {numbered[numbered.lastindex or 0]} {part}"
    return _ENGLISH.get(bare, name)


def attributes(row: CatalogRow) -> Iterator[tuple[str, str]]:
    """Yield the name and the value of each attribute that a row names, in the order of their numbers."""
    yield from ((name, value) for name, value, _ in attribute_kinds(row))


def attribute_kinds(row: CatalogRow) -> Iterator[tuple[str, str, str]]:
    """Yield the attributes of a row, each with `1` where the shop shares it among products, `0` where it does not."""
    number = 1
    while f"Attribute {number} name" in row.cells:
        if (name := row.get(f"Attribute {number} name")) and (value := row.get(f"Attribute {number} value")):
            yield name, value, row.get(f"Attribute {number} global")
        number += 1


def _bare(name: str) -> str:
    """Return the letters and digits of a name, without accents and in small letters."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


_ENGLISH = {_bare(name): key for key, names in _NAMES.items() for name in (key, *names)}
