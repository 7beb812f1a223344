"""Money as integer minor units of an ISO 4217 currency."""

from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol, parse_pattern

from quizfunnel.kit.iso4217 import MINOR_DIGITS

LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"
_LARGEST = 10**15  # minor units; also far inside a 64-bit column


def exponent(currency: str) -> int:
    """Return how many decimals `currency` has (JPY 0, EUR 2, KWD 3); ValueError if ISO 4217 has no such code."""
    digits = MINOR_DIGITS.get(currency)
    if digits is None:
        raise ValueError(f"{currency!r} is no ISO 4217 currency code; write one like EUR, GBP or USD")
    return digits


def to_minor(amount: str | int | Decimal, currency: str) -> int:
    """Return `amount`, in major units, as minor units: ``to_minor("9.99", "EUR") == 999``.

    Raises ValueError for what is no finite number, is too large or has more decimals than the
    currency; nothing is rounded.
    """
    try:
        value = Decimal(str(amount).strip())
    except InvalidOperation:
        raise ValueError(f"{str(amount)[:40]!r} is no amount of money; write it like 12.50") from None
    if not value.is_finite() or abs(value) >= _LARGEST:
        raise ValueError(f"{str(amount)[:40]!r} is no possible amount of money")
    scaled = value.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{str(amount)[:40]!r} has more decimals than {currency} has ({exponent(currency)})")
    return int(scaled)


def to_major(minor: int, currency: str) -> Decimal:
    """Return `minor` units as a Decimal of major units: ``to_major(999, "EUR") == Decimal("9.99")``."""
    return Decimal(minor).scaleb(-exponent(currency))


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, language: str = "en", *, short: bool = False) -> str:
    """Return the amount as people of `language` write it: ``format_money(1250, "GBP") == "£12.50"``.

    A whole amount is `short` in a sentence, where it is no price: "up to £16".
    """
    locale = _locale(language)
    amount, usual = to_major(minor, currency), get_currency_precision(currency)
    short = short and amount == round(amount)
    if amount == round(amount, usual) and not short:
        return _kept_whole(format_currency(amount, currency, locale=locale), currency, locale)
    # seldom written with these decimals: here they are what is charged, or left out of a whole amount
    digits = 0 if short else exponent(currency)
    pattern = parse_pattern(locale.currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    written: str = pattern.apply(amount, locale, currency=currency, currency_digits=False)
    return _kept_whole(written, currency, locale)


@lru_cache(maxsize=4096)
def currency_marks(currency: str, language: str = "en") -> tuple[str, str]:
    """Return the symbol as it stands before and after an amount: ``currency_marks("GBP") == ("£", "")``."""
    exponent(currency)
    locale = _locale(language)
    pattern, symbol = locale.currency_formats["standard"], get_currency_symbol(currency, locale=locale)
    before, after = pattern.prefix[0], pattern.suffix[0]
    marks = before.replace("¤", symbol), after.replace("¤", symbol)
    return _kept_whole(marks[0], currency, locale), _kept_whole(marks[1], currency, locale)


def _kept_whole(text: str, currency: str, locale: Locale) -> str:
    """Return a text in which a symbol keeps its order in a line from the right: "UK£" is not to read "£UK"."""
    symbol = get_currency_symbol(currency, locale=locale)
    torn = locale.text_direction == "rtl" and symbol[0].isascii() and symbol[0].isalpha() and not symbol[-1].isalpha()
    return text.replace(symbol, f"{symbol}{LEFT_TO_RIGHT}") if torn else text


def _locale(language: str) -> Locale:
    """Return the locale of a language tag; English where Babel knows none."""
    try:
        return Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale("en")
