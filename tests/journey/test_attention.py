"""Attention: of a browser's claim about time no more counts than the wall allows, and nothing of what is absurd."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.journey import attention
from quizfunnel.journey.attention import Claim, Timing, View
from quizfunnel.kit.clock import SetClock
from quizfunnel.kit.signing import Signer
from tests.cast import NOON

VIEW = View("nonce", int(NOON.timestamp() * 1000), "set-clock", 0)
SCOPE = {"attempt": "a" * 32, "question": "brew", "version": "v1"}
walls = st.integers(0, attention.OLDEST_VIEW_MS)
claims = st.builds(
    lambda a, b: Claim(max(a, b), min(a, b)),
    st.integers(0, attention.LONGEST_VIEW_MS),
    st.integers(0, attention.LONGEST_VIEW_MS),
)


@given(walls, st.none() | claims)
def test_active_never_exceeds_wall(wall: int, claim: Claim | None) -> None:
    """0 <= active10 <= active <= wall, whatever the browser says."""
    timing = attention.measure(VIEW, wall, claim)
    assert timing.wall_ms == wall
    assert 0 <= (timing.active10_ms or 0) <= (timing.active_ms or 0) <= wall


@pytest.mark.parametrize(
    ("wall", "a30", "source", "active"),
    [
        (10_000, 10_000, "client", 10_000),
        (10_000, 12_000, "client", 10_000),
        (10_000, 12_001, "clamped", 10_000),
        (500_000, 510_000, "client", 500_000),
        (500_000, 510_001, "clamped", 500_000),
        (0, 0, "client", 0),
    ],
)
def test_a_claim_may_exceed_the_wall_by_two_seconds_or_two_percent(
    wall: int, a30: int, source: str, active: int
) -> None:
    """Beyond the slack the time is the wall's and the row is marked as clamped."""
    timing = attention.measure(VIEW, wall, Claim(a30, 0))
    assert (source, active) == (timing.source, timing.active_ms)


@pytest.mark.parametrize(
    ("a30", "a10"),
    [
        *[("-1", "0"), ("1.5", "0"), ("nan", "nan"), ("5", "6"), ("600001", "0"), ("1e3", "0"), ("x", "0")],
        *[("9" * 40, "0"), ("\u0661", "0"), ("5", "")],
    ],
)
def test_an_absurd_claim_gives_no_timing(a30: str, a10: str) -> None:
    """A claim that is no finite whole number of at most 600 s, or contradicts itself, is not believed at all."""
    claim = attention.parse_claim(a30, a10)
    assert claim == attention.ABSURD
    assert attention.measure(VIEW, 60_000, claim) == attention.UNKNOWN


def test_without_the_counter_a_minute_counts_at_most() -> None:
    """No JavaScript: the source is the server, and a question counts for 60 s at most."""
    claim = attention.parse_claim("", "")
    assert claim is None
    assert attention.measure(VIEW, 4_000, claim).active_ms == 4_000
    timing = attention.measure(VIEW, 400_000, claim)
    assert (timing.source, timing.wall_ms, timing.active_ms) == ("server", 400_000, 60_000)


def test_a_view_of_yesterday_gives_no_timing() -> None:
    """A token older than 24 hours leaves the answer without timing."""
    assert attention.measure(VIEW, attention.OLDEST_VIEW_MS, Claim(0, 0)).source == "client"
    assert attention.measure(VIEW, attention.OLDEST_VIEW_MS + 1, Claim(0, 0)) == attention.UNKNOWN


def test_a_token_reads_back_only_in_its_own_scope(signer: Signer, clock: SetClock) -> None:
    """Another attempt, question, version, key or a changed letter: no view."""
    token = attention.issue(signer, clock, **SCOPE)
    view = attention.read(signer, token, **SCOPE)
    assert view is not None
    assert view.issued_ms == int(NOON.timestamp() * 1000)
    for name in SCOPE:
        assert attention.read(signer, token, **(SCOPE | {name: "other"})) is None
    assert attention.read(Signer([b"another key of some length"]), token, **SCOPE) is None
    assert attention.read(signer, "x" + token, **SCOPE) is None
    assert attention.read(signer, None, **SCOPE) is None


def test_every_view_has_its_own_nonce(signer: Signer, clock: SetClock) -> None:
    """Two renderings of one question at one moment are two views."""
    first, second = (attention.read(signer, attention.issue(signer, clock, **SCOPE), **SCOPE) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.nonce != second.nonce


def test_wall_time_survives_a_clock_set_back(clock: SetClock) -> None:
    """Within one boot the monotonic clock tells; across boots a clock set back gives zero."""
    view = View("n", int(clock.now().timestamp() * 1000), clock.boot, clock.monotonic_ms())
    clock.advance(5)
    assert attention.wall_time(view, clock) == 5_000
    other = view._replace(boot="another", mono_ms=10**9)
    assert attention.wall_time(other, clock) == 5_000
    assert [attention.clock_of(each, clock) for each in (view, other)] == ["monotonic", "utc"]
    clock.set(datetime(2026, 3, 2, 11, 0, tzinfo=UTC))
    assert attention.wall_time(other, clock) == 0


def timing(ms: int, nonce: str = "n", source: str = "client") -> Timing:
    """Return a timing of `ms` all of it active."""
    return Timing(nonce, NOON, ms, ms, ms, source)


def test_views_of_one_question_add_up_by_nonce() -> None:
    """A view that was left by Back counts towards the answer that comes later."""
    views = {"a": timing(3_000, "a"), "b": timing(2_000, "b")}
    assert attention.credit(views, [], views["b"]).active_ms == 5_000


def test_a_revision_adds_only_what_is_new() -> None:
    """The time that an earlier revision was given is not given again."""
    views = {"a": timing(3_000, "a"), "b": timing(2_000, "b")}
    assert attention.credit(views, [timing(3_000)], views["b"]).active_ms == 2_000


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.integers(0, 10**7))
def test_credit_is_never_negative(views: list[int], earlier: int) -> None:
    """Whatever was given before, a revision adds zero or more, and active stays within wall."""
    seen = {str(n): timing(ms, str(n)) for n, ms in enumerate(views)}
    credited = attention.credit(seen, [timing(earlier)], seen["0"])
    assert 0 <= (credited.active10_ms or 0) <= (credited.active_ms or 0) <= (credited.wall_ms or 0)


def test_one_clamped_view_marks_the_answer() -> None:
    """An answer is clamped as soon as one of its views was."""
    views = {"a": timing(1, "a", "clamped"), "b": timing(1, "b")}
    assert attention.credit(views, [], views["b"]).source == "clamped"


@given(st.binary(max_size=300))
def test_no_beacon_body_is_an_error(body: bytes) -> None:
    """Any bytes either say something usable or nothing; none raises."""
    beacon = attention.parse_beacon(body)
    assert beacon is None or isinstance(beacon.claim, Claim)


def test_a_beacon_is_read() -> None:
    """A beacon names its view, its question and its cumulative times."""
    body = b'{"view":"t","question":"brew","seq":3,"a30":5000,"a10":4000}'
    assert attention.parse_beacon(body) == attention.Beacon("t", "brew", Claim(5000, 4000, 3))
    assert attention.parse_beacon(b"[" * 100_000) is None


def _view(nonce: str, *, seq: int = 0, active: int = 1_000) -> Timing:
    return Timing(nonce, None, 2_000, active, active, "client", seq)


def test_the_first_answer_of_an_unseen_question_is_its_own_view() -> None:
    """Most answers are such: nothing is kept beside them, and all of their time counts."""
    own = _view("a")
    assert attention.credit_answer(own, {}, [], repeated=False) == attention.Credit(own)
    unmeasured = attention.UNKNOWN
    assert attention.credit_answer(unmeasured, {"a": own}, [own], repeated=False) == attention.Credit(unmeasured)


def test_a_second_answer_keeps_the_views_that_it_must_be_told_from() -> None:
    """The view of the first revision, which was its own record, and the new one; each time counts once."""
    first, second = _view("a", active=1_000), _view("b", active=500)
    credit = attention.credit_answer(second, {}, [first], repeated=False)
    assert credit.views == (first, second)
    assert (credit.timing.active_ms, credit.timing.wall_ms) == (500, 2_000)


def test_a_repeated_answer_adds_the_rest_of_its_view() -> None:
    """A later beacon of the same view replaces the earlier one, an earlier one changes nothing."""
    first = _view("a", seq=1, active=1_000)
    later = _view("a", seq=2, active=1_500)
    credit = attention.credit_answer(later, {"a": first}, [first], repeated=True)
    assert credit.views == (later,)
    assert credit.timing.active_ms == 1_500
    stale = attention.credit_answer(first, {"a": later}, [later], repeated=True)
    assert stale.views == ()
    assert stale.timing.active_ms == 1_500
