"""Laws of colours: hex notation alone, contrast as WCAG publishes it, mixing as CSS does it."""

import pytest

from quizfunnel.theme import colour
from quizfunnel.theme.colour import BLACK, WHITE, contrast, mix, parse


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#949494", "#ffffff", 3.03),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrasts_are_the_published_ones(one: str, other: str, ratio: float) -> None:
    """The greys that are known to pass by a hair, pure red, and the greatest contrast; either may lie on the other."""
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(parse(one), parse(other)) == contrast(parse(other), parse(one))


def test_a_contrast_is_never_said_better_than_it_is() -> None:
    """4.499 reads as 4.49: as 4.50 it would seem to pass."""
    assert colour.said(4.499) == "4.49"
    assert colour.said(21) == "21.00"


@pytest.mark.parametrize(("text", "normal"), [("#ABC", "#aabbcc"), ("#7A1f3d", "#7a1f3d")])
def test_hex_is_read(text: str, normal: str) -> None:
    """Three digits or six, in capitals or not."""
    assert colour.normal(text) == normal
    assert colour.as_hex(parse(normal)) == normal


@pytest.mark.parametrize(
    "text", ["", "red", "#12", "#1234", "#12345678", "#ggg", "#fff;}", "var(--x)", " #fff", "#fff\n"]
)
def test_nothing_else_is_a_colour(text: str) -> None:
    """Neither names, nor transparency, nor anything that a stylesheet would read on from."""
    with pytest.raises(ValueError, match="must be a colour like"):
        colour.normal(text)


def test_colours_mix_as_in_css() -> None:
    """color-mix(in srgb, #fff 25%, #000) is #404040."""
    assert colour.as_hex(mix(WHITE, BLACK, 0.25)) == "#404040"
