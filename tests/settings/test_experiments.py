"""Experiments of the store are tables among its settings."""

from pathlib import Path

import pytest

from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import SettingsError

EXPERIMENTS = """
[holdout]
name = "everywhere"
share = 0.1

[comparisons.shorter]
quizzes = ["coffee", "coffee-short"]
window_days = 14
"""


def test_experiments_of_the_store_are_tables(store: Path) -> None:
    """A share, a window and the least effect have their defaults."""
    (store / "quizfunnel.toml").write_text(EXPERIMENTS)
    settings = StoreSettings.load()
    assert settings.holdout is not None
    assert (settings.holdout.name, settings.holdout.share, settings.holdout.window_days) == ("everywhere", 0.1, 7)
    shorter = settings.comparisons["shorter"]
    assert (shorter.quizzes, shorter.share, shorter.window_days) == (("coffee", "coffee-short"), 0.5, 14)
    assert shorter.minimum_effect == settings.holdout.minimum_effect == 0.5


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("share = 0.1", "share = 1.5", r"holdout: share: must be 0.9 or less; it is 1.5"),
        ("share = 0.1", "shere = 0.1", r"holdout: share: is missing"),
        ("everywhere", "Every where", r"holdout: name: must be a name of lower-case letters"),
        ("share = 0.1", "share = 0.1\nholdout_share = 1", r"holdout: holdout_share: is no key of this table"),
        ("coffee-short", "coffee", r"comparisons: shorter: quizzes: names coffee twice"),
        ('"coffee-short"]', '"coffee-short", "x"]', r"comparisons: shorter: quizzes: "),
        ("everywhere", "shorter", r"toml: holdout and a comparison are both named shorter"),
        (
            "window_days = 14",
            'window_days = 14\n[comparisons.b]\nquizzes = ["coffee", "c"]',
            r"coffee is in two of them",
        ),
    ],
)
def test_a_wrong_experiment_is_told_with_its_place(store: Path, before: str, after: str, said: str) -> None:
    """The table, the key, and what is wrong with it."""
    (store / "quizfunnel.toml").write_text(EXPERIMENTS.replace(before, after))
    with pytest.raises(SettingsError, match=rf"quizfunnel\.toml: .*{said}" if "toml" not in said else said):
        StoreSettings.load()


def test_an_experiment_from_the_environment_is_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is none is told with an example."""
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", '{"name": "everywhere", "share": 0.1}')
    assert StoreSettings.load().holdout is not None
    monkeypatch.setenv("QUIZFUNNEL_HOLDOUT", "everywhere")
    with pytest.raises(SettingsError, match=r'QUIZFUNNEL_HOLDOUT: .*; write it like \{"name"'):
        StoreSettings.load()
