"""Theme of one store: its look over a ready one over the default, its fonts and its logo; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from quizfunnel.theme.palette import complete
from quizfunnel.theme.tokens import COLOURS, DEFAULT, SCHEMES, SHAPES, TokenSet, TwoSchemes, custom_property

_FORMATS = {"woff2": "woff2", "woff": "woff", "ttf": "truetype", "otf": "opentype"}
FONT_FORMATS = tuple(_FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Brand of a store: the tokens that it set, fonts of its own by name and file, and the logo with its text.

    Files are paths below the store's static/. `logo_dark` is shown in the dark scheme, where it is another.
    """

    look: TokenSet = field(default_factory=TokenSet)
    font_files: Mapping[str, str] = field(default_factory=dict)
    logo: str = ""
    logo_dark: str = ""
    logo_alt: str = ""

    def tokens(self) -> TokenSet:
        """Return every token of every page."""
        set_here = self.look.colours.items()
        light, dark = (complete({token: pair.of(each) for token, pair in set_here}, each) for each in SCHEMES)
        colours = {token: TwoSchemes(light[token], dark[token]) for token in COLOURS}
        return TokenSet(colours, {**DEFAULT.shapes, **self.look.shapes})

    def files(self) -> tuple[str, ...]:
        """Return the files that the theme needs."""
        return (*self.font_files.values(), *(logo for logo in (self.logo, self.logo_dark) if logo))

    def stylesheet(self, addresses: Mapping[str, str]) -> str:
        """Return theme.css, its files by their addresses; empty where nothing was set.

        Where colours were set it has all of them: those that follow from others follow in it.
        """
        tokens = self.tokens()
        colours = tokens.colours if self.look.colours else {}
        lines = [
            *(f"{custom_property(token)}:light-dark({pair.light},{pair.dark})" for token, pair in colours.items()),
            *(f"{custom_property(token)}:{tokens.shapes[token]}" for token in SHAPES if token in self.look.shapes),
        ]
        faces = [_face(family, addresses[path]) for family, path in self.font_files.items()]
        return "".join([*faces, f":root{{{';'.join(lines)}}}" if lines else ""])

    def as_text(self) -> str:
        """Return the theme as one line, for a program that reads no settings."""
        return json.dumps([*self.look, self.font_files, self.logo, self.logo_dark, self.logo_alt])


def from_text(line: str) -> Theme:
    """Return the theme that a line of `as_text` holds; the default one for an empty line."""
    if not line:
        return Theme()
    colours, shapes, font_files, *logo = json.loads(line)
    look = TokenSet({token: TwoSchemes(*pair) for token, pair in colours.items()}, shapes)
    return Theme(look=look, font_files=font_files, logo=logo[0], logo_dark=logo[1], logo_alt=logo[2])


def _face(family: str, address: str) -> str:
    """Return a font's rule: of every weight, and never in exchange for letters that are being read."""
    ending = address.partition("?")[0].rpartition(".")[2]
    return (
        f'@font-face{{font-family:"{family}";src:url("{address}") format("{_FORMATS[ending]}");'
        "font-weight:1 1000;font-display:optional}"
    )
