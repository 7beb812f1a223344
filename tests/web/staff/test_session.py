"""Laws of staff sessions: the password opens one, it ends, and nothing that we did not sign is one."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.kit.signing import Signer
from quizfunnel.web.staff import session
from quizfunnel.web.staff.session import SESSION_MS
from tests.cast import KEY


def test_passwords() -> None:
    """Only the same text matches, and nothing where none is set."""
    assert session.is_password("tall ship", "tall ship")
    assert not session.is_password("tall shi", "tall ship")
    assert not session.is_password("", "")
    assert not session.is_password("\ud800", "tall ship")


def test_sessions_end() -> None:
    """A session holds for twelve hours, under its password and its key, and no two are alike."""
    signer = Signer([KEY])
    cookie = session.new_session(signer, "tall ship", now_ms=1000)
    assert cookie != session.new_session(signer, "tall ship", now_ms=1000)
    assert session.is_session(signer, cookie, "tall ship", now_ms=1000 + SESSION_MS - 1)
    assert not session.is_session(signer, cookie, "tall ship", now_ms=1000 + SESSION_MS)
    assert not session.is_session(signer, cookie, "other", now_ms=1000)
    assert not session.is_session(signer, cookie, "", now_ms=1000)
    assert not session.is_session(Signer([b"another key of 32 bytes........."]), cookie, "tall ship", now_ms=1000)


@given(st.text())
def test_no_text_is_a_session(text: str) -> None:
    """A text that we did not sign is no session and breaks nothing."""
    assert not session.is_session(Signer([KEY]), text, "tall ship", now_ms=0)
