"""Laws of addresses as settings: what browsers take is taken, in their letters, and everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizfunnel.settings.addresses import host, host_and_port, link, public_address


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://quiz.example", "https://quiz.example"),
        ("https://Quiz.example:8443/", "https://Quiz.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_public_address_is_a_host_by_https(given: str, taken: str) -> None:
    """Or this machine by http; a slash at its end is no path."""
    assert public_address(given) == taken


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            "",
            "quiz.example",
            "https://",
            "https://quiz.example/shop",
            "ftp://quiz.example",
            "https://a:b",
            "https://[",
        ),
        *("http://quiz.example", "https://anna@quiz.example", "https://quiz.example?a=1", "https://quiz.example#top"),
    ],
)
def test_anything_else_is_no_public_address(wrong: str) -> None:
    """Said with an address as it should be."""
    with pytest.raises(ValueError, match="must"):
        public_address(wrong)


@pytest.mark.parametrize("taken", ["", "/", "/shop?a=1", "https://shop.example/a", "http://shop.example"])
def test_a_link_is_a_path_or_an_address(taken: str) -> None:
    """Or nothing, where there is none."""
    assert link(taken) == taken


@pytest.mark.parametrize(
    "wrong", ["javascript:alert(1)", "//evil.example", "shop", "https:///x", "/a b", "/a\n", "data:,"]
)
def test_what_leads_nowhere_is_no_link(wrong: str) -> None:
    """Nor what runs in the page."""
    with pytest.raises(ValueError, match="must be a path like /shop"):
        link(wrong)


def test_a_host_is_a_name_alone() -> None:
    """In small letters and as it travels."""
    assert [host(name) for name in (" Checkout.Example ", "b\u00fccher.example", "10.0.0.5")] == [
        "checkout.example",
        "xn--bcher-kva.example",
        "10.0.0.5",
    ]
    for wrong in (
        "https://checkout.example",
        "checkout.example/",
        "checkout.example:443",
        "",
        "-",
        "a b",
        "\u00fc" * 80,
    ):
        with pytest.raises(ValueError, match="names of hosts alone"):
            host(wrong)


@given(st.text() | st.text("htps:/[]@.x0 ").map("https://".__add__))
def test_no_text_is_an_error_of_another_kind(text: str) -> None:
    """Whatever is set is taken, or refused in words."""
    for judge in (public_address, link, host):
        try:
            judge(text)
        except ValueError as error:
            assert str(error).startswith("must ")  # noqa: PT017 - most texts raise it, not all


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (" erp.lan ", ("erp.lan", None)),
        ("ERP.lan:9000", ("erp.lan", 9000)),
        ("10.0.0.5", ("10.0.0.5", None)),
        ("[fd00::0:1]:81", ("fd00::1", 81)),
    ],
)
def test_a_host_may_have_a_port(given: str, taken: tuple[str, int | None]) -> None:
    """An IPv6 address stands in brackets, as in any address."""
    assert host_and_port(given) == taken


@pytest.mark.parametrize(
    "wrong", ["", "http://erp.lan", "erp.lan/x", "a@erp.lan", "erp.lan:x", "fd00::1", "erp.lan:", "a b"]
)
def test_anything_else_is_no_host(wrong: str) -> None:
    """A mistake is refused, and never a wider permission."""
    with pytest.raises(ValueError, match="must be"):
        host_and_port(wrong)
