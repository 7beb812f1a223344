"""Contrast proof: the pairs of a look that cannot be read, each with the nearest colour that can; pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from quizfunnel.theme.colour import said
from quizfunnel.theme.oklch import lighter_and_darker
from quizfunnel.theme.palette import PAIRS, PARTS, TEXT, Pair, Palette, complete, derived, holds, ratio
from quizfunnel.theme.tokens import SCHEMES, SETTABLE, Scheme, TokenSet

_GROUNDS = {
    "hover": "the accent under the pointer",
    "chosen": "the chosen answer's ground",
    "message": "an error's ground",
    "notice": "a notice's ground on staff pages",
    "accent": "the accent",
}
_SOURCES = {TEXT: "text needs {} (WCAG 2.2, 1.4.3)"}
_OTHER_SOURCE = "what is no text needs {} (WCAG 2.2, 1.4.11)"


class Shortfall(NamedTuple):
    """Pair of colours with too little contrast, and the setting to change.

    `nearest` is the nearest colour to `colour` for `token` that passes, empty where none does beside the others.
    """

    scheme: Scheme
    pair: Pair
    ratio: float
    colours: tuple[str, str]
    token: str
    colour: str
    nearest: str

    def text(self) -> str:
        """Return what is wrong and where."""
        needs = _SOURCES.get(self.pair.least, _OTHER_SOURCE).format(self.pair.least)
        where = _GROUNDS.get(self.pair.ground, f"the {self.pair.ground}")
        on = where if self.pair.ground in PARTS else f"{where} {self.colours[1]}"
        return (
            f"in the {self.scheme} scheme {self.pair.token} {self.colours[0]} on {on} has a contrast of "
            f"{said(self.ratio)}, and {needs}"
        )

    def other(self) -> str:
        """Return the token that stands in the way of every colour."""
        tokens = (self.pair.token, *PARTS.get(self.pair.ground, (self.pair.ground,)))
        return next(token for token in tokens if token != self.token)


def complaints(look: TokenSet) -> list[str]:
    """Return for each setting that fails what is wrong, where, and what to write instead."""
    failing = shortfalls(look)
    tokens = dict.fromkeys(each.token for each in failing)
    return [complaint(token, [each for each in failing if each.token == token], look) for token in tokens]


def complaint(token: str, failing: list[Shortfall], look: TokenSet) -> str:
    """Return what is wrong with one setting, in one scheme or in both, and what to write instead."""
    told = f"{token}: {'; '.join(each.text() for each in failing)}"
    stuck = next((each for each in failing if not each.nearest), None)
    if stuck:
        return f"{told}; no other {token} passes beside the rest, so change {stuck.other()} too"
    nearest = {each.scheme: each.nearest for each in failing}
    written = look.colours.get(token)
    usual = {scheme: complete(_in(look, scheme), scheme)[token] for scheme in SCHEMES}
    light, dark = (nearest.get(scheme) or (written.of(scheme) if written else usual[scheme]) for scheme in SCHEMES)
    return (
        f"{told}; the nearest that passes is {' and '.join(nearest.values())}: "
        f'{token} = {{light = "{light}", dark = "{dark}"}}'
    )


def shortfalls(look: TokenSet) -> list[Shortfall]:
    """Return what cannot be read: of each scheme the first pair that fails, since the later ones rest on it."""
    return [each for scheme in SCHEMES if (each := _first(look, scheme))]


def _first(look: TokenSet, scheme: Scheme) -> Shortfall | None:
    colours = _in(look, scheme)
    palette = complete(colours, scheme)
    pair = next((pair for pair in PAIRS if ratio(palette, pair) < pair.least), None)
    return pair and _shortfall(pair, palette, colours, scheme)


def _in(look: TokenSet, scheme: Scheme) -> dict[str, str]:
    return {token: pair.of(scheme) for token, pair in look.colours.items()}


def _shortfall(pair: Pair, palette: Palette, colours: Mapping[str, str], scheme: Scheme) -> Shortfall:
    met = (palette[pair.token], palette.get(pair.ground, ""))
    tokens = list(_blamed(pair, colours))
    for token in tokens:
        if nearest := _nearest(token, pair, palette, colours, scheme):
            return Shortfall(scheme, pair, ratio(palette, pair), met, token, palette[token], nearest)
    return Shortfall(scheme, pair, ratio(palette, pair), met, tokens[0], palette[tokens[0]], "")


def _blamed(pair: Pair, colours: Mapping[str, str]) -> Iterator[str]:
    """Yield the tokens that could be changed to mend a pair, those first that somebody set."""
    involved = (pair.token, *PARTS.get(pair.ground, (pair.ground,)))
    settable = [token for token in involved if token in SETTABLE] or ["text", "surface"]
    yield from sorted(settable, key=lambda token: token not in colours)


def _nearest(token: str, pair: Pair, palette: Palette, colours: Mapping[str, str], scheme: Scheme) -> str:
    """Return the nearest colour for `token` by which every pair holds, else this one and those that it rests on.

    Empty where there is none.
    """
    # What is derived costs more to look at, and no derivation mends two colours that stand as they were set.
    unsure = derived({*colours, token})
    fixed = [each for each in PAIRS if unsure.isdisjoint((each.token, *PARTS.get(each.ground, (each.ground,))))]
    for proven in (PAIRS, PAIRS[: PAIRS.index(pair) + 1]):
        standing = [each for each in fixed if each in proven]
        for shade in lighter_and_darker(palette[token]):
            if holds({**palette, token: shade}, standing) and holds(
                complete({**colours, token: shade}, scheme), proven
            ):
                return shade
    return ""
