"""Laws of the training benchmark: its log can be read, both ways learn from the same rows, and misses are said."""

from pathlib import Path

import pytest

from benchmarks import train
from benchmarks.train import parts
from benchmarks.train.large_log import SHOWN, write_log

pytestmark = pytest.mark.slow


def test_it_works(tmp_path: Path) -> None:
    """Every shopper's offer is read with three products, and each figure is printed."""
    file = tmp_path / "log.sqlite3"
    write_log(file, 400)
    rounds = [{"ours": parts.ours(file), "logistic": parts.logistic(file)}]
    assert rounds[0]["logistic"]["rows"] == 400 * SHOWN
    assert 0 < rounds[0]["ours"]["purchases"] < 400
    printed = train.table({"shoppers": 400, "written_seconds": 1.0, "rounds": rounds})
    assert "both, s" in printed
    slow = rounds[0]["ours"] | {"seconds": 9.0}
    assert "missed" in train.table({"shoppers": 400, "rounds": [rounds[0] | {"ours": slow}]})
