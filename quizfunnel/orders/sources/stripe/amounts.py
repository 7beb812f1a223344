"""Amounts as Stripe writes them: whole numbers of its own smallest units, which are not always ISO 4217's; pure.

Source: Stripe's documentation of currencies, zero-decimal and three-decimal ones and special cases.
"""

from decimal import Decimal

from quizfunnel.kit.money import exponent, to_major, to_minor
from quizfunnel.orders.event import UnreadableError

_NONE = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
_THREE = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
# ISK and UGX have no decimals, and are written with two for the sake of older programs


def minor_units(amount: object, currency: str) -> int:
    """Return an amount of Stripe's in minor units of ISO 4217; UnreadableError for what is none."""
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise UnreadableError("an amount is no whole number")
    try:
        exponent(currency)
        digits = 0 if currency in _NONE else 3 if currency in _THREE else 2
        return to_minor(Decimal(amount).scaleb(-digits), currency)
    except ValueError as error:
        raise UnreadableError(str(error)) from None


def unit_price(total: object, quantity: object, currency: str) -> str | None:
    """Return a line's price for one as decimal text, rounded as Stripe's own pages do it; None where it has none."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or quantity <= 0:
        return None
    try:
        whole = to_major(minor_units(total, currency), currency)
    except UnreadableError:
        return None
    return str(round(whole / quantity, exponent(currency)))
