"""Laws of minified sources: shorter, the same, and nothing but stylesheets and scripts."""

from pathlib import Path

import pytest
import tinycss2

from quizfunnel.web.delivery.minified import minified

STATIC = Path(__file__).parents[3] / "static"


@pytest.mark.parametrize("name", sorted(file.name for file in STATIC.glob("*.css")))
def test_a_stylesheet_keeps_its_rules(name: str) -> None:
    """As another parser reads them, blanks and comments apart."""
    source = (STATIC / name).read_text("utf-8")
    sent = minified(name, source.encode()).decode()
    read = [tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True) for text in (source, sent)]
    rules, kept = ([rule.type for rule in rules] for rules in read)
    assert rules == kept
    assert "error" not in rules
    assert len(sent) < len(source)


def test_a_script_loses_comments_and_blanks() -> None:
    """And nothing within texts, templates and patterns."""
    source = b"// why\nlet a = `a  // ${b}  `, c = /\\s\\/\\/ x/; /* more */"
    assert minified("a.js", source) == b"let a=`a  // ${b}  `,c=/\\s\\/\\/ x/;"


@pytest.mark.parametrize("name", ["htmx.min.js", "a.svg", "a.txt"])
def test_other_files_stay_as_they_are(name: str) -> None:
    """One that is minified already among them."""
    assert minified(name, b"a  b // c") == b"a  b // c"
