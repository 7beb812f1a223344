"""Words for numbers and names, as sentences about an answer need them; pure."""

import difflib
import re
from collections.abc import Iterable, Sequence

from quizfunnel.kit.money import currency_marks, exponent, format_money, to_minor

MOST_NAMED = 8

_ANSWERS = (
    "yes/no/never/always/sometimes/often/rarely/maybe/both/neither/none/none of these/nothing/nearly always/"
    "almost always/now and then/not really/not sure/no preference/"
    "ja/nein/nie/immer/manchmal/oft/selten/beides/nichts/keine/oui/non/jamais/toujours/parfois/souvent/rien/"
    "sí/nunca/siempre/a veces/nada/sì/mai/sempre/qualche volta/niente/nee/nooit/altijd/soms/niets/tak/nigdy/zawsze/nic"
)
_BARE = frozenset(_ANSWERS.split("/"))
"""Labels that answer, in the languages that quizzes are written in most, and do not say what."""

MOST_LISTED = 5

_DEGREES = frozenset(("very", "extra", "really", "quite", "super", "fairly"))
_ER = (
    "mild strong light dark sweet rich soft hard firm warm cold cool thick small short long low high cheap fresh old "
    "young quiet loud slow fast smooth bright deep weak sharp tight stiff plain bold full crisp clean"
)
_R = "large fine coarse wide loose simple gentle pale"
_IER = "dry heavy spicy creamy fruity oily greasy nutty smoky earthy juicy silky shiny"
_COMPARATIVES = {
    **{word: f"{word}er" for word in _ER.split()},
    **{word: f"{word}r" for word in _R.split()},
    **{word: f"{word[:-1]}ier" for word in _IER.split()},
    "big": "bigger",
    "flat": "flatter",
    "hot": "hotter",
    "thin": "thinner",
}
"""Adjectives that are compared: a scale's end may be labelled with anything, as "None" or "Matt"."""


def amount(value: float, unit: str, language: str = "en", *, short: bool = True) -> str:
    """Return a number with its unit, as money where the unit is a currency: "£16", or "£16.00" where not `short`."""
    try:
        exponent(unit)
        return format_money(to_minor(number(value), unit), unit, language, short=short)
    except ValueError:  # no currency, or more decimals than it has
        return f"{number(value)} {unit}".strip()


def marks(unit: str, language: str = "en") -> tuple[str, str]:
    """Return a unit as it stands before and after a number: a currency's symbol on its side, another one after."""
    try:
        return currency_marks(unit, language)
    except ValueError:  # no currency
        return "", f" {unit}" if unit else ""


def because(words: str) -> str:
    """Return a reason of the quiz file's own as a sentence: "for espresso" is one, "you pull espresso" a clause."""
    return capital(words) if words.lower().startswith("for ") else f"Because {words}"


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:.10g}"


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def attribute_title(name: str) -> str:
    """Return an attribute's name as a sentence begins with it: ``roast_level`` is `Roast level`."""
    return capital(name.replace("_", " "))


def property_title(kind: str, value: str) -> str:
    """Return what a selector names as a property: tag `dark-roast` is `Dark roast`; none for one single product."""
    if kind == "product":
        return ""
    # As English writes it: "fragrance-free" keeps the hyphen that a tag has in place of a space.
    words = re.sub(r"[-_]+(?!free\b)", " ", value)
    return capital(words) if kind in ("tag", "type", "vendor") else f"{attribute_title(kind)} {words}"


def is_bare(label: str) -> bool:
    """Tell whether a label says nothing without its question: "Never", "Yes, often"."""
    return label.lower().partition(",")[0].rstrip(".!") in _BARE


def subject(id: str, ask: str) -> str:
    """Return the word of a question that its id names, if there: `milk` of "Do you add milk?" is "Milk"."""
    named = re.search(rf"(?<!\w){re.escape(id.replace('-', ' '))}(?!\w)", ask, re.IGNORECASE)
    return capital(named[0]) if named else ""


def comparative(label: str, language: str) -> str:
    """Return what is nearer to an end of a scale than something else: `Very strong` gives "stronger"; else none.

    Only known adjectives are compared, in English; anything else is told by more and less.
    """
    words = [word for word in label.lower().split() if word not in _DEGREES]
    known = len(words) == 1 and language.partition("-")[0] == "en"
    return _COMPARATIVES.get(words[0], "") if known else ""


def near(name: str, names: Iterable[str]) -> str:
    """Return ``; did you mean `x`?`` for the nearest of `names`, or some of them where none is near."""
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return (
        f"; there are {', '.join(known[:MOST_NAMED])}{' and more' if len(known) > MOST_NAMED else ''}" if known else ""
    )


def listed(ids: Sequence[str]) -> str:
    """Return the first of some ids and how many more there are, as a finding names them."""
    names = ", ".join(f"`{name}`" for name in ids[:MOST_LISTED])
    return f"{names} and {len(ids) - MOST_LISTED} more" if len(ids) > MOST_LISTED else names
