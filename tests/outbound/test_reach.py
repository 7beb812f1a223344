"""Laws of reach: what is not plainly the internet's is not called, however it is written."""

import pytest

from quizfunnel.outbound.reach import reach


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::101:101", "::ffff:1.1.1.1"]
)
def test_an_address_of_the_internet_is_global(address: str) -> None:
    """Of either version, also an IPv4 one inside an IPv6 one."""
    assert reach(address) == "global"


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "10.0.0.5", "172.16.3.4", "172.31.255.255", "192.168.1.1", "100.64.0.1"),
        *("::1", "fc00::1", "fd12:3456::1", "fec0::1", "::ffff:127.0.0.1", "::ffff:10.0.0.5", "64:ff9b::7f00:1"),
    ],
)
def test_an_address_of_an_own_network_is_private(address: str) -> None:
    """The loopback too, and inside an IPv6 address."""
    assert reach(address) == "private"


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "169.254.1.1", "169.254.169.254", "100.100.100.200", "224.0.0.1", "239.255.255.250"),  # noqa: S104
        *("255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.9", "192.0.0.1"),
        *("::", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "::ffff:169.254.169.254", "::127.0.0.1"),
        *(
            "2002:7f00:1::1",
            "2001:0:7f00:1::1",
            "2001:db8::1",
            "64:ff9b:1::1",
            "64:ff9b::a9fe:a9fe",
            "4000::1",
            "100::1",
        ),
    ],
)
def test_an_address_of_nobodys_is_never_called(address: str) -> None:
    """Link-local, the metadata of clouds, groups, documentation, tunnels, and what is not handed out."""
    assert reach(address) == "never"
