import errno
import socket
from contextlib import ExitStack

import pytest

from pynomaly.domain.errors import Conflict, InvalidRequest
from pynomaly.infrastructure.listening import listening_sockets, refusal


def test_it_listens_at_once_so_that_nobody_else_can(tmp_path) -> None:
    with ExitStack() as held:
        (first,) = (held.enter_context(one) for one in listening_sockets("127.0.0.1", 0))
        port = first.getsockname()[1]
        held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
        with pytest.raises(Conflict, match=rf"port {port} of 127.0.0.1 is taken .* --port {port + 1}"):
            listening_sockets("127.0.0.1", port)


def test_it_listens_at_every_address_of_a_name() -> None:
    with ExitStack() as held:
        sockets = [held.enter_context(one) for one in listening_sockets("localhost", 0)]
        families = {family for family, *_ in socket.getaddrinfo("localhost", 0, type=socket.SOCK_STREAM)}
        assert {one.family for one in sockets} == families


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_an_address_of_somebody_else_is_refused(host) -> None:
    with pytest.raises(InvalidRequest, match=host):
        listening_sockets(host, 0)


@pytest.mark.parametrize(
    ("code", "port", "kind", "says"),
    [
        (errno.EACCES, 80, Conflict, "from 1024 on with --port"),
        (errno.EADDRINUSE, 65_535, Conflict, "--port 65534"),
        (errno.EADDRNOTAVAIL, 8000, InvalidRequest, "nobody can listen on 127.0.0.1"),
    ],
)
def test_each_failure_is_told_with_what_to_do(code, port, kind, says) -> None:
    told = refusal(OSError(code, "it cannot"), "127.0.0.1", port)
    assert type(told) is kind
    assert says in str(told)
