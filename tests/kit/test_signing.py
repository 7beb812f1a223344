"""A token holds for its purpose and payload alone, under any key that still verifies."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.kit import signing
from quizfunnel.kit.signing import Signer

OLD, NEW = b"the old key, long enough", b"the new key, long enough"
ID = "0123456789abcdef" * 2
PURPOSES = [signing.COOKIE, signing.VISITOR, signing.CLICK, signing.ATTEMPT, signing.VIEW, signing.RESULT]


@given(payload=st.text(max_size=60))
@settings(max_examples=100)
def test_a_token_gives_its_payload_back(payload: str) -> None:
    """An ASCII payload, dots and all, comes back as it was; any other is never taken for genuine."""
    signer = Signer([NEW])
    found = signer.verify(signing.COOKIE, signer.sign(signing.COOKIE, payload))
    assert found == (payload if payload.isascii() else None)


@given(token=st.text(max_size=80))
@settings(max_examples=200)
def test_no_made_up_token_holds(token: str) -> None:
    """Nothing verifies that was not signed."""
    assert Signer([NEW]).verify(signing.COOKIE, token) is None


@given(position=st.integers(0, 200), letter=st.characters(min_codepoint=33, max_codepoint=126))
@settings(max_examples=200)
def test_a_changed_letter_spoils_it(position: int, letter: str) -> None:
    """Whichever character is changed, the token no longer holds."""
    signer = Signer([NEW])
    token = signer.sign(signing.VIEW, "attempt.question.version")
    at = position % len(token)
    changed = token[:at] + letter + token[at + 1 :]
    assert (signer.verify(signing.VIEW, changed) is None) == (changed != token)


def test_a_token_holds_for_its_purpose_alone() -> None:
    """A result link is no right over an attempt, a cart's token no cookie."""
    signer = Signer([NEW])
    for purpose in PURPOSES:
        token = signer.sign(purpose, "a" * 32)
        assert [other for other in PURPOSES if signer.verify(other, token)] == [purpose]


def test_keys_rotate() -> None:
    """The first key signs, every key verifies, and a key that is gone verifies nothing."""
    before, during, after = Signer([OLD]), Signer([NEW, OLD]), Signer([NEW])
    token = before.sign(signing.COOKIE, "anna")
    assert during.verify(signing.COOKIE, token) == "anna"
    assert after.verify(signing.COOKIE, token) is None
    assert after.verify(signing.COOKIE, during.sign(signing.COOKIE, "anna")) == "anna"


def test_a_draw_outlives_a_new_key() -> None:
    """Putting a new key in front of the old one moves nobody into another arm."""
    assert Signer([OLD]).digest("arm", "anna") == Signer([NEW, OLD]).digest("arm", "anna")
    assert Signer([OLD]).digest("arm", "anna") != Signer([NEW]).digest("arm", "anna")


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b"short"]])
def test_a_weak_key_is_refused(keys: list[bytes]) -> None:
    """No key, or one of fewer than 16 bytes, is refused at once."""
    with pytest.raises(ValueError, match="16 bytes"):
        Signer(keys)


@given(st.binary(min_size=16, max_size=40), st.sampled_from(PURPOSES))
def test_an_ids_token_is_letters_digits_and_strokes(key: bytes, purpose: str) -> None:
    """Fields that take nothing else carry it, white space around it is nothing, and the former form still verifies."""
    signer = Signer([key])
    token = signer.sign_id(purpose, ID)
    assert re.fullmatch(r"[0-9A-Za-z_-]{1,200}", token)
    assert signer.verify_id(purpose, f" {token}\n") == ID
    assert signer.verify_id(purpose, signer.sign(purpose, ID)) == ID
    for other in (token[:-1], token[1:], token.replace("_", "-", 1), ID, "", None, signer.sign(purpose, "no id")):
        assert signer.verify_id(purpose, other) is None
    assert signer.verify_id(f"{purpose} of another kind", token) is None
