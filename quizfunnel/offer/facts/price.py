"""Price tag: what a product or a variant costs, before a sale and for a kilogram or the like, in words; pure."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from babel.localedata import LocaleDataDict, load

from quizfunnel.catalog import net_quantity
from quizfunnel.catalog.net_quantity import NetQuantity
from quizfunnel.catalog.product import Product, Variant
from quizfunnel.i18n.languages import locale_of
from quizfunnel.i18n.words import Words, words_in


class PriceTag(NamedTuple):
    """A price in minor units, the one before the sale that runs now, and the unit price in words.

    With `is_from` other variants cost more.
    """

    price: int
    currency: str
    was: int | None = None
    unit_price: str = ""
    is_from: bool = False

    def text(self, say: Words) -> str:
        """Return the price alone as a sentence says it."""
        price = say.money(self.price, self.currency)
        return say("from %(price)s", price=price) if self.is_from else price


def tag_of(product: Product, now: datetime, say: Words) -> PriceTag:
    """Return the tag of a product: of its cheapest variant, without an old price where others cost another."""
    shown, is_from = product.shown, product.has_several_prices
    if shown is None:
        return PriceTag(product.price, product.currency)
    tag = tag_of_variant(shown, product.currency, now, say)
    return tag._replace(was=None if is_from else tag.was, is_from=is_from)


def tag_of_variant(variant: Variant, currency: str, now: datetime, say: Words) -> PriceTag:
    """Return the tag of one variant."""
    return PriceTag(variant.price, currency, variant.was_at(now), unit_price(variant, currency, say))


def unit_price(variant: Variant, currency: str, say: Words) -> str:
    """Return a variant's unit price in words: `£46.00/kg`; empty where its catalogue does not say enough."""
    if not variant.net_quantity:
        return ""
    return _unit_price(variant.price, variant.net_quantity, variant.unit_price_for, currency, say.language)


@lru_cache(maxsize=4096)
def _unit_price(price: int, holds: str, base: str, currency: str, language: str) -> str:
    per, say = net_quantity.unit_price(price, holds, base), words_in(language)
    if per is None:
        return ""
    shown = say.money(per.price, currency)
    if per.base.unit.label:
        # Translators: a unit price, as "£46.00/kg" or "£4.60/100 g"
        return say("%(price)s/%(amount)s", price=shown, amount=amount(per.base, say))
    if per.base.amount == 1:
        return say("%(price)s per piece", price=shown)
    return say("%(price)s for %(number)s pieces", price=shown, number=say.number(float(per.base.amount)))


def amount(quantity: NetQuantity, say: Words) -> str:
    """Return a net quantity as people of a language write it, a single unit without the number: `kg`, `100 ml`."""
    return _measured(quantity, say, counted=quantity.amount != 1)


def holds(variant: Variant, say: Words) -> str:
    """Return how much a pack holds in words, empty where nobody says: `250 g`, `6 pieces`."""
    quantity = net_quantity.read(variant.net_quantity) if variant.net_quantity else None
    if quantity is None:
        return ""
    if quantity.unit.label:
        return _measured(quantity, say)
    return say.ngettext("%(num)s piece", "%(num)s pieces", int(quantity.amount))


def _measured(quantity: NetQuantity, say: Words, *, counted: bool = True) -> str:
    # Babel's own format_unit says "15 GBP/litry" and "52 £/Liter": where a short form has no plural it takes the long.
    locale = locale_of(say.language)
    facts: dict[Any, Any] = load(str(locale))
    short = LocaleDataDict(facts)["unit_patterns"][quantity.unit.label]["short"]
    pattern = short.get(locale.plural_form(float(quantity.amount)), short["other"])
    return str(pattern.replace("{0}", say.number(float(quantity.amount)) if counted else "").strip())
