import socket

import pytest

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.addresses import read_networks
from pynomaly.infrastructure.outbound.conversation import conversation
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from tests.infrastructure.outbound.receivers import receiver

GUARD = OutboundGuard(frozenset(), read_networks(["127.0.0.0/8"], origin="here"))


def _echo(connection: socket.socket) -> None:
    while received := connection.recv(100):
        connection.sendall(received)


def test_both_sides_talk_in_turns_and_the_connection_is_closed_afterwards() -> None:
    with receiver(_echo) as port, conversation(GUARD, "127.0.0.1", port, 5.0) as connection:
        for word in (b"one", b"two"):
            connection.sendall(word)
            assert connection.recv(100) == word
    assert connection.fileno() == -1


@pytest.mark.parametrize(
    "takes_over", [lambda connection: connection, lambda connection: socket.socket(fileno=connection.detach())]
)
def test_when_the_time_is_over_whoever_holds_the_connection_hears_its_end(takes_over) -> None:
    with (
        receiver(_echo) as port,
        conversation(GUARD, "127.0.0.1", port, 0.2) as connection,
        takes_over(connection) as held,
    ):
        held.settimeout(30.0)  # where the deadline does not end this, an error does
        assert held.recv(100) == b""


def test_what_was_cut_from_here_is_said_to_have_taken_too_long() -> None:
    with (
        receiver(_echo) as port,
        pytest.raises(RemoteUnavailable, match=r"^127\.0\.0\.1 gave no answer within 0\.2 s$"),
    ):
        _ask_in_vain(port)


def _ask_in_vain(port: int) -> None:
    with conversation(GUARD, "127.0.0.1", port, 0.2) as connection:
        connection.settimeout(30.0)  # where the deadline does not end this, an error does
        connection.recv(100)
        raise OSError("cut")


def test_an_error_that_came_in_time_passes_as_it_is() -> None:
    with (
        receiver(_echo) as port,
        pytest.raises(ConnectionError, match="broken"),
        conversation(GUARD, "127.0.0.1", port, 30.0),
    ):
        raise ConnectionError("broken")


def test_nobody_is_talked_to_whom_the_guard_refuses_or_who_is_not_there() -> None:
    with pytest.raises(DestinationRefused), conversation(GUARD, "10.0.0.5", 80, 5.0):
        pass
    with receiver(_echo) as port:
        pass
    with pytest.raises(RemoteUnavailable), conversation(GUARD, "127.0.0.1", port, 5.0):
        pass
