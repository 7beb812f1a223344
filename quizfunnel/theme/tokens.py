"""Design tokens: the custom properties that every page is drawn by, and their values where nobody sets others; pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

Scheme: TypeAlias = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


class TwoSchemes(NamedTuple):
    """Colour of a token in either scheme, as #rrggbb."""

    light: str
    dark: str

    def of(self, scheme: Scheme) -> str:
        """Return the colour of one scheme."""
        return self.light if scheme == "light" else self.dark


class TokenSet(NamedTuple):
    """Colours and shapes by token, whichever of them somebody set."""

    colours: Mapping[str, TwoSchemes] = MappingProxyType({})
    shapes: Mapping[str, str] = MappingProxyType({})

    def over(self, other: "TokenSet") -> "TokenSet":
        """Return this look, and what it does not set as the other has it."""
        return TokenSet({**other.colours, **self.colours}, {**other.shapes, **self.shapes})


COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "accent": "links, buttons, progress, the chosen answer, the focus ring",
        "on_accent": "letters on a button of the accent",
        "surface": "the page",
        "raised": "cards and answers, which lie on the page",
        "text": "letters",
        "muted": "help, notes, what is said beside the matter",
        "line": "fine lines around cards and answers",
        "edge": "borders of fields to write in",
        "error": "what is wrong with an answer, a loss in the analyst's charts",
        "good": "a gain in the analyst's charts",
    }
)
"""Tokens that are colours, with what each colours; the last three follow from the others."""

SETTABLE = tuple(list(COLOURS)[:-3])

SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "radius": "corners",
        "font": "letters",
        "display": "letters of headings",
        "ease": "how long a change of colour takes, and how it runs",
    }
)
"""Tokens that are no colours, with what each shapes."""

DEFAULT = TokenSet(
    {
        "accent": TwoSchemes("#1f5f4a", "#8fd3b8"),
        "on_accent": TwoSchemes("#ffffff", "#0d1f18"),
        "surface": TwoSchemes("#fbfaf7", "#141716"),
        "raised": TwoSchemes("#ffffff", "#1d2120"),
        "text": TwoSchemes("#1b2320", "#ecefed"),
    },
    {
        "radius": "14px",
        "font": "system-ui, sans-serif",
        "display": "var(--q-font)",
        "ease": ".18s cubic-bezier(.2,.7,.2,1)",
    },
)
"""Look of the stylesheets themselves (static/quiz.css)."""


def custom_property(token: str) -> str:
    """Return the name of a token in a stylesheet."""
    return f"--q-{token.replace('_', '-')}"
