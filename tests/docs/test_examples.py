"""The examples in docs/ run as they stand there."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_recommenders_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """From answers to what another policy would have earned, with the shapes that the text says."""
    monkeypatch.chdir(ROOT)
    found: dict[str, Any] = {}
    for block in BLOCK.findall((ROOT / "docs" / "recommender.md").read_text("utf-8")):
        exec(block, found)  # noqa: S102 - our own text
    assert found["X"].shape == (3, len(found["encoder"].get_feature_names_out()))
    assert found["scores"].shape == (3, len(found["catalog"].products))
    assert len(found["slots"]) == 3
    np.testing.assert_allclose(found["often"].sum(axis=1), 1.0)
    assert capsys.readouterr().out
