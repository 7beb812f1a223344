"""Net quantity and unit price: how much a pack holds, and its price per kilogram, litre or another round amount; pure.

Source: Directive 98/6/EC, by which the price of one kilogram, litre, metre, square or cubic metre stands beside a
price, or that of another single amount where it is named, and need not where both are the same. Weights and volumes of
other systems are told by their own unit: a pint is not the same everywhere.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Unit(NamedTuple):
    """One unit: its short name, the units that it can be compared with, and its size beside theirs.

    `label` is its name in CLDR, empty for pieces, which are counted.
    """

    name: str
    family: str
    size: Fraction
    label: str


def _unit(name: str, family: str, size: str, label: str = "") -> Unit:
    return Unit(name, family, Fraction(size), label)


_UNITS = (
    _unit("mg", "mass", "1/1000000", "mass-milligram"),
    _unit("g", "mass", "1/1000", "mass-gram"),
    _unit("kg", "mass", "1", "mass-kilogram"),
    _unit("ml", "volume", "1/1000", "volume-milliliter"),
    _unit("cl", "volume", "1/100", "volume-centiliter"),
    _unit("dl", "volume", "1/10", "volume-deciliter"),
    _unit("l", "volume", "1", "volume-liter"),
    _unit("m3", "room", "1", "volume-cubic-meter"),
    _unit("mm", "length", "1/1000", "length-millimeter"),
    _unit("cm", "length", "1/100", "length-centimeter"),
    _unit("m", "length", "1", "length-meter"),
    _unit("cm2", "area", "1/10000", "area-square-centimeter"),
    _unit("m2", "area", "1", "area-square-meter"),
    _unit("oz", "avoirdupois", "1/16", "mass-ounce"),
    _unit("lb", "avoirdupois", "1", "mass-pound"),
    _unit("floz", "fluid ounce", "1", "volume-fluid-ounce"),
    _unit("pt", "pint", "1/8", "volume-pint"),
    _unit("qt", "pint", "1/4", "volume-quart"),
    _unit("gal", "pint", "1", "volume-gallon"),
    _unit("in", "foot", "1/12", "length-inch"),
    _unit("ft", "foot", "1", "length-foot"),
    _unit("yd", "foot", "3", "length-yard"),
    _unit("ft2", "square foot", "1", "area-square-foot"),
    _unit("ct", "piece", "1"),
)
_ALIASES = {
    "g": "gr gram grams gramm gramme grammes gramo gramos grammi",
    "kg": "kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo kilogramos",
    "ml": "millilitre millilitres milliliter milliliters",
    "cl": "centilitre centilitres centiliter centiliters",
    "l": "litre litres liter liters ltr litro litros litri",
    "m3": "cbm m³",
    "m": "metre metres meter meters",
    "m2": "sqm m²",
    "cm2": "cm²",
    "oz": "ounce ounces",
    "lb": "lbs pound pounds",
    "floz": "fl.oz fl.oz.",
    "ft": "foot feet",
    "ft2": "sqft ft²",
    "in": "inch inches",
    "yd": "yard yards",
    "ct": "count item items piece pieces pc pcs pcs. stück stk stk. pièce pièces pieza piezas pezzo pezzi stuk stuks "
    "szt szt. 個",
}
_BY_NAME = {unit.name: unit for unit in _UNITS}
_BY_WORD = _BY_NAME | {word: _BY_NAME[name] for name, words in _ALIASES.items() for word in words.split()}
_KEPT_UNITS = frozenset(
    ("avoirdupois", "foot", "pint")
)  # no one of their units is the usual one: each is told by itself
_WRITTEN = re.compile(
    r"(?:(\d{1,4})\s*[x\u00d7]\s*)?(\d{1,9}(?:[.,]\d{1,6})?)\s*(\D+?(?:(?<=[a-z])[23])?)", re.IGNORECASE
)
_TWO_MEANINGS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # a thousand and more, or one and a bit
LONGEST = 40


class NetQuantity(NamedTuple):
    """An amount of one unit: ``250 g`` of a pack, or the ``1 kg`` that a price is told for."""

    amount: Fraction
    unit: Unit

    @property
    def size(self) -> Fraction:
        """Return the amount in units of the family."""
        return self.amount * self.unit.size

    @property
    def text(self) -> str:
        """Return the amount as `read` takes it."""
        whole = self.amount.denominator == 1
        return f"{self.amount.numerator if whole else float(self.amount):.10g} {self.unit.name}"


@lru_cache(maxsize=4096)
def read(text: str) -> NetQuantity | None:
    """Return the amount of ``250 g``, ``0,75 l`` or ``6 x 330 ml``; None for what is none, or has two meanings."""
    written = _WRITTEN.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if written is None or _TWO_MEANINGS.fullmatch(written[2]):
        return None
    unit = _BY_WORD.get("".join(written[3].casefold().split()))
    amount = Fraction(written[2].replace(",", ".")) * int(written[1] or 1)
    return NetQuantity(amount, unit) if unit and amount else None


def usual_base(quantity: NetQuantity) -> NetQuantity:
    """Return the amount that a price is told for where the catalogue names none: a kilogram, a litre, a piece."""
    family, unit = quantity.unit.family, quantity.unit
    if family not in _KEPT_UNITS:
        unit = next(each for each in _UNITS if each.family == family and each.size == 1)
    return NetQuantity(Fraction(1), unit)


class UnitPrice(NamedTuple):
    """A price in minor units for an amount."""

    price: int
    base: NetQuantity


def unit_price(price: int, net_quantity: str, base: str = "") -> UnitPrice | None:
    """Return the price of one `base`, else of the usual amount, for what a pack of `net_quantity` costs.

    It is rounded as money is, half up. None where nothing is known of the pack, the two amounts cannot be compared,
    they are the same, or what would be left is nothing.
    """
    pack = read(net_quantity) if net_quantity else None
    if pack is None:
        return None
    of = read(base) if base else usual_base(pack)
    if of is None or of.unit.family != pack.unit.family or of.size == pack.size:
        return None
    rounded = int(Fraction(price) * of.size / pack.size + Fraction(1, 2))
    return UnitPrice(rounded, of) if rounded else None
