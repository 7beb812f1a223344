"""Settings are read from the environment, then from the store's file, and do not change."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from quizfunnel.orders.sources.configured import StoreSettings
from quizfunnel.settings import InvitationSettings, Settings, SettingsError


def test_an_empty_store_needs_no_setting(store: Path) -> None:
    """Without any setting the store is the current folder, with SQLite in var/."""
    settings = StoreSettings.load()
    assert settings.store == store
    assert settings.database == f"sqlite:///{store / 'var' / 'quizfunnel.sqlite3'}"
    assert not settings.secure


def test_a_store_that_is_not_there_is_no_new_one(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt folder is told and not made."""
    monkeypatch.setenv("QUIZFUNNEL_STORE", str(store / "shpo"))
    with pytest.raises(SettingsError, match=r"QUIZFUNNEL_STORE: .*shpo is no folder; quizfunnel init"):
        StoreSettings.load()
    assert not (store / "shpo").exists()


def test_the_environment_comes_before_the_file(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting in quizfunnel.toml holds until the environment says otherwise."""
    (store / "quizfunnel.toml").write_text('consent = "off"\nproxies = 1\n[invitations]\n"/tea*" = "tea"\n')
    monkeypatch.setenv("QUIZFUNNEL_CONSENT", "ask")
    settings = StoreSettings.load()
    assert (settings.consent, settings.proxies) == ("ask", 1)
    assert settings.invitations == {"/tea*": InvitationSettings(quiz="tea")}


def test_the_file_is_that_of_the_store_that_is_named(store: Path) -> None:
    """A store given by its path brings its own quizfunnel.toml, whatever the current folder is."""
    other = store / "other"
    other.mkdir()
    (other / "quizfunnel.toml").write_text('consent = "off"\n')
    assert Settings(store=other).consent == "off"
    assert Settings().consent == "ask"


def test_settings_do_not_change() -> None:
    """Nothing can change a setting while the program runs."""
    with pytest.raises(ValidationError):
        StoreSettings.load().proxies = 2  # type: ignore[misc]
