"""Connections that cost nothing: uvicorn's HTTP protocol with deadlines, a cap on headers and caps on connections.

uvicorn 0.54 by itself waits for ever for headers and bodies, keeps headers of any size, and takes any number of
connections. To be looked at again with each new release, since it extends what is inside of one.
"""

import asyncio
from collections import Counter
from collections.abc import Collection
from ipaddress import ip_address
from typing import Any, ClassVar

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from pynomaly.domain.errors import PynomalyError, TooManyRequests, Unavailable
from pynomaly.presentation.http.bounds import BOUNDS, Bounds
from pynomaly.presentation.http.edge import SECURITY_HEADERS, Network, networks_of
from pynomaly.presentation.http.problems import problem_response
from pynomaly.presentation.http.refusals import HeadersTooLarge, MalformedRequest, RequestTimeout


def protocol_within(bounds: Bounds = BOUNDS, trusted_proxies: Collection[str] = ()) -> type[asyncio.Protocol]:
    """Return a protocol class for `uvicorn.Config(http=...)`, counting the connections of one server.

    trusted_proxies: addresses or networks that many clients come through, so that the cap per address does not hold
    for them. Raises InvalidRequest for what is neither.
    """
    members = {"bounds": bounds, "open_by_address": Counter(), "trusted_proxies": networks_of(trusted_proxies)}
    return type("BoundedProtocol", (_BoundedProtocol,), members)


class _Unwanted(Exception):
    """Stops the parser."""


class _BoundedProtocol(HttpToolsProtocol):
    """One connection. Its request is in its headers until they are complete, then in its body until that is."""

    bounds: ClassVar[Bounds]
    open_by_address: ClassVar[Counter[str]]
    trusted_proxies: ClassVar[tuple[Network, ...]]

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._address = ""
        self._is_counted = False
        self._is_in_headers = False
        self._is_in_body = False
        self._n_idle_bytes = 0  # received since the request, or its body, last got further
        self._n_body_bytes = 0
        self._body_due = 0.0
        self._deadline: asyncio.TimerHandle | None = None
        self._reader_deadline: asyncio.TimerHandle | None = None

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        refusal = self._no_room()
        if refusal is not None:
            self._refuse(refusal)
            return
        self._is_counted = True
        self.open_by_address[self._address] += 1
        self._expect_headers()

    def _no_room(self) -> PynomalyError | None:
        if self.open_by_address.total() >= self.bounds.connections:
            return Unavailable()
        is_full = self.open_by_address[self._address] >= self.bounds.connections_per_address
        if is_full and not self._is_shared():
            return TooManyRequests("too many connections from one address", retry_after_seconds=5)
        return None

    def _is_shared(self) -> bool:
        """Tell whether many clients come from this address: through a proxy, or a local socket, which has none."""
        return not self._address or any(ip_address(self._address) in network for network in self.trusted_proxies)

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        self._unset_reader_deadline()
        if self._is_counted:
            self._is_counted = False
            self.open_by_address[self._address] -= 1
            if not self.open_by_address[self._address]:
                del self.open_by_address[self._address]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._n_idle_bytes += len(data)
        super().data_received(data)
        if (self._is_in_headers or self._is_in_body) and self._n_idle_bytes > self.bounds.header_bytes:
            self._refuse(HeadersTooLarge())
        elif self._deadline is None and self._is_in_body:
            self._expect_body()
        elif self._deadline is None and self._is_in_headers:
            self._expect_headers()

    # What the parser finds.

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_headers = True
        self._n_idle_bytes = 0

    def on_headers_complete(self) -> None:
        self._expect_nothing()
        if refusal := self._fault_of_headers():
            self._refuse(refusal)
            raise _Unwanted
        self._is_in_headers = False
        self._n_idle_bytes = self._n_body_bytes = 0
        super().on_headers_complete()
        self._is_in_body = True
        self.headers = []  # trailers would be added to headers that have been judged already

    def _fault_of_headers(self) -> PynomalyError | None:
        if self.parser.get_http_version() not in ("1.0", "1.1"):
            return MalformedRequest("this server speaks HTTP/1.1")
        n_bytes = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        return HeadersTooLarge() if n_bytes > self.bounds.header_bytes else None

    def on_body(self, body: bytes) -> None:
        self._n_idle_bytes = 0
        self._n_body_bytes += len(body)
        super().on_body(body)
        if self.cycle.response_complete and self._n_body_bytes > self.bounds.json_bytes:
            self.transport.close()  # it was answered without its body, and there is no end of it

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._expect_nothing()
        super().on_message_complete()

    def _should_upgrade(self) -> bool:
        return False  # there are no web sockets

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: whoever asks for another protocol gets an answer in this one, and then has to reconnect."""
        self.cycle.keep_alive = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        self._refuse(MalformedRequest("this is not HTTP as RFC 9112 has it"))

    # Deadlines.

    def _expect_nothing(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expect_headers(self) -> None:
        self._expect_nothing()
        self._deadline = self.loop.call_later(self.bounds.header_seconds, self._headers_late)

    def _expect_body(self) -> None:
        self._expect_nothing()
        self._body_due = self.loop.time() + self.bounds.upload_grace_seconds
        self._deadline = self.loop.call_at(self._body_due, self._look_at_body)

    def _look_at_body(self) -> None:
        """Give a body the time that its bytes so far have earned; while we do not read it, time stands still."""
        if self.flow.read_paused:
            self._expect_body()
            return
        earned = self._n_body_bytes / self.bounds.upload_bytes_per_second
        if self.loop.time() < self._body_due + earned:
            self._deadline = self.loop.call_at(self._body_due + earned, self._look_at_body)
        else:
            self._refuse(RequestTimeout())

    def _headers_late(self) -> None:
        if self._is_answering():
            self._expect_headers()  # of the next request, which waits for this answer
        elif self._is_in_headers:
            self._refuse(RequestTimeout())
        else:
            self.transport.close()  # nothing was asked, so nothing is answered

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unset_reader_deadline()
        self._reader_deadline = self.loop.call_later(self.bounds.unread_response_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._unset_reader_deadline()

    def _unset_reader_deadline(self) -> None:
        if self._reader_deadline is not None:
            self._reader_deadline.cancel()
            self._reader_deadline = None

    # Refusals.

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, error: PynomalyError) -> None:
        """Close, and say why; what is wrong with a later request waits until the earlier ones are answered."""
        self._expect_nothing()
        if self.transport.is_closing():
            return
        if self._is_answering() and not self._is_in_body:
            self.cycle.keep_alive = False
            self.flow.pause_reading()
            return
        if not self._is_answering() or not (self.pipeline or self.cycle.response_started):
            self.transport.write(_raw_response(error))
        self.transport.close()


def _raw_response(error: PynomalyError) -> bytes:
    response = problem_response(error, "", "/")
    headers = [(name, value) for name, value in response.raw_headers if name != b"connection"]
    lines = [name + b": " + value for name, value in (*headers, *SECURITY_HEADERS, (b"connection", b"close"))]
    return b"".join((STATUS_LINE[response.status_code], *(line + b"\r\n" for line in lines), b"\r\n", response.body))
