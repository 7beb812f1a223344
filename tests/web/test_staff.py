"""Laws of the gate: this machine itself, or a password; five wrong ones and one waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.signing import Signer
from quizfunnel.web import staff
from quizfunnel.web.staff import (
    SESSION_MS,
    TRIES,
    WITHIN_MS,
    Throttle,
)
from tests.cast import KEY

HERE = {"forwarded": False, "proxies": 0, "public_url": ""}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_local(address: str) -> None:
    """Loopback addresses by a loopback name are this machine."""
    assert staff.is_local(address, "127.0.0.1:8000", forwarded=False, proxies=0, public_url="")
    assert staff.is_local(address, "[::1]:8000", forwarded=False, proxies=0, public_url="http://localhost:8000")


@pytest.mark.parametrize(
    ("address", "host", "more"),
    [
        ("10.0.0.7", "localhost", {}),
        (None, "localhost", {}),
        ("no address", "localhost", {}),
        ("127.0.0.1", "evil.example", {}),
        ("127.0.0.1", "localhost", {"forwarded": True}),
        ("127.0.0.1", "localhost", {"proxies": 1}),
        ("127.0.0.1", "localhost", {"public_url": "https://quiz.example"}),
    ],
)
def test_whatever_may_be_a_proxy_is_not(address: str | None, host: str, more: dict[str, object]) -> None:
    """Another machine, another name, a proxy's header or setting, or a public address: not local."""
    assert not staff.is_local(address, host, **(HERE | more))  # type: ignore[arg-type]


def test_passwords() -> None:
    """Only the same text matches, and nothing where none is set."""
    assert staff.is_password("tall ship", "tall ship")
    assert not staff.is_password("tall shi", "tall ship")
    assert not staff.is_password("", "")
    assert not staff.is_password("\ud800", "tall ship")


def test_sessions_end() -> None:
    """A session holds for twelve hours, under its password and its key, and no two are alike."""
    signer = Signer([KEY])
    cookie = staff.new_session(signer, "tall ship", now_ms=1000)
    assert cookie != staff.new_session(signer, "tall ship", now_ms=1000)
    assert staff.is_session(signer, cookie, "tall ship", now_ms=1000 + SESSION_MS - 1)
    assert not staff.is_session(signer, cookie, "tall ship", now_ms=1000 + SESSION_MS)
    assert not staff.is_session(signer, cookie, "other", now_ms=1000)
    assert not staff.is_session(signer, cookie, "", now_ms=1000)
    assert not staff.is_session(Signer([b"another key of 32 bytes........."]), cookie, "tall ship", now_ms=1000)


@given(st.text())
def test_no_text_is_a_session(text: str) -> None:
    """What we did not sign is no session and breaks nothing."""
    assert not staff.is_session(Signer([KEY]), text, "tall ship", now_ms=0)


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
    """Whoever has 64 bits of addresses has five tries all the same."""
    throttle = Throttle()
    for number in range(TRIES):
        throttle.failed(f"2001:db8::{number}", now_ms=0)
    assert throttle.wait_seconds("2001:db8::ffff", now_ms=1) > 0
    assert throttle.wait_seconds("2001:db8:1::1", now_ms=1) == 0


@pytest.mark.parametrize(
    "path", [None, "", "https://evil.example", "//evil.example", "/insight/../x\n", "/insightful", "/insight/\\evil"]
)
def test_onward_stays_on_our_pages(path: str | None) -> None:
    """Whatever is no staff page leads to the list."""
    assert staff.onward(path) == "/insight"
    assert staff.onward("/insight/coffee?data=real") == "/insight/coffee?data=real"
