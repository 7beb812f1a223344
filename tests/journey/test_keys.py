"""Laws of an attempt's keys: each opens its own attempt alone, and a Cookie header is read whatever it holds."""

from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.journey import keys
from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer
from tests import cast

SIGNER = Signer([cast.KEY])
ONE, OTHER = "1" * 32, "2" * 32


def cookie(attempt: str, *, secure: bool = False, value: str = "") -> str:
    """Return an attempt's cookie as a browser brings it."""
    return f"{keys.cookie_name(attempt, secure=secure)}={value or keys.sign_cookie(SIGNER, attempt)}"


@given(secure=st.booleans(), others=st.lists(st.text("abcqf_=;, v\u00ff", max_size=12), max_size=3))
def test_a_cookie_opens_its_own_attempt_among_any_others(secure: bool, others: list[str]) -> None:  # noqa: FBT001
    """By https with the prefix that binds it to the host, and there without it not."""
    header = "; ".join([*others, cookie(ONE, secure=secure)])
    assert keys.cookie_opens(SIGNER, header, ONE, secure=secure)
    assert not keys.cookie_opens(SIGNER, header, OTHER, secure=secure)
    assert not keys.cookie_opens(SIGNER, header, ONE, secure=not secure)
    assert keys.opened_by(SIGNER, header, secure=secure) == [ONE]


def test_no_other_token_is_a_cookie() -> None:
    """Not another attempt's, nor a token that was signed for an address, nor one of a key that is not ours."""
    values = [
        keys.sign_cookie(SIGNER, OTHER),
        signing.Signer([b"another key of ours"]).sign(signing.SESSION, ONE).rpartition(".")[2],
        keys.sign_token(SIGNER, ONE).rpartition(".")[2],
        keys.sign_token(SIGNER, ONE),
        "x",
    ]
    for value in values:
        assert keys.opened_by(SIGNER, cookie(ONE, value=value), secure=False) == []
    assert SIGNER.verify(signing.ATTEMPT, f"{ONE}.{keys.sign_cookie(SIGNER, ONE)}") is None


@given(st.text(max_size=60))
def test_any_header_is_read(header: str) -> None:
    """What a stranger sends opens nothing, and is no error."""
    assert keys.opened_by(SIGNER, header, secure=False) == []
    assert keys.opened_by(SIGNER, f"qf_a_{header}={header}; qf_a_=; qf_a_", secure=False) == []


def test_cookies_that_came_twice_count_once() -> None:
    """Several attempts stand side by side, in the order in which the browser brought them."""
    assert keys.opened_by(SIGNER, "; ".join(map(cookie, (OTHER, ONE, OTHER))), secure=False) == [OTHER, ONE]
