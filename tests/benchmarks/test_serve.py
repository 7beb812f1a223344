"""The latency benchmark measures the same thing three ways, and says what it missed."""

import json

import pytest

from benchmarks import serve

pytestmark = pytest.mark.slow


def test_it_works() -> None:
    """A short run has every figure, holds numpy's scores against ours, and can be written as JSON."""
    figures = serve.run(rounds=1, calls=120)
    assert json.loads(json.dumps(figures)) == figures
    said = serve.table(figures)
    assert all(title in said for title in serve.NAMES.values())
    assert said.count("p99 below 60 us") == len(serve.OURS)
