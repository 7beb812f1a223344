"""Laws of palettes: what is derived fits to what was set, and the defaults are those of the stylesheet."""

from hypothesis import assume, given

from quizfunnel.theme.colour import parse
from quizfunnel.theme.palette import PAIRS, complete, holds
from quizfunnel.theme.tokens import COLOURS, DEFAULT, SCHEMES
from tests.theme.palettes import HEX


@given(HEX)
def test_letters_on_an_accent_can_be_read(accent: str) -> None:
    """Nobody has to say them: whatever is read itself on the page bears white or black, under the pointer too."""
    palette = complete({"accent": accent}, "light")
    assume(holds(palette, [pair for pair in PAIRS if pair.token == "accent"]))
    assert holds(palette, [pair for pair in PAIRS if pair.token == "on_accent"])


def test_the_default_passes() -> None:
    """Every pair, in both schemes, every token of them."""
    for scheme in SCHEMES:
        palette = complete({}, scheme)
        assert set(palette) == set(COLOURS)
        assert holds(palette, PAIRS), scheme


def test_cards_lie_above_a_surface_that_was_set() -> None:
    """They are lighter than it, in either scheme, where nobody says how they are."""
    for scheme, surface in zip(SCHEMES, ("#f0e0d0", "#2a1a1f"), strict=True):
        palette = complete({"surface": surface}, scheme)
        assert max(parse(palette["raised"])) > max(parse(surface))
        assert palette["raised"] != DEFAULT.colours["raised"].of(scheme)


def test_a_signal_keeps_its_colour_where_it_can_be_read() -> None:
    """The usual red on the usual surface; on black in the light scheme one that is seen there."""
    assert complete({}, "light")["error"] == "#a3231b"
    black = complete({"surface": "#000000", "raised": "#111111", "text": "#ffffff", "accent": "#ffffff"}, "light")
    assert black["error"] != "#a3231b"
    assert holds(black, PAIRS)
