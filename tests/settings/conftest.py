"""An empty store for tests of settings."""

from pathlib import Path

import pytest

from quizfunnel.orders.sources.configured import StoreSettings


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty store as the current folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in ("STORE", "SECRET_KEY", *(name.upper() for name in StoreSettings.names())):
        monkeypatch.delenv(f"QUIZFUNNEL_{name}", raising=False)
    return tmp_path
