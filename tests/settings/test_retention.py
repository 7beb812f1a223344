"""Laws of retention as settings: spans in words, wrong ones told with the remedy, and a table in the docs."""

from pathlib import Path

import pytest

from quizfunnel.settings import Settings, SettingsError
from quizfunnel.settings import retention as spans
from tests.docs import markdown


def test_a_span_is_set_by_kind(store: Path) -> None:
    """One that is not named keeps its default."""
    (store / "quizfunnel.toml").write_text('[retention]\nbodies = "14 days"\nviews = "forever"\n')
    retention = Settings.load().retention
    assert (retention.bodies, retention.views, retention.attempts) == ("14 days", "forever", "25 months")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('bodies = "two weeks"', 'retention: bodies: must be like "30 days", "25 months" or "forever"'),
        ('bodies = "0 days"', "must be like"),
        ("bodies = 30", "retention: bodies"),
        ('views = "1 month"', "retention: views: must be 90 days or more, since purchases count up to so long"),
        ('veiws = "1 month"', "retention: veiws: is no key of this table"),
    ],
)
def test_a_span_that_cannot_be_is_refused(store: Path, line: str, message: str) -> None:
    """With the file, the kind, and what it may be."""
    (store / "quizfunnel.toml").write_text(f"[retention]\n{line}\n")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert message in str(refused.value)
    assert "quizfunnel.toml" in str(refused.value)


def test_the_environment_takes_a_table(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As JSON, and says how to write it."""
    monkeypatch.setenv("QUIZFUNNEL_RETENTION", '{"bodies": "7 days"}')
    assert Settings.load().retention.bodies == "7 days"
    monkeypatch.setenv("QUIZFUNNEL_RETENTION", "7 days")
    with pytest.raises(SettingsError, match=r"write it like .*14 days"):
        Settings.load()


def test_the_docs_have_the_table() -> None:
    """Kinds, defaults and words are those of the program."""
    assert spans.as_markdown() in markdown.read("docs/privacy.md")
