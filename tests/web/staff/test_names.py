"""Laws of account names: one spelling each, and only what anybody can type and tell from others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.web.staff.names import LONGEST, StaffError, new_name, spelled


@pytest.mark.parametrize(("typed", "kept"), [(" Ana ", "ana"), ("Ana@Shop.Example", "ana@shop.example"), ("7", "7")])
def test_a_name_has_one_spelling(typed: str, kept: str) -> None:
    """Space around it and capitals are nothing."""
    assert new_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "a b",
        "\u0430na",
        "\ufb01",
        "ana\0",
        "a\nna",
        "../x",
        "a/b",
        "a" * (LONGEST + 1),
        "\u0130",
        "@ana",
        "\ud800",
    ],
)
def test_what_is_no_name_is_refused_in_words(typed: str) -> None:
    """Other alphabets' twins, what breaks a line or an address, and what is too long."""
    with pytest.raises(StaffError, match=r"\.$|ana"):
        new_name(typed)


@given(st.text(max_size=300))
def test_every_name_is_what_the_table_takes(typed: str) -> None:
    """A name that is taken is in small letters on both databases, and is spelled like itself."""
    try:
        name = new_name(typed)
    except StaffError:
        return
    assert name == name.lower() == spelled(name)
    assert name.isascii()
