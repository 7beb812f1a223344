"""Words for numbers and names, as sentences about an answer need them; pure."""

import difflib
import re
from collections.abc import Iterable, Sequence

from quizfunnel.i18n.languages import is_source
from quizfunnel.i18n.words import Words, words_in
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

_NEED_NO_BECAUSE = ("for ", "für ", "pour ", "para ", "per ", "voor ", "dla ", "do ")
_YOU = ("you", "du ", "sie ", "ihr ", "tu ", "vous ", "tú ", "usted", "lei ", "je ", "jij ", "u ", "あなた", "أنت")
"""The words that a reason begins with in the languages that are shipped, where the grammar of one has such words."""

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
        return f"{words_in(language).number(value)} {unit}".strip()


def marks(unit: str, language: str = "en") -> tuple[str, str]:
    """Return a unit as it stands before and after a number: a currency's symbol on its side, another one after."""
    try:
        return currency_marks(unit, language)
    except ValueError:  # no currency
        return "", f" {unit}" if unit else ""


def because(words: str, say: Words) -> str:
    """Return a reason of the quiz file's own as a sentence: "for espresso" is one, "you pull espresso" a clause."""
    if words.lower().startswith(_NEED_NO_BECAUSE) or words.endswith((".", "。")):
        return capital(words)
    # Translators: %(reason)s is a clause of the quiz file's own, as "you pull espresso"
    return say("Because %(reason)s", reason=words)


def is_clause(words: str) -> bool:
    """Tell whether words say something of the shopper, "you drink it with milk", and do not name what is asked for."""
    return words.lower().startswith(_YOU)


def phrase_broken(phrase: str, rule: str, say: Words) -> str:
    """Return the sentence about a product that is not as a rule's phrase says: "no scent" is broken "With scent"."""
    if not is_source(say.language):
        # Translators: %(wish)s is what was asked for, in the quiz file's own words, as "no fragrance"
        return say("Not as you asked: %(wish)s", wish=phrase)
    for without in ("no ", "without "):
        if phrase.lower().startswith(without):
            rest = phrase[len(without) :]
            return f"With {rest}" if rule == "excludes" else f"Not sure to be without {rest}"
    return f"Not {phrase}"


def question_and_answer(question: str, answer: str, say: Words) -> str:
    """Return an answer behind its question: "How strong? 4"."""
    # Translators: a question, with its question mark, and the answer to it, in one line
    return say("%(question)s %(answer)s", question=question, answer=answer)


def as_end(shown: str, *, more: bool, less: bool, say: Words) -> str:
    """Return a number of a scale, with what an open end says: "£500 or more"."""
    if more:
        return say("%(amount)s or more", amount=shown)
    return say("%(amount)s or less", amount=shown) if less else shown


def number(value: float) -> str:
    """Return a number without needless zeros."""
    return f"{value:.10g}"


def capital(text: str) -> str:
    """Return a text that begins with a capital."""
    return text[:1].upper() + text[1:]


def attribute_name(name: str, say: Words) -> str:
    """Return an attribute's name inside a sentence: ``roast_level`` is `roast level`, unless the quiz names it."""
    return say.names.get(name) or name.replace("_", " ").lower()


def attribute_title(name: str, say: Words) -> str:
    """Return an attribute's name as a sentence begins with it: ``roast_level`` is `Roast level`."""
    return capital(say.names.get(name) or name.replace("_", " "))


def property_title(kind: str, value: str, say: Words) -> str:
    """Return what a selector names as a property: tag `dark-roast` is `Dark roast`; none for one single product."""
    if kind == "product":
        return ""
    if own := say.names.get(f"{kind}:{value}"):
        return capital(own)
    # As English writes it: "fragrance-free" keeps the hyphen that a tag has in place of a space.
    words = re.sub(r"[-_]+(?!free\b)", " ", value)
    if kind in ("tag", "type", "vendor"):
        return capital(words)
    # Translators: a property of a product and its value, as "Texture light"
    return say("%(attribute)s %(value)s", attribute=attribute_title(kind, say), value=words)


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
