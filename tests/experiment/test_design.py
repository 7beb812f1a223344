"""What is frozen says everything that was set, once and for all."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.experiment.design import (
    STORE,
    Design,
    describe_setting,
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
    st.just("") | NAMES,
    st.lists(NAMES, max_size=2).map(tuple),
    st.none() | st.tuples(st.floats(0.1, 1), st.floats(1, 10)),
)
OLD = {  # as the release before outcomes, guards and claims froze them
    Design("coffee", "spring", 0.2, 7): (
        (
            '{"arms":{"holdout":0.2,"invited":0.8},"base_rate":0.0,"experiment":"spring","holdout_share":0.2,'
            '"metric":"itt_ratio","minimum_effect":0.0,"planned":0,"quiz":"coffee","quizzes":[],"unit":"visitor",'
            '"window_days":7}'
        ),
        "226afd1c832dffb0e25836e0a328c5b24c081abe97dbb95d440bd21e7b716415",
    ),
    Design(STORE, "everywhere", 0.1, 14, 0.5, 0.02, 5): (
        (
            '{"arms":{"holdout":0.1,"invited":0.9},"base_rate":0.02,"experiment":"everywhere","holdout_share":0.1,'
            '"metric":"itt_ratio","minimum_effect":0.5,"planned":5,"quiz":"*","quizzes":[],"unit":"visitor",'
            '"window_days":14}'
        ),
        "2fd1023f90dd536645bd8124f7f85253dc6a1f4a4b9436b3d27f52a49ca0147b",
    ),
    Design(STORE, "shorter", 0.5, 7, 0.5, 0.02, 5, ("coffee", "short")): (
        (
            '{"arms":{"first":0.5,"second":0.5},"base_rate":0.02,"experiment":"shorter","holdout_share":0.5,'
            '"metric":"itt_ratio","minimum_effect":0.5,"planned":5,"quiz":"*","quizzes":["coffee","short"],'
            '"unit":"visitor","window_days":7}'
        ),
        "bf0e851135fc12cb942332aaeef19b17dff9ce1de580337bf1dffc1f3590358e",
    ),
}


@given(DESIGNS)
def test_it_is_read_as_it_was_written(design: Design) -> None:
    """Shares to the last bit."""
    assert Design.read(design.text()) == design


@given(DESIGNS, DESIGNS)
def test_two_designs_share_a_fingerprint_when_they_are_the_same(one: Design, other: Design) -> None:
    """And what changed is named as the files name it."""
    assert (fingerprint(one.text()) == fingerprint(other.text())) == (one == other)
    kept = ("holdout_share", "window_days", "minimum_effect", "quizzes", "outcome", "guards", "claim")
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


@pytest.mark.parametrize("design", OLD, ids=lambda design: design.experiment)
def test_a_design_of_an_older_release_keeps_its_text_and_fingerprint(design: Design) -> None:
    """Without an outcome, guards and a claim of its own it is frozen to the byte as it always was."""
    text, mark = OLD[design]
    assert (design.text(), fingerprint(text)) == (text, mark)
    assert Design.read(text) == design


def test_an_outcome_guards_and_a_claim_are_frozen_too() -> None:
    """What is measured instead of purchases, what must not get worse, and what was published: each moves the mark."""
    plain = Design(STORE, "two-step", 0.5, 7, quizzes=("guide-form", "guide"))
    whole = plain._replace(outcome="confirmed", guards=("unsubscribed", "complained"), claim=(1.05, 1.15))
    said = json.loads(whole.text())
    assert (said["outcome"], said["guards"], said["claim"]) == (
        "confirmed",
        ["unsubscribed", "complained"],
        [1.05, 1.15],
    )
    assert Design.read(whole.text()) == whole
    assert differing_settings(whole, plain) == ("outcome", "guards", "claim")
    assert [describe_setting(whole, name) for name in ("outcome", "guards", "claim")] == [
        "outcome confirmed",
        "guards unsubscribed and complained",
        "claim 1.05 and 1.15",
    ]
    assert describe_setting(plain, "claim") == "no claim"
