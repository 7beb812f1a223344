"""Shapes of a theme: corners, letters and motion in the few forms that a stylesheet may be given; pure."""

import re
from collections.abc import Sequence

_RADIUS = re.compile(r"(\d{0,3}(?:\.\d{1,3})?)(px|rem|em)", re.ASCII)
_MOST = {"px": 64.0, "rem": 4.0, "em": 4.0}
_FAMILY = re.compile(r"[^\W\d_][\w .-]{0,59}")
_GENERIC = ("serif", "sans-serif", "monospace", "cursive", "fantasy", "math", "emoji")
_SYSTEM = ("system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded")
_KEYWORDS = (*_GENERIC, *_SYSTEM, "-apple-system", "BlinkMacSystemFont")
_MOST_FAMILIES = 12
_NUMBER = r"-?\d{0,2}(?:\.\d{1,4})?"
_EASE = re.compile(
    r"(?P<time>\d{0,4}(?:\.\d{1,3})?)(?P<unit>ms|s)\s+"
    rf"(?P<curve>linear|ease|ease-in|ease-out|ease-in-out|cubic-bezier\((?P<points>{_NUMBER}(?:\s*,\s*{_NUMBER}){{3}})\))",
    re.ASCII,  # a stylesheet knows no other digits and blanks
)
_LONGEST = 1000  # milliseconds; whoever waits for a button to change colour has gone


def radius(text: str) -> str:
    """Return a length with its unit, since a bare 0 is none to calc(); ValueError for what is no length."""
    found = _RADIUS.fullmatch("0px" if text == "0" else text)
    if not found or not found[1] or float(found[1]) > _MOST[found[2]]:
        raise ValueError('must be a length from 0 to 64px, like "14px" or "0.5rem"')
    return f"{float(found[1]):g}{found[2]}"


def families(value: str | Sequence[str]) -> str:
    """Return names of fonts as a stylesheet has them, each that is no keyword in quotation marks.

    ValueError for what is no list of names: a name has letters, digits, spaces, dots and hyphens alone.
    """
    names = [part.strip().strip("\"'").strip() for part in (value.split(",") if isinstance(value, str) else value)]
    if not 0 < len(names) <= _MOST_FAMILIES or not all(map(_is_family, names)):
        raise ValueError('must be names of fonts with commas, like "Georgia, serif"')
    return ", ".join(name if name in _KEYWORDS else f'"{name}"' for name in names)


def family(name: str) -> str:
    """Return one name of a font; ValueError for what is none."""
    if name in _KEYWORDS or not _is_family(name):
        raise ValueError('must be the name of a font, like "Brand Sans"')
    return name


def ease(text: str) -> str:
    """Return a time and a curve; ValueError for another form."""
    if text == "none":
        return "0s linear"
    found = _EASE.fullmatch(text)
    if not found or not found["time"] or not _is_short(found) or not _rises(found["points"]):
        raise ValueError(
            'must be a time up to 1s and a curve, like "180ms ease-out" or ".18s cubic-bezier(.2,.7,.2,1)", or "none"'
        )
    curve = "".join(found["curve"].split())
    return f"{found['time']}{found['unit']} {curve}"


def _is_family(name: str) -> bool:
    return name in _KEYWORDS or _FAMILY.fullmatch(name) is not None


def _is_short(found: re.Match[str]) -> bool:
    return float(found["time"]) * (1 if found["unit"] == "ms" else 1000) <= _LONGEST


def _rises(points: str | None) -> bool:
    """Tell whether the points of a curve are numbers, its times between 0 and 1."""
    if points is None:
        return True
    try:
        numbers = [float(point) for point in points.split(",")]
    except ValueError:
        return False
    return all(0 <= time <= 1 for time in numbers[::2])
