"""Reach of an IP address: whether it is the open internet's, a private network's, or nobody's to call; pure."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal

Reach = Literal["global", "private", "never"]

_UNICAST = IPv6Network("2000::/3")  # all that is handed out of IPv6 so far
_NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address as machines with IPv6 alone write it
_SIX_TO_FOUR, _TEREDO = IPv6Network("2002::/16"), IPv6Network("2001::/32")  # tunnels, which nobody's shop stands behind
_SHARED = IPv4Network("100.64.0.0/10")  # of a provider's own network: neither private nor global to Python
_SITE = IPv6Network("fec0::/10")

# A cloud's machines learn their keys from these. Whoever may name a host must never name these by it.
_METADATA = frozenset(map(ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254")))


def reach(text: str) -> Reach:
    """Return how far an address reaches, that inside an IPv6 one where it holds an IPv4 one."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = IPv4Address(address.packed[-4:])
    if address in _METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return "never"
    return _reach_of_four(address) if isinstance(address, IPv4Address) else _reach_of_six(address)


def _reach_of_four(address: IPv4Address) -> Reach:
    if address.is_global and not address.is_reserved:
        return "global"
    return "private" if address.is_loopback or address in _SHARED or _is_internal(address) else "never"


def _reach_of_six(address: IPv6Address) -> Reach:
    if address.is_global and address in _UNICAST and address not in _SIX_TO_FOUR and address not in _TEREDO:
        return "global"
    return "private" if address.is_loopback or address in _SITE or _is_internal(address) else "never"


_INTERNAL_FOUR = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_INTERNAL_SIX = IPv6Network("fc00::/7")


def _is_internal(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is of the networks that everybody may use inside; Python's `is_private` says far more."""
    if isinstance(address, IPv6Address):
        return address in _INTERNAL_SIX
    return any(address in network for network in _INTERNAL_FOUR)
