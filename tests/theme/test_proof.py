"""Laws of the proof: whatever it lets pass can be read, and what it refuses it mends."""

import re

import pytest
from hypothesis import example, given, settings

from quizfunnel.theme.palette import PAIRS, Pair, complete, holds
from quizfunnel.theme.proof import Shortfall, complaint, complaints
from quizfunnel.theme.ready import READY
from quizfunnel.theme.tokens import SCHEMES, TokenSet, TwoSchemes
from tests.theme.palettes import HEX

_PROPOSED = re.compile(r'(\w+) = \{light = "(#\w{6})", dark = "(#\w{6})"\}$')


def worn(look: TokenSet, scheme: str) -> dict[str, str]:
    """Return the colours of a look in one scheme."""
    light = {token: pair.light for token, pair in look.colours.items()}
    return light if scheme == "light" else {token: pair.dark for token, pair in look.colours.items()}


@settings(max_examples=10)
@given(HEX)
@example("#ff0000")
@example("#ffff00")
def test_an_accent_that_fails_is_named_with_one_that_passes(accent: str) -> None:
    """Written as it is proposed, nothing is left to complain of."""
    look = TokenSet({"accent": TwoSchemes(accent, accent)})
    [refusal] = complaints(look)  # no colour is read on white and on black alike
    proposed = _PROPOSED.search(refusal)
    assert proposed is not None
    assert not complaints(TokenSet({"accent": TwoSchemes(proposed[2], proposed[3])}))
    assert accent in refusal


@pytest.mark.parametrize(
    "colours",
    [
        {"surface": "#777777"},
        {"surface": "#f4c430", "accent": "#f4c430", "text": "#ffffff"},
        {"accent": "#e4572e", "on_accent": "#f0f0f0", "raised": "#2e294e", "muted": "#888888"},
    ],
)
def test_whoever_writes_what_is_proposed_is_soon_done(colours: dict[str, str]) -> None:
    """One colour for both schemes, text that is lost on its page: some rounds, and everything can be read."""
    look = TokenSet({token: TwoSchemes(colour, colour) for token, colour in colours.items()})
    for _ in range(8):
        proposed = [_PROPOSED.search(refusal) for refusal in complaints(look)]
        look = TokenSet({each[1]: TwoSchemes(each[2], each[3]) for each in proposed if each}).over(look)
    assert not complaints(look)


@pytest.mark.parametrize(
    ("colours", "words"),
    [
        (
            {"accent": TwoSchemes("#7a1f3d", "#7a1f3d")},
            '1.79, and text needs 4.5 (WCAG 2.2, 1.4.3); the nearest that passes is #ca6881: accent = {light = "#7a',
        ),
        (
            {"text": TwoSchemes("#777777", "#ffffff"), "surface": TwoSchemes("#777777", "#000000")},
            "text: in the light scheme text #777777 on the surface #777777 has a contrast of 1.00",
        ),
        (
            {"accent": TwoSchemes("#1f5f4a", "#8fd3b8"), "on_accent": TwoSchemes("#1f5f4a", "#000000")},
            "on_accent: in the light scheme on_accent #1f5f4a on the accent #1f5f4a has a contrast of 1.00",
        ),
    ],
)
def test_a_complaint_says_what_where_and_what_instead(colours: dict[str, TwoSchemes], words: str) -> None:
    """The setting, the scheme, both colours, the rule, and the line to write."""
    assert words in " ".join(complaints(TokenSet(colours)))


def test_where_nothing_passes_the_other_colour_is_named() -> None:
    """Both are in the way, and both are said."""
    stuck = Shortfall("light", Pair("accent", "chosen", 3.0), 1.5, ("#777777", ""), "accent", "#777777", "")
    assert complaint("accent", [stuck], TokenSet()).endswith(
        "no other accent passes beside the rest, so change raised too"
    )


@pytest.mark.parametrize("name", READY)
def test_a_ready_theme_passes(name: str) -> None:
    """Every pair, in both schemes."""
    assert not complaints(READY[name])
    for scheme in SCHEMES:
        assert holds(complete(worn(READY[name], scheme), scheme), PAIRS)
