"""What is frozen says everything that was set, once and for all."""

import json
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.experiment.design import (
    STORE,
    Design,
    differing_settings,
    fingerprint,
)

NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
DESIGNS = st.builds(
    Design,
    NAMES,
    NAMES,
    st.floats(0.01, 0.9),
    st.integers(1, 90),
    st.floats(0.01, 10),
    st.floats(0.001, 0.5),
    st.integers(1, 10**9),
    st.just(()) | st.tuples(NAMES, NAMES),
)


@given(DESIGNS)
def test_it_is_read_as_it_was_written(design: Design) -> None:
    """Shares to the last bit."""
    assert Design.read(design.text()) == design


@given(DESIGNS, DESIGNS)
def test_two_designs_share_a_fingerprint_when_they_are_the_same(one: Design, other: Design) -> None:
    """And what changed is named as the files name it."""
    assert (fingerprint(one.text()) == fingerprint(other.text())) == (one == other)
    kept = ("holdout_share", "window_days", "minimum_effect", "quizzes")
    assert set(differing_settings(one, other)) == {name for name in kept if getattr(one, name) != getattr(other, name)}


def test_it_says_arms_metric_unit_window_and_size() -> None:
    """In plain words that an auditor can read without this program."""
    said = json.loads(Design("coffee", "spring", 0.2, 7, 0.5, 0.02, 11_000).text())
    assert said["arms"] == {"invited": 0.8, "holdout": 0.2}
    assert (said["metric"], said["unit"], said["window_days"]) == ("itt_ratio", "visitor", 7)
    assert (said["planned"], said["minimum_effect"], said["base_rate"]) == (11_000, 0.5, 0.02)
    two = json.loads(Design(STORE, "shorter", 0.5, 7, quizzes=("coffee", "short")).text())
    assert (two["arms"], two["quizzes"]) == ({"second": 0.5, "first": 0.5}, ["coffee", "short"])


def test_the_fingerprint_is_the_sha_256_of_the_text() -> None:
    """So that anybody can compute it."""
    text = Design("coffee", "spring", 0.2, 7).text()
    assert fingerprint(text) == sha256(text.encode()).hexdigest()
