"""Amounts of money as people and spreadsheets write them; what could be read in two ways is refused."""

import re
import unicodedata

from babel.numbers import get_currency_symbol

from quizfunnel.kit.money import exponent, to_minor

# \u2212 is the minus of typesetters, \u2019 their apostrophe, \u00a0 and \u202f the spaces that break no line
_MARK = r"[^\d\s.,'\u2019()+\u2212-]*(?:(?<=[^\W\d_])\.)?"  # with the point of an abbreviation, "kr."
_WRITTEN = re.compile(rf"([-\u2212]?)({_MARK})\s*([-\u2212]?)([0-9][0-9.,'\u2019\s]*)(?<!\s)\s*({_MARK})")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}([,'\u2019 \u00a0\u202f])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?")
_COMMA = re.compile(r"(.*[0-9]),([0-9]{1,2})")
_ONE_GROUP = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}")
_AT_HOME = {
    "BGN": "лв",
    "CHF": "Fr",
    "CNY": "元",
    "CZK": "Kč",
    "DKK": "kr",
    "HUF": "Ft",
    "JPY": "円",
    "KRW": "원",
    "NOK": "kr",
    "PLN": "zł",
    "RON": "lei",
    "SEK": "kr",
    "TRY": "TL",
}
"""Signs of currencies that their own countries write, where English writes another."""
_GROUP = 3  # digits between two separators of thousands


def read_amount(text: str, currency: str) -> int:
    """Return `text` in minor units: ``read_amount("£1,234.50", "GBP") == 123450``; ValueError for what is unclear.

    Thousands may be set apart by commas, apostrophes or spaces; decimals follow a point. Parentheses or a minus
    stand for less than zero; a sign or code must be the currency's own. What another country reads as another
    amount (1.234 for EUR, 1,234 for KWD) is refused.
    """
    bare, negative = _without_parentheses(text.strip())
    parts = _WRITTEN.fullmatch(bare)
    if parts is None:
        raise ValueError(f"{text[:40]!r} is no amount of money; write it like 1234.50")
    before, mark, after, digits, behind = parts.groups()
    if (before and after) or (mark and behind) or (negative and (before or after)):
        raise ValueError(f"{text[:40]!r} is no amount of money; write it like 1234.50")
    _hold_mark(mark or behind, currency)
    minor = to_minor(_plain(digits, currency), currency)
    return -minor if negative or before or after else minor


def read_count(text: str) -> int:
    """Return a whole number of zero or more, perhaps with its thousands set apart: ``read_count("1,234") == 1234``."""
    bare = text.strip()
    if _PLAIN.fullmatch(bare) and "." not in bare:
        return int(bare)
    if _GROUPED.fullmatch(bare) and "." not in bare:
        return int(re.sub(r"[^0-9]", "", bare))
    raise ValueError(f"{text[:40]!r} is no whole number of zero or more")


def _without_parentheses(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    return text, False


def _hold_mark(mark: str, currency: str) -> None:
    """Refuse another currency's sign or code; ``$`` is that of every dollar."""
    symbol = get_currency_symbol(currency, "en")
    signs = {letter for letter in symbol if unicodedata.category(letter) == "Sc"}
    mark = unicodedata.normalize("NFKC", mark)  # the wide yen of Japanese keyboards
    if mark and mark not in {currency, symbol, *signs} and mark.removesuffix(".") != _AT_HOME.get(currency):
        raise ValueError(f"the amount is marked {mark[:10]!r} and its currency is {currency}; one of them is wrong")


def _plain(digits: str, currency: str) -> str:
    """Return digits with nothing but a decimal point between them."""
    decimals = exponent(currency)
    if (one := _ONE_GROUP.fullmatch(digits)) and (one[1] == "," if decimals == _GROUP else one[1] == "."):
        bare = re.sub("[.,]", "", digits)
        raise ValueError(
            f"{digits!r} can be read in two ways; write {bare}, or a point and {decimals} decimals of {currency}"
        )
    if _PLAIN.fullmatch(digits):
        return digits
    if _GROUPED.fullmatch(digits):
        return re.sub(r"[^0-9.]", "", digits)
    if comma := _COMMA.fullmatch(digits):
        whole = re.sub(r"[^0-9]", "", comma[1])
        raise ValueError(f"{digits[:40]!r} has its decimals after a comma; write {whole[:40]}.{comma[2]}")
    raise ValueError(f"{digits[:40]!r} is no amount of money; write it like 1234.50")
