"""HTTP to object stores: every connection goes through the guard, no redirect is followed, no reply grows large."""

import socket
import ssl
from contextlib import suppress
from typing import Any, cast

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from pynomaly.infrastructure.sources.surroundings import Exchange

MOST_REPLY_BYTES = 1024**2
"""Of a reply that is no object: a listing of one object, or an error."""

_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_WHOLE = (200, 206)


class StoreConnections(urllib3.PoolManager):
    """What the S3 client speaks through. While it is open, `connection` is what may be cut."""

    def __init__(self, exchange: Exchange, tls: ssl.SSLContext) -> None:
        super().__init__(
            num_pools=2,
            maxsize=1,
            ssl_context=tls,
            timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=_READ_SECONDS),
        )
        self._opened: list[socket.socket] = []
        self.pool_classes_by_scheme = _guarded_pools(exchange, self._opened)

    def connection(self) -> socket.socket:
        """Return the newest connection, one that leads nowhere if there is none."""
        return self._opened[-1] if self._opened else socket.socket()

    def urlopen(  # type: ignore[override]
        self, method: str, url: str, *, preload_content: bool = True, **rest: Any
    ) -> urllib3.BaseHTTPResponse:
        """Send a request. An object is returned as a stream, anything else as a short reply."""
        reply = super().urlopen(
            method, url, redirect=False, preload_content=False, decode_content=False, retries=False, **rest
        )
        if not preload_content and reply.status in _WHOLE:
            return reply
        with reply:
            body = reply.read(MOST_REPLY_BYTES, decode_content=False)
        return urllib3.HTTPResponse(body, headers=reply.headers, status=reply.status, decode_content=False)

    def close(self) -> None:
        """Close every connection."""
        self.clear()
        for each in self._opened:
            with suppress(OSError):
                each.close()


def _guarded_pools(exchange: Exchange, opened: list[socket.socket]) -> dict[str, type[urllib3.HTTPConnectionPool]]:
    def guarded(host: str, port: int, *, is_encrypted: bool) -> socket.socket:
        connection = exchange.open(host, port, is_encrypted=is_encrypted)
        opened.append(connection.dup())  # TLS takes the first one over
        return connection

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guarded(self.host, self.port, is_encrypted=False)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guarded(self.host, self.port, is_encrypted=True)

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = cast(Any, Plain)

    class EncryptedPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = cast(Any, Encrypted)

    return {"http": PlainPool, "https": EncryptedPool}
