"""Laws of OKLCH: the published values, and shades of one hue, the nearest first."""

import math

import pytest
from hypothesis import given

from quizfunnel.theme.colour import as_hex, parse
from quizfunnel.theme.oklch import lighter_and_darker, oklab, srgb
from tests.theme.palettes import HEX


@pytest.mark.parametrize(
    ("text", "lab"),
    [
        ("#ffffff", (1.0, 0.0, 0.0)),
        ("#ff0000", (0.62796, 0.22486, 0.12585)),
        ("#00ff00", (0.86644, -0.23389, 0.17950)),
        ("#0000ff", (0.45201, -0.03246, -0.31153)),
    ],
)
def test_oklab_is_the_published_one(text: str, lab: tuple[float, float, float]) -> None:
    """White and the primaries, as CSS Color 4 has them in its examples and tests."""
    assert tuple(oklab(parse(text))) == pytest.approx(lab, abs=2e-4)


@given(HEX)
def test_there_and_back_is_the_same_colour(text: str) -> None:
    """Nothing is lost on the way through Oklab."""
    assert as_hex(srgb(oklab(parse(text)))) == text


def test_shades_come_nearest_first_and_keep_the_hue() -> None:
    """From the colour itself to the farther end, black and white among them."""
    original = oklab(parse("#7a1f3d"))
    shades = lighter_and_darker("#7a1f3d")
    distances = [math.dist(oklab(parse(shade)), original) for shade in shades]
    assert distances == sorted(distances)
    assert distances[0] < 0.005
    assert {"#000000", "#ffffff"} <= set(shades)
    hues = [math.atan2(lab.b, lab.a) for lab in map(oklab, map(parse, shades[:100]))]
    assert max(hues) - min(hues) < 0.1
