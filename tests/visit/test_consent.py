"""Nobody is remembered against their word."""

import itertools

import pytest

from quizfunnel.visit import consent


@pytest.mark.parametrize(
    ("mode", "cookie", "expected"),
    [
        ("ask", None, False),
        ("ask", "yes", True),
        ("ask", "no", False),
        ("ask", "maybe", False),
        ("off", None, True),
        ("off", "yes", True),
        ("off", "no", False),
    ],
)
def test_consent_by_mode_and_choice(mode: str, cookie: str | None, expected: bool) -> None:  # noqa: FBT001 - a table
    """`ask` needs a yes; `off` needs nothing, yet a no is heard."""
    assert consent.given(mode, cookie, opted_out=False) == expected


def test_global_privacy_control_wins_over_everything() -> None:
    """Sec-GPC: 1 is a no in every mode, even after a yes."""
    for mode, cookie in itertools.product(("ask", "off"), (None, "yes", "no")):
        assert not consent.given(mode, cookie, opted_out=True)
