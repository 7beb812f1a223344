"""Laws of addresses: this machine itself is told from all that may be a proxy, and one line is one address."""

import pytest

from quizfunnel.web.staff import address as addresses

HERE = {"forwarded": False, "proxies": 0, "public_url": ""}


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.0.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_local(address: str) -> None:
    """Loopback addresses by a loopback name are this machine."""
    assert addresses.is_local(address, "127.0.0.1:8000", forwarded=False, proxies=0, public_url="")
    assert addresses.is_local(address, "[::1]:8000", forwarded=False, proxies=0, public_url="http://localhost:8000")


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
    assert not addresses.is_local(address, host, **(HERE | more))  # type: ignore[arg-type]


def test_one_ipv6_line_is_one_network() -> None:
    """The 64 bits that a line is given are one key; an IPv4 address is one, however it is written."""
    assert addresses.network("2001:db8::1") == addresses.network("2001:db8::ffff") != addresses.network("2001:db8:1::1")
    assert addresses.network("::ffff:10.0.0.7") == addresses.network("10.0.0.7") != addresses.network("10.0.0.8")
    assert addresses.network(None) == addresses.network("no address")
