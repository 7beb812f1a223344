"""Laws of keys: long, different each time, and not to be had from what is kept of them."""

from quizfunnel.web.staff.keys import digest, new_key


def test_keys_cannot_be_guessed_or_read() -> None:
    """256 bits, safe in a cookie and an address; the digest is another text, and of any text there is one."""
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(len(key) >= 43 and key.replace("-", "").replace("_", "").isalnum() for key in keys)
    assert not keys & {digest(key) for key in keys}
    assert len(digest("\ud800")) == 64
