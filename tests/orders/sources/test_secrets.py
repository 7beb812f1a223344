"""Laws of the secrets of order sources: one, or new,old, as whoever copied it meant it."""

import pytest

from quizfunnel.orders.sources.secrets import Base64Hmac, each_secret
from tests.orders.signing import by_base64

FIRST, SECOND = "0123456789abcdef", "fedcba9876543210"


@pytest.mark.parametrize(
    ("setting", "secrets"),
    [
        (FIRST, (FIRST,)),
        (f" {FIRST}\n", (FIRST,)),
        (f"{FIRST} , {SECOND}\n", (FIRST, SECOND, f"{FIRST} , {SECOND}")),
        ("with, a comma", ("with, a comma",)),
    ],
)
def test_each_secret_is_taken_without_the_white_space_of_its_copying(setting: str, secrets: tuple[str, ...]) -> None:
    """A blank or a line's end would make every signature wrong, and nothing to be seen of it."""
    assert each_secret(setting) == secrets
    signature = by_base64("signature", secrets[0], b"{}")["signature"]
    assert Base64Hmac(setting).refusal(b"{}", signature) is None
