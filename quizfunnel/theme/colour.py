"""Colour: sRGB from hex notation, contrast by relative luminance (WCAG 2.2), and mixing as CSS does it; pure."""

import re
from functools import lru_cache
from typing import NamedTuple

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_SHORT = 4  # the length of #rgb
_WHOLE = 255
_DECIMALS = 2
_KEPT = 4096  # colours: a search looks at the same ones again and again


class Rgb(NamedTuple):
    """Red, green and blue of sRGB, each from 0 to 1, with its gamma."""

    red: float
    green: float
    blue: float


BLACK, WHITE = Rgb(0, 0, 0), Rgb(1, 1, 1)


def normal(text: str) -> str:
    """Return a colour as #rrggbb; ValueError for any other notation than #rgb and #rrggbb.

    A share of transparency is refused with the rest: what lies below it would decide the contrast.
    """
    if not _HEX.fullmatch(text):
        raise ValueError('must be a colour like "#7a1f3d", or {light = "#7a1f3d", dark = "#ffb3c7"}')
    digits = text[1:].lower()
    return "#" + ("".join(2 * digit for digit in digits) if len(text) == _SHORT else digits)


@lru_cache(maxsize=_KEPT)
def parse(text: str) -> Rgb:
    """Return the colour that #rrggbb says."""
    return Rgb(*(int(text[place : place + 2], 16) / _WHOLE for place in (1, 3, 5)))


def as_hex(colour: Rgb) -> str:
    """Return a colour as #rrggbb, each part rounded as a screen shows it."""
    return "#" + "".join(f"{round(min(max(part, 0), 1) * _WHOLE):02x}" for part in colour)


def mix(first: Rgb, second: Rgb, share: float) -> Rgb:
    """Return ``color-mix(in srgb, first share, second)``."""
    return Rgb(*(share * one + (1 - share) * other for one, other in zip(first, second, strict=True)))


def linear(part: float) -> float:
    """Return a part of sRGB without its gamma (IEC 61966-2-1)."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004


@lru_cache(maxsize=_KEPT)
def luminance(colour: Rgb) -> float:
    """Return the relative luminance (WCAG 2.2), 0 for black and 1 for white."""
    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio (WCAG 2.2) of two colours, from 1 to 21, whichever lies on the other."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def said(ratio: float) -> str:
    """Return a contrast for people, rounded down: 4.499 is not enough, so it must not read as 4.5."""
    scale = 10**_DECIMALS
    return f"{int(ratio * scale) / scale:.{_DECIMALS}f}"
