"""Laws of places in quizfunnel.toml: a text about a setting is told with the line that it speaks of."""

import pytest

from quizfunnel.settings.toml_places import place_of

TEXT = """\
shop_url = "https://shop.example"
# origins = ["https://old.example"]
[shop]
  origins = ["https://shop.example"]

[invitations]
"/tea: green/*" = {quiz = "tea"}
'/tea' = "tea"

[comparisons.shorter]
quizzes = ["a"]
[ sources . "shopify" ]
secret = "x"
"""


@pytest.mark.parametrize(
    ("message", "line", "column"),
    [
        ("shop_url: must be a path", 1, 1),
        ("shop: origins: 0: must be an address", 4, 3),
        ("shop: orgin: is no key of this table", 3, 2),
        ("shop: consent_banner is for a shop without a banner", 3, 2),
        ("invitations: /tea: there is no quiz `tea`", 8, 1),
        ("invitations: /tea: green/*: titel: is no key", 7, 1),
        ("comparisons: shorter: quizzes: must name two quizzes", 11, 1),
        ("comparisons: shorter: there is no quiz", 10, 2),
        ("sources: shopify: secret: is a key", 13, 1),
        ("is no TOML: Invalid value (at line 3, column 15)", 3, 15),
        ("QUIZFUNNEL_SHOP: origins: must be", 1, 1),
        ("holdout: share: must be 0.9 or less", 1, 1),
        ("", 1, 1),
    ],
)
def test_a_text_has_the_line_of_the_setting_that_it_begins_with(message: str, line: int, column: int) -> None:
    """The nearest that stands there: the key, else its table; what stands nowhere has the file's beginning."""
    assert place_of(TEXT, message) == (line, column)
