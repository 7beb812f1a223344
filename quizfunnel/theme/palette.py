"""Palette: every colour of one scheme, those that nobody set derived from those that somebody did; pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from quizfunnel.theme.colour import WHITE, Rgb, as_hex, contrast, mix, parse
from quizfunnel.theme.oklch import lighter_and_darker
from quizfunnel.theme.tokens import DEFAULT, Scheme, TwoSchemes

Palette: TypeAlias = Mapping[str, str]
"""Colours by token, each as #rrggbb."""

TEXT, NON_TEXT = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
HOVER, CHOSEN, MESSAGE = 0.88, 0.08, 0.08  # shares of the accent and of the error's colour in static/quiz.css
_MUTED, _LINE, _EDGE = 0.68, 0.16, 0.55  # shares of the text in the surface
_RAISED: Mapping[Scheme, float] = {"light": 0.6, "dark": 0.05}  # shares of white in the surface
_SIGNALS = {"error": TwoSchemes("#a3231b", "#ffb4ab"), "good": TwoSchemes("#146c43", "#7bd8a5")}
_AMBER, _NOTICE = parse("#d9a400"), 0.14  # of the staff pages' notices, in static/insight.css
_STEPS = 25
_DERIVED = frozenset({"on_accent", "muted", "line", "edge", *_SIGNALS})


class Pair(NamedTuple):
    """Two colours that meet on a page, and the least contrast that they need."""

    token: str
    ground: str
    least: float


PAIRS = (
    *(Pair("text", ground, TEXT) for ground in ("surface", "raised")),
    *(Pair("accent", ground, TEXT) for ground in ("surface", "raised")),
    *(Pair("on_accent", ground, TEXT) for ground in ("accent", "hover")),
    Pair("text", "chosen", TEXT),
    Pair("accent", "chosen", NON_TEXT),
    *(Pair("muted", ground, TEXT) for ground in ("surface", "raised", "chosen")),
    *(Pair("error", ground, TEXT) for ground in ("surface", "raised", "message")),
    *(Pair("good", ground, TEXT) for ground in ("surface", "raised")),
    Pair("text", "notice", TEXT),
    *(Pair("edge", ground, NON_TEXT) for ground in ("surface", "raised")),
)
"""Pairs that are proven, those first that the others rest on."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "hover": ("accent", "text"),
    "chosen": ("accent", "raised"),
    "message": ("error", "surface"),
    "notice": ("raised",),
}
"""Grounds that are mixed, with the tokens that they are mixed of."""


def ground(palette: Palette, name: str) -> Rgb:
    """Return the colour that letters lie on: a token's, or one that the stylesheet mixes."""
    if name == "hover":
        return mix(parse(palette["accent"]), parse(palette["text"]), HOVER)
    if name == "chosen":
        return mix(parse(palette["accent"]), parse(palette["raised"]), CHOSEN)
    if name == "message":
        return mix(parse(palette["error"]), parse(palette["surface"]), MESSAGE)
    if name == "notice":
        return mix(_AMBER, parse(palette["raised"]), _NOTICE)
    return parse(palette[name])


def ratio(palette: Palette, pair: Pair) -> float:
    """Return the contrast of a pair."""
    return contrast(parse(palette[pair.token]), ground(palette, pair.ground))


def holds(palette: Palette, pairs: Iterable[Pair]) -> bool:
    """Tell whether each pair has the contrast that it needs."""
    return all(ratio(palette, pair) >= pair.least for pair in pairs)


def derived(colours: Iterable[str]) -> frozenset[str]:
    """Return the tokens whose colours follow from others where `colours` are set."""
    return _DERIVED.difference(colours) | ({"raised"} if "surface" in colours and "raised" not in colours else set())


def complete(colours: Mapping[str, str], scheme: Scheme) -> dict[str, str]:
    """Return every token's colour in a scheme: as set, else the default, fitted to what was set."""
    palette = {token: pair.of(scheme) for token, pair in DEFAULT.colours.items()} | dict(colours)
    if "surface" in colours and "raised" not in colours:
        palette["raised"] = as_hex(mix(WHITE, parse(palette["surface"]), _RAISED[scheme]))
    if "on_accent" not in colours:
        palette["on_accent"] = _on_accent(palette)
    if "muted" not in colours:
        palette["muted"] = _blend(palette, "muted", _MUTED)
    if "line" not in colours:
        palette["line"] = as_hex(mix(parse(palette["text"]), parse(palette["surface"]), _LINE))
    palette["edge"] = _blend(palette, "edge", _EDGE)
    return palette | {token: _signal(token, palette, usual.of(scheme)) for token, usual in _SIGNALS.items()}


def _of(token: str) -> list[Pair]:
    return [pair for pair in PAIRS if pair.token == token]


def _on_accent(palette: dict[str, str]) -> str:
    """Return the default where it can be read on the accent, else white or black, whichever is read better."""
    if holds(palette, _of("on_accent")):
        return palette["on_accent"]

    def least(candidate: str) -> float:
        return min(ratio(palette | {"on_accent": candidate}, pair) for pair in _of("on_accent"))

    return max(("#ffffff", "#000000"), key=least)


def _blend(palette: dict[str, str], token: str, share: float) -> str:
    """Return text mixed into the surface by `share`, by more where its contrast needs that."""
    text, surface = parse(palette["text"]), parse(palette["surface"])
    for step in range(_STEPS):
        blend = as_hex(mix(text, surface, share + (1 - share) * step / _STEPS))
        if holds(palette | {token: blend}, _of(token)):
            return blend
    return palette["text"]


def _signal(token: str, palette: dict[str, str], usual: str) -> str:
    """Return the colour of a signal that can be read on its grounds, the nearest to the usual one."""
    if holds(palette | {token: usual}, _of(token)):
        return usual
    shades = lighter_and_darker(usual)
    return next((shade for shade in shades if holds(palette | {token: shade}, _of(token))), palette["text"])
