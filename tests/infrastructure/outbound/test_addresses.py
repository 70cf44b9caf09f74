from ipaddress import IPv6Address, ip_address

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.outbound.addresses import is_outside, is_within, read_address, read_networks

INSIDE = [
    "0.0.0.0",  # noqa: S104 - it is looked at, not bound to
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "64:ff9b:1::808:808",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2002:808:808::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff:ffff::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "2a00:1450:4001::5efe:a00:1",
    "2a00:1450:4001:0:200:5efe:7f00:1",
    "fe80::1%eth0",
    "2a00:1450:4001::1%eth0",
]

OUTSIDE = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001::200e",
]


@pytest.mark.parametrize("text", INSIDE)
def test_what_lies_inside_is_known_under_every_name(text: str) -> None:
    assert not is_outside(ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_the_rest_is_the_outside_world(text: str) -> None:
    assert is_outside(ip_address(text))


@pytest.mark.parametrize("text", INSIDE + OUTSIDE)
def test_whatever_python_knows_to_be_no_global_address_is_inside(text: str) -> None:
    """An independent table, that of the standard library; ours also leaves out what only passes packets on."""
    address = ip_address(text)
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) and address.ipv4_mapped else address
    if is_outside(address):
        assert (inner.is_global, inner.is_multicast) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "１２７.0.0.1",
        "127.0.0.1.",
        "1.2.3",
        "[::1]",
        "1.2.3.4/8",
        "localhost",
    ],
)
def test_numbers_in_disguise_are_no_addresses(text: str) -> None:
    assert read_address(text) is None


def test_networks_that_were_named_hold_their_addresses_also_when_wrapped() -> None:
    named = read_networks(["10.1.0.0/16", "fd12::/16", "192.168.7.9"], origin="here")
    within = ["10.1.2.3", "::ffff:10.1.2.3", "fd12::9", "192.168.7.9"]
    without = ["10.2.0.0", "::ffff:10.2.0.0", "fd13::9", "192.168.7.8", "64:ff9b::a01:203"]
    assert [is_within(ip_address(text), named) for text in within] == [True] * 4
    assert [is_within(ip_address(text), named) for text in without] == [False] * 5


@pytest.mark.parametrize("text", ["10.1.2.3/16", "example.org", "10.0.0.0/33", ""])
def test_what_is_no_network_is_refused_with_where_it_stands(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^PYNOMALY_OUTBOUND_ALLOW: .*write networks as 10\.1\.0\.0/16"):
        read_networks([text], origin="PYNOMALY_OUTBOUND_ALLOW")
