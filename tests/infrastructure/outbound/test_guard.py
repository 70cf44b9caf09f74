import socket
import threading
from dataclasses import replace
from ipaddress import IPv4Address, ip_address

import pytest

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.outbound.guard import OutboundGuard, addresses_of
from tests.infrastructure.outbound.hostile_places import HONEST, Names, hostile_hosts, names

NETWORKS = read_networks(["10.0.0.0/8", "127.0.0.0/8"], origin="here")


class Wire:
    """Connects to nobody and writes down whom it was to connect to; the first `n_deaf` do not answer."""

    def __init__(self, n_deaf: int = 0) -> None:
        self.connected: list[tuple[str, int]] = []
        self._n_deaf = n_deaf

    def __call__(self, place: tuple[str, int], seconds: float) -> socket.socket:
        assert 0 < seconds <= 5.0
        self.connected.append(place)
        if len(self.connected) <= self._n_deaf:
            raise ConnectionRefusedError(111, "Connection refused")
        ours, theirs = socket.socketpair()
        theirs.close()
        return ours


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def guard(wire: Wire) -> OutboundGuard:
    return OutboundGuard(ports=frozenset({443}), resolve=names(), connect=wire)


def _open(guard: OutboundGuard, host: str, port: int = 443) -> None:
    guard.open(host, port, Deadline.within(5.0)).close()


def test_there_are_many_hostile_hosts() -> None:
    assert len(set(hostile_hosts())) >= 300


@pytest.mark.parametrize("host", hostile_hosts())
def test_no_hostile_host_is_connected_to(guard, wire, host: str) -> None:
    with pytest.raises((DestinationRefused, RemoteUnavailable)):
        _open(guard, host)
    assert wire.connected == []


@pytest.mark.parametrize("host", HONEST)
def test_the_outside_world_is_reached_at_the_address_that_was_checked(guard, wire, host: str) -> None:
    _open(guard, host)
    meant = "1.1.1.1" if host == "honest.example" else host.strip("[]")
    ((address, port),) = wire.connected
    assert (ip_address(address), port) == (ip_address(meant), 443)


def test_a_name_is_asked_for_once_and_what_it_means_later_does_not_count(wire) -> None:
    rebinding = Names(turning=[["1.1.1.1"], ["127.0.0.1"]])
    _open(OutboundGuard(ports=frozenset({443}), resolve=rebinding, connect=wire), "turning.example")
    assert (rebinding.asked, wire.connected) == (["turning.example"], [("1.1.1.1", 443)])


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    deaf = Wire(n_deaf=1)
    guard = OutboundGuard(ports=frozenset({443}), resolve=Names(two=[["1.1.1.1", "8.8.8.8"]]), connect=deaf)
    _open(guard, "two.example")
    assert deaf.connected == [("1.1.1.1", 443), ("8.8.8.8", 443)]


def test_where_nobody_answers_the_reason_is_told() -> None:
    guard = OutboundGuard(ports=frozenset({443}), resolve=names(), connect=Wire(n_deaf=9))
    with pytest.raises(RemoteUnavailable, match=r"honest\.example:443 does not answer: Connection refused"):
        _open(guard, "honest.example")
    with pytest.raises(RemoteUnavailable, match=r"nobody knows where unknown\.example is: Name or service not known"):
        _open(guard, "unknown.example")


def test_a_resolver_that_hangs_is_not_waited_for() -> None:
    answered = threading.Event()

    def hang(_host: str) -> list[str]:
        answered.wait(10.0)
        return []

    with pytest.raises(RemoteUnavailable, match=r"nobody said in time where slow\.example is"):
        OutboundGuard(ports=frozenset({443}), resolve=hang).open("slow.example", 443, Deadline.within(0.05))
    answered.set()


@pytest.mark.parametrize("port", [1, 22, 80, 5432])
def test_only_known_ports_of_the_outside_world_are_connected_to(guard, wire, port: int) -> None:
    with pytest.raises(DestinationRefused, match=rf"port {port} is none of those that are connected to \(443\)"):
        _open(guard, "honest.example", port)
    assert wire.connected == []


def test_inside_only_what_was_named_is_reached_there_at_any_port(guard, wire) -> None:
    named = replace(guard, allowed=NETWORKS)
    _open(named, "inside.example", 9000)
    _open(named, "[::ffff:10.0.0.9]", 5432)
    assert wire.connected == [("10.0.0.5", 9000), ("::ffff:a00:9", 5432)]
    with pytest.raises(DestinationRefused, match="lies inside the network; whoever runs the program may allow it"):
        _open(named, "192.168.1.1", 443)


@pytest.mark.parametrize("host", ["169.254.169.254", "[::ffff:169.254.169.254]", "100.100.100.200", "[fd00:ec2::254]"])
def test_cloud_metadata_is_never_reached_whatever_was_named(guard, wire, host: str) -> None:
    everything = read_networks(["0.0.0.0/0", "::/0"], origin="here")
    with pytest.raises(DestinationRefused, match="must not be connected to"):
        _open(replace(guard, allowed=everything), host)
    assert wire.connected == []


def test_what_is_closed_stays_closed_under_every_name(guard, wire) -> None:
    closed = replace(guard, allowed=NETWORKS, closed=frozenset({(IPv4Address("10.0.0.5"), 5432)}))
    for host in ("10.0.0.5", "[::ffff:10.0.0.5]", "inside.example"):
        with pytest.raises(DestinationRefused, match="must not be connected to"):
            _open(closed, host, 5432)
    _open(closed, "10.0.0.5", 5433)
    assert wire.connected == [("10.0.0.5", 5433)]


def test_what_is_not_encrypted_stays_inside(guard, wire) -> None:
    inside_only = replace(guard, allowed=NETWORKS).inside_only()
    with pytest.raises(DestinationRefused, match=r"nothing goes out to honest\.example unencrypted; use TLS"):
        _open(inside_only, "honest.example", 80)
    _open(inside_only, "inside.example", 80)
    assert wire.connected == [("10.0.0.5", 80)]


def test_a_deadline_that_has_passed_is_an_answer_that_did_not_come(guard) -> None:
    with pytest.raises(RemoteUnavailable, match="no answer came in time"):
        guard.open("1.1.1.1", 443, Deadline.within(-1.0))


def test_the_systems_own_resolver_knows_this_machine() -> None:
    assert set(addresses_of("127.0.0.1")) == {"127.0.0.1"}
    with pytest.raises(OSError, match=r".+"):
        addresses_of("no-such-host.invalid")
