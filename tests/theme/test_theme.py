"""Laws of a theme: a stylesheet of custom properties, and the same theme in another program."""

import tinycss2

from quizfunnel.theme.ready import READY
from quizfunnel.theme.theme import Theme, from_text
from quizfunnel.theme.tokens import COLOURS, SHAPES, TokenSet, custom_property

BRANDED = Theme(
    look=TokenSet(READY["linen"].colours, {"radius": "0px"}),
    font_files={"Brand Sans": "fonts/brand.woff2"},
    logo="logo.svg",
    logo_dark="logo-dark.svg",
    logo_alt="Fernhill",
)


def test_a_stylesheet_has_every_colour_and_what_was_set() -> None:
    """Those that follow from others follow in it; shapes that nobody set stay those of the page."""
    sheet = BRANDED.stylesheet({"fonts/brand.woff2": "/static/fonts/brand.woff2?v=1"})
    face, root = tinycss2.parse_stylesheet(sheet, skip_whitespace=True)
    assert (face.at_keyword, tinycss2.serialize(root.prelude)) == ("font-face", ":root")
    assert 'url("/static/fonts/brand.woff2?v=1") format("woff2")' in sheet
    names = [each.name for each in tinycss2.parse_blocks_contents(root.content) if each.type == "declaration"]
    assert names == [*map(custom_property, COLOURS), "--q-radius"]


def test_no_theme_is_no_stylesheet() -> None:
    """Whatever page waits for one waits for something."""
    assert Theme().stylesheet({}) == ""
    assert set(Theme().tokens().shapes) == set(SHAPES)


def test_another_program_wears_the_same_theme() -> None:
    """From one line; from an empty one the default."""
    assert from_text(BRANDED.as_text()).stylesheet({"fonts/brand.woff2": "/x.woff2"}) == BRANDED.stylesheet(
        {"fonts/brand.woff2": "/x.woff2"}
    )
    assert from_text(BRANDED.as_text()).files() == BRANDED.files()
    assert from_text("") == Theme()
