"""A relay to a server of this machine that goes no further after so many bytes of the answer."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.infrastructure.outbound.receivers import receiver


@contextmanager
def cutting_relay(port: int, *, after_bytes: int, is_silent: bool = False) -> Iterator[int]:
    """Lend the port of a relay that cuts the connection, or is silent from then on."""
    done = threading.Event()

    def relay(client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            asking = threading.Thread(target=_pass_on, args=(client, server), daemon=True)
            asking.start()
            left = after_bytes
            with suppress(OSError):
                while left > 0 and (part := server.recv(min(left, 65536))):
                    client.sendall(part)
                    left -= len(part)
            if is_silent:
                done.wait(30.0)
            for each in (client, server):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            asking.join(5.0)

    with receiver(relay) as own:
        try:
            yield own
        finally:
            done.set()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
