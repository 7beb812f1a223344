"""Laws of the calibration: a few made-up stores go through every row, and an array that errs is found out."""

import json
from functools import partial

import numpy as np
import pytest

from benchmarks import calibration
from benchmarks.calibration import arrays, coverage, looks
from benchmarks.calibration.row import Row, share

ROWS = {"itt_ratio", "itt_diff", "rpv_itt", "srm", "obs_diff", "obs_ratio", "adj_ratio", "gap", "promise", "hurts"}


def test_it_works() -> None:
    """Every row has a figure, what is printed holds each, and JSON holds all."""
    small = {
        looks.rows: partial(looks.rows, visitors=(300,), spenders=(300,)),
        coverage.rows: partial(coverage.rows, sizes=((300, 3000),)),
    }
    parts = {name: small.get(measure, measure) for name, measure in calibration.PARTS.items()}
    figures = calibration.run(runs=10, measured=parts)
    printed = calibration.table(figures)
    rows = [row for part in figures["parts"] for row in part["rows"]]
    assert all(row["what"] in printed for row in rows)
    assert {row["what"].split()[0].rstrip(",") for row in rows} >= ROWS
    assert json.loads(json.dumps(figures)) == figures


def test_a_missed_target_is_said() -> None:
    """A row beyond its limits says so, and one without limits never does."""
    assert share("x", 6, 100, high=0.05).figures()["met"] is False
    assert share("x", 5, 100, high=0.05).figures() == {
        "what": "x", "measured": 0.05, "error": pytest.approx(0.0218, abs=1e-4), "unit": "share",
        "target": "<= 5.0%", "met": True,
    }  # fmt: skip
    assert Row("x", 1.0, 0.1, 0.98, 1.02, "ratio").figures()["target"] == "0.98 to 1.02"
    assert Row("x", 9.0, 0.1).figures()["target"] == "(no target)"
    part = {"part": "p", "rows": [share("x", 6, 100, high=0.05).figures()]}
    printed = calibration.table({"parts": [part], "runs": 100, "seconds": 1.0})
    assert "MISSED" in printed
    assert "1 target missed" in printed


def test_an_array_that_errs_is_found_out() -> None:
    """If product and array differ, nothing is reported."""
    numbers = np.arange(1.0, 50.0)
    arrays.agree("same", lambda x: x + 1, numbers + 1, numbers)
    arrays.agree("unknown", lambda _: None, np.full(49, np.nan), numbers)
    for wrong in (lambda x: x, lambda _: None):
        with pytest.raises(RuntimeError, match=r"wrong\("):
            arrays.agree("wrong", wrong, numbers + 1, numbers)
