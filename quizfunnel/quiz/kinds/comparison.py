"""Comparative of an adjective: how a product differs from what was asked for, "a little milder"; pure.

A scale's end may be labelled with anything ("None", "Matt"), so that only the adjectives of this list are compared;
other ends, and other languages, are told by more and less.
"""

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


def comparative(label: str, language: str) -> str:
    """Return what is nearer to an end of a scale than something else: `Very strong` gives "stronger"; else none."""
    words = [word for word in label.lower().split() if word not in _DEGREES]
    known = len(words) == 1 and language.partition("-")[0] == "en"
    return _COMPARATIVES.get(words[0], "") if known else ""
