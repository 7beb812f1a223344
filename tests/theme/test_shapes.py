"""Laws of shapes: a few forms, and nothing that a stylesheet would read on from."""

import pytest

from quizfunnel.theme import shapes


@pytest.mark.parametrize(
    ("text", "css"), [("0", "0px"), ("14px", "14px"), (".5rem", "0.5rem"), ("1.25em", "1.25em"), ("64px", "64px")]
)
def test_a_radius_is_a_length(text: str, css: str) -> None:
    """A bare 0 gets its unit, since calc() takes it for a number."""
    assert shapes.radius(text) == css


@pytest.mark.parametrize(
    "text", ["", "14", "px", "65px", "-1px", "5rem", "1px}", "1px solid", "calc(1px)", "1 px", "50%", "\u0661\u0664px"]
)
def test_nothing_else_is_a_radius(text: str) -> None:
    """Nor what is larger than any corner."""
    with pytest.raises(ValueError, match="must be a length"):
        shapes.radius(text)


@pytest.mark.parametrize(
    ("text", "css"),
    [
        ("Georgia, serif", '"Georgia", serif'),
        ("\"Helvetica Neue\", 'Arial', sans-serif", '"Helvetica Neue", "Arial", sans-serif'),
        ("-apple-system, system-ui", "-apple-system, system-ui"),
        ("ヒラギノ角ゴ Pro", '"ヒラギノ角ゴ Pro"'),
    ],
)
def test_fonts_are_names(text: str, css: str) -> None:
    """In quotation marks, but for the words that CSS knows."""
    assert shapes.families(text) == css
    assert shapes.families(text.split(",")) == css


@pytest.mark.parametrize(
    "text", [",", "a;b", 'a"b', "a\\b", "a}b", "url(x)", "a\nb", "inherit()", "</style>", "1x", "a" * 80]
)
def test_nothing_else_is_a_font(text: str) -> None:
    """No mark that ends a text, a value or a rule."""
    with pytest.raises(ValueError, match="must be names of fonts"):
        shapes.families(text)
    with pytest.raises(ValueError, match="must be the name of a font"):
        shapes.family("serif")


@pytest.mark.parametrize(
    ("text", "css"),
    [
        ("none", "0s linear"),
        ("180ms ease-out", "180ms ease-out"),
        (".18s cubic-bezier(.2, .7, .2, 1)", ".18s cubic-bezier(.2,.7,.2,1)"),
    ],
)
def test_motion_is_a_time_and_a_curve(text: str, css: str) -> None:
    """Or none at all."""
    assert shapes.ease(text) == css


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ease",
        "180ms",
        "2s ease",
        "1s steps(4)",
        "1s cubic-bezier(2,0,0,1)",
        "1s cubic-bezier(,,,)",
        "s ease",
        "1s ease;a:b",
        "\u0661\u0668\u0660ms ease",
        "1s\u00a0ease",
    ],
)
def test_nothing_else_is_motion(text: str) -> None:
    """No longer than a second, and curves whose times lie between 0 and 1."""
    with pytest.raises(ValueError, match="must be a time"):
        shapes.ease(text)
