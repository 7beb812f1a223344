"""OKLCH: colours by lightness, chroma and hue as eyes see them (Ottosson 2020; CSS Color 4); pure."""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from quizfunnel.theme.colour import Rgb, as_hex, linear, parse

_STEPS = 500  # of lightness, several to each that a screen can show
_HALVINGS = 12  # of the chroma, to a four-thousandth of it
_EDGE = 1e-6


class Oklab(NamedTuple):
    """Lightness from 0 to 1, and two axes of colour: green to red, blue to yellow."""

    lightness: float
    a: float
    b: float


def oklab(colour: Rgb) -> Oklab:
    """Return a colour of sRGB in Oklab."""
    red, green, blue = map(linear, colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return Oklab(
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def srgb(colour: Oklab) -> Rgb:
    """Return a colour of Oklab in sRGB; a part below 0 or above 1 is one that no screen shows."""
    lightness, a, b = colour
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Rgb(
        _with_gamma(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _with_gamma(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _with_gamma(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


@lru_cache(maxsize=16)
def lighter_and_darker(text: str) -> tuple[str, ...]:
    """Return the colours of the same hue in every lightness as #rrggbb, the nearest to `text` first.

    The chroma is kept as far as a screen can show it. Near is the distance in Oklab.
    """
    original = oklab(parse(text))
    shades = {as_hex(srgb(shade)) for shade in _shades(original)}
    return tuple(sorted(shades, key=lambda shade: math.dist(oklab(parse(shade)), original)))


def _shades(original: Oklab) -> Iterator[Oklab]:
    for step in range(_STEPS + 1):
        yield _shown(Oklab(step / _STEPS, original.a, original.b))


def _shown(colour: Oklab) -> Oklab:
    """Return a colour that screens show: the same but for as much of its chroma as they cannot."""
    if _is_shown(colour):
        return colour
    least, most = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (least + most) / 2
        least, most = (share, most) if _is_shown(_with_chroma(colour, share)) else (least, share)
    return _with_chroma(colour, least)


def _with_chroma(colour: Oklab, share: float) -> Oklab:
    return Oklab(colour.lightness, share * colour.a, share * colour.b)


def _is_shown(colour: Oklab) -> bool:
    return all(-_EDGE <= part <= 1 + _EDGE for part in srgb(colour))


def _with_gamma(part: float) -> float:
    if part <= 0.0031308:  # noqa: PLR2004 - IEC 61966-2-1
        return 12.92 * part
    return float(1.055 * part ** (1 / 2.4) - 0.055)
