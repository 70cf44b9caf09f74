"""Listening at an address, or a sentence that says why that cannot be."""

import errno
import socket
from contextlib import ExitStack

from pynomaly.domain.errors import Conflict, InvalidRequest, PynomalyError

BACKLOG = 2048
_LAST_PORT = 65_535


def listening_sockets(host: str, port: int) -> list[socket.socket]:
    """Return sockets that take connections at every address a host name stands for, from now on.

    Raises Conflict if the port is taken or kept for the system, InvalidRequest if nobody here has that address.
    """
    with ExitStack() as undo:
        sockets = [undo.enter_context(_listening(family, host, port)) for family in _families(host, port)]
        undo.pop_all()
    return sockets


def _families(host: str, port: int) -> list[socket.AddressFamily]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise InvalidRequest(f"there is no address '{host}' to listen on: {error.strerror}") from error
    return sorted({family for family, *_ in found})


def _listening(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise refusal(error, host, port) from error


def refusal(error: OSError, host: str, port: int) -> PynomalyError:
    """Return what to tell of a failure to listen.

    >>> refusal(OSError(errno.EACCES, "Permission denied"), "127.0.0.1", 80)
    Conflict('port 80 is kept for the system; choose one from 1024 on with --port, such as 8000')
    """
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < _LAST_PORT else port - 1
        return Conflict(f"port {port} of {host} is taken by another program; choose another one with --port {other}")
    if error.errno == errno.EACCES:
        return Conflict(f"port {port} is kept for the system; choose one from 1024 on with --port, such as 8000")
    return InvalidRequest(f"nobody can listen on {host}: {error.strerror}")
