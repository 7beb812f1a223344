"""Laws of the limit on wrong passwords: after five the next one waits, neighbours on one line together."""

from quizfunnel.web.staff.throttle import TRIES, WITHIN_MS, Throttle


def test_five_wrong_passwords_and_one_waits() -> None:
    """An address waits after five failures until the first is fifteen minutes old; others do not."""
    throttle = Throttle()
    for second in range(TRIES):
        assert throttle.wait_seconds("10.0.0.7", now_ms=second * 1000) == 0
        throttle.failed("10.0.0.7", now_ms=second * 1000)
    assert throttle.wait_seconds("10.0.0.7", now_ms=5000) == (WITHIN_MS - 5000) // 1000
    assert throttle.wait_seconds("10.0.0.8", now_ms=5000) == 0
    assert throttle.wait_seconds("10.0.0.7", now_ms=WITHIN_MS) == 0


def test_one_ipv6_line_is_one_address() -> None:
    """An IPv6 line of 64 bits has five tries all the same."""
    throttle = Throttle()
    for number in range(TRIES):
        throttle.failed(f"2001:db8::{number}", now_ms=0)
    assert throttle.wait_seconds("2001:db8::ffff", now_ms=1) > 0
    assert throttle.wait_seconds("2001:db8:1::1", now_ms=1) == 0
