"""Laws of the rollup's benchmark: what is written by hand gives our cells to the last unit, and misses are said."""

from pathlib import Path

import pytest

from benchmarks import rollup
from benchmarks.rollup.by_hand import by_hand


@pytest.mark.thorough
def test_both_statements_give_the_same_cells(tmp_path: Path) -> None:
    """Over a made-up shop every row is the same; where the hand-written one differs it is found out."""
    rollup.refuse_unlike(tmp_path / "shop", 1500)
    with pytest.raises(RuntimeError, match="do not give the same cells"):
        rollup.refuse_unlike(tmp_path / "other", 1500, theirs=lambda caps: by_hand(caps).replace("30002", "59002"))


def test_a_missed_target_is_said() -> None:
    """A figure beyond its target says so; with fewer visitors than the targets are for, none is judged."""
    part = {"seconds": 1.0, "cpu": 1.0, "memory": 100.0, "rows": 5.0, "again": 1.0}
    rounds = [{"raw": part, "cells": part, "rollup": part | {"cpu": 1.4}}]
    figures = {
        "visitors": rollup.FULL,
        "rounds": rounds,
        "page": {"p95": 0.1, "median": 0.1},
        "targets": rollup.TARGETS,
    }
    assert rollup.table(figures).count("missed") == 1
    assert rollup.table(figures).count(": met") == 2
    assert "met" not in rollup.table(figures | {"visitors": 1000})
