"""Which IP addresses lie in the outside world, and which inside, however they are written.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890, RFC 8190), as of October 2025. IPv6 is
an allow-list: global unicast is 2000::/3 and nothing else. IPv4 has no such block, so there the registry is left out.
"""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from pynomaly.domain.errors import InvalidRequest

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_IPV4_SPECIAL = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private use
        "100.64.0.0/10",  # shared by carriers; some clouds keep their metadata here
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; most clouds keep their metadata here
        "172.16.0.0/12",  # private use
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays, deprecated
        "192.168.0.0/16",  # private use
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, with the broadcast address
    )
)
_IPV6_GLOBAL = IPv6Network("2000::/3")
_IPV6_SPECIAL = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: leads to an IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")  # how the outside world looks from networks without IPv4 (RFC 6052)
METADATA = (IPv4Address("169.254.169.254"), IPv4Address("100.100.100.200"), IPv6Address("fd00:ec2::254"))
"""Where clouds hand out credentials to whoever asks from inside."""


def is_outside(address: Address) -> bool:
    """Whether an address, and every address hidden in it, lies in the outside world."""
    return all(_is_global(each) for each in meanings(address))


def is_within(address: Address, networks: Sequence[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return any(unwrapped(address) in network for network in networks)


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv4-mapped one stands for, any other as it is."""
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return address if inner is None else inner


def meanings(address: Address) -> Iterator[Address]:
    """Yield an address and, inside out of IPv6, the IPv4 addresses that packets to it may reach."""
    yield address
    if isinstance(address, IPv6Address):
        yield from _hidden_in(address)


def read_networks(texts: Sequence[str], *, origin: str) -> tuple[Network, ...]:
    """Read networks as 10.1.0.0/16, or single addresses. Raises InvalidRequest naming `origin`."""
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError as error:
        raise InvalidRequest(f"{origin}: {error}; write networks as 10.1.0.0/16, separated by commas") from None


def read_address(text: str) -> Address | None:
    """Return the address that a text is in its usual notation, None for anything else: a name, 0x7f.1, 2130706433."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_global(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _IPV4_SPECIAL)
    if address.ipv4_mapped is not None or address in _NAT64:
        return True  # the IPv4 address in it decides
    is_unicast = address in _IPV6_GLOBAL and not any(address in block for block in _IPV6_SPECIAL)
    return is_unicast and address.scope_id is None


def _hidden_in(address: IPv6Address) -> Iterator[IPv4Address]:
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    number = int(address)
    is_nat64 = address in _NAT64 or address in IPv6Network("64:ff9b:1::/48")
    is_compatible = number >> 32 == 0
    is_isatap = (number >> 32) & 0xFFFF_FFFF in (0x0000_5EFE, 0x0200_5EFE)
    if is_nat64 or is_compatible or is_isatap:
        yield IPv4Address(number & 0xFFFF_FFFF)
