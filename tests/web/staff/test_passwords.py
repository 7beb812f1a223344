"""Laws of passwords: argon2id, one spelling of what keyboards send differently, and no more than a plain refusal."""

from typing import Literal

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from quizfunnel.web.staff.names import StaffError
from quizfunnel.web.staff.passwords import LONGEST, Passwords, refuse_weak
from tests.web.staff.colleague import PASSWORD, QUICK


def test_a_password_is_kept_as_argon2id() -> None:
    """With the parameters that RFC 9106 gives for little memory, or better ones."""
    kept = extract_parameters(Passwords().hash(PASSWORD))
    assert kept.type is Type.ID
    assert kept.memory_cost >= 64 * 1024
    assert kept.time_cost >= 3


def test_only_the_same_password_is_right() -> None:
    """Nothing is right for an account without a password, for a damaged hash, or for the hash of nobody."""
    kept = QUICK.hash(PASSWORD)
    assert QUICK.is_right(kept, PASSWORD)
    assert not QUICK.is_right(kept, PASSWORD.upper())
    assert not QUICK.is_right("", PASSWORD)
    assert not QUICK.is_right("", "nobody's password")
    assert not QUICK.is_right("$argon2id$broken", PASSWORD)


def test_an_unknown_account_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash is verified whether there is an account or not, for a password of any length."""
    verified = []

    class Counted(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(hash)
            return super().verify(hash, password)

    passwords = Passwords(Counted(time_cost=1, memory_cost=8, parallelism=1))
    for kept in (QUICK.hash(PASSWORD), ""):
        passwords.is_right(kept, "wrong")
        passwords.is_right(kept, "w" * 2_000_000)
    assert len(verified) == 4


def test_a_hash_of_old_parameters_is_seen() -> None:
    """It is made anew at the next sign-in."""
    assert Passwords().is_outdated(QUICK.hash(PASSWORD))
    assert not QUICK.is_outdated(QUICK.hash(PASSWORD))


def test_keyboards_agree() -> None:
    """A letter with its accent behind it, as some send it, is the same letter."""
    assert QUICK.is_right(QUICK.hash("cafe\u0301 au lait noir"), "caf\u00e9 au lait noir")


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "too short"),
        ("", "too short"),
        ("x" * (LONGEST + 1), "too long"),
        ("abababababababab", "repeats"),
        ("ana.belle@1234", "little more than the name"),
    ],
)
def test_a_weak_password_is_refused_in_words(password: str, says: str) -> None:
    """With what would be a good one."""
    with pytest.raises(StaffError, match=says):
        refuse_weak(password, "ana.belle@shop.example")


@settings(max_examples=30)
@given(st.text(min_size=1))
def test_any_text_is_a_password(text: str) -> None:
    """Whatever a form can bring is hashed and found right again, and breaks nothing."""
    assert QUICK.is_right(QUICK.hash(text), text) == (len(text) <= LONGEST)
