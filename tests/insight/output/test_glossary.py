"""Laws of the definitions' page: it is what the code says, and it says all of it."""

from pathlib import Path

from quizfunnel.insight.output.glossary import as_markdown
from quizfunnel.insight.words.metrics import METRICS
from quizfunnel.insight.words.terms import TERMS

PAGE = Path(__file__).parents[3] / "docs" / "definitions.md"


def test_the_page_is_current() -> None:
    """What docs/definitions.md holds is what `python -m quizfunnel.insight.output.glossary` prints now."""
    assert as_markdown() == PAGE.read_text("utf-8")


def test_every_word_and_metric_is_on_it() -> None:
    """No word that the results use is missing, and each metric names where it is computed."""
    text = PAGE.read_text("utf-8")
    assert all(f"**{term.name}**" in text and term.says in text for term in TERMS)
    assert all(f"### {each.name}\n" in text and each.source in text for each in METRICS)
    assert all(f"`{name}`" in text for each in METRICS for name in each.by)
