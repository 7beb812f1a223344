"""A model's arrays are read as they were written, and no object that a file names is ever built."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from skops import io as skops

from quizfunnel.recommend.learners.stored_arrays import ArraysError, from_bytes, to_bytes


class Trap:
    """An object whose pickle makes a folder when it is loaded."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Return the call."""
        return (os.mkdir, ("sprung",))


def test_arrays_come_back_as_they_were() -> None:
    """Numbers, shapes and the plain values beside them, through skops without a trusted type."""
    arrays = {"weights": np.arange(6.0).reshape(2, 3), "grid": {"prior_strength": [100, 300.0, None]}}
    found = from_bytes(to_bytes(arrays))
    assert found["weights"].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert found["grid"] == arrays["grid"]


def test_a_pickle_is_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error, and nothing in it has run."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArraysError, match="its arrays cannot be read"):
        from_bytes(pickle.dumps(Trap()))
    assert not (tmp_path / "sprung").exists()


def test_a_type_that_nobody_trusts_is_not_built() -> None:
    """A skops file may name any class; ours may name none."""
    with pytest.raises(ArraysError, match="its arrays cannot be read"):
        from_bytes(skops.dumps({"x": Path("here")}))


@pytest.mark.parametrize("body", [b"", b"PK", to_bytes({"x": np.zeros(3)})[:-9]])
def test_what_is_cut_short_is_told(body: bytes) -> None:
    """Empty, hardly begun, or without its end."""
    with pytest.raises(ArraysError):
        from_bytes(body)
