"""A client as the documentation wants it: it asks again, under the same key, until it knows what became of it."""

import http.client
import json
import select
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.storms.installation import EMAIL, PASSWORD

API = "/api/v1"
TRY_AGAIN = {"/problems/still-running", "/problems/lease-lost", "/problems/stale-write"}
PATIENCE_SECONDS = 150.0  # a key whose process died is blocked for a minute


class GaveUp(Exception):
    """No answer came in all the time an honest client has."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def problem(self) -> str:
        """The type of the problem, empty for none."""
        return str(self.content.get("type", "")) if "problem+json" in self.headers.get("content-type", "") else ""


@dataclass(slots=True)
class Line:
    """One kept connection to one server; it is opened anew after it broke."""

    port: int
    timeout_seconds: float = 40.0
    _connection: http.client.HTTPConnection | None = field(default=None, init=False)

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send one request and return the answer. Raises OSError, http.client.HTTPException."""
        if self._was_hung_up():
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout_seconds)
        try:
            self._connection.request(method, API + path, body, dict(headers))
            answer = self._connection.getresponse()
            content = answer.read()
        except BaseException:
            self.close()
            raise
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)

    def _was_hung_up(self) -> bool:
        """Whether the server closed a connection that nobody used for a while, as servers do."""
        opened = None if self._connection is None else self._connection.sock
        if opened is None:
            return False
        waiting = select.poll()
        waiting.register(opened, select.POLLIN)
        return bool(waiting.poll(0))

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@dataclass(slots=True)
class HonestClient:
    """Asks any of the servers; one per thread, because connections are kept.

    token: of a session that is open already, if there is one.  n_repeats: how often it asked again.
    """

    ports: Sequence[int]
    token: str = ""
    n_repeats: int = field(default=0, init=False)
    _lines: list[Line] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._lines = [Line(port) for port in self.ports]

    def ask(self, method: str, path: str, content: object = None, *, key: str = "") -> Answer:
        """Return the answer that counts. Raises GaveUp."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
        while time.monotonic() < give_up_at:
            answer = self._try(method, path, body, key)
            if answer is not None:
                return answer
            self.n_repeats += 1
        raise GaveUp(f"{method} {path} key={key}")

    def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            line.close()

    def _try(self, method: str, path: str, body: bytes | None, key: str) -> Answer | None:
        """Ask once; None if it has to be asked again."""
        try:
            answer = self._lines[0].ask(method, path, body, self._headers(body, key))
        except (OSError, http.client.HTTPException):
            self._lines.append(self._lines.pop(0))  # perhaps another server is there
            time.sleep(0.1)
            return None
        if answer.status == 401:
            self.token = ""
            return None
        if answer.status in (429, 503) or answer.problem in TRY_AGAIN:
            time.sleep(min(1.0, float(answer.headers.get("retry-after", "0.2"))))
            return None
        return answer

    def _headers(self, body: bytes | None, key: str) -> dict[str, str]:
        kind = "application/octet-stream" if body is not None and not body.startswith(b"{") else "application/json"
        headers = {"Authorization": f"Bearer {self._signed_in()}", "Content-Type": kind}
        return headers | {"Idempotency-Key": key} if key else headers

    def _signed_in(self) -> str:
        if not self.token:
            credentials = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
            with _SIGNING_IN:
                answer = self._lines[0].ask("POST", "/sessions", credentials, {"Content-Type": "application/json"})
            if answer.status != 201:
                raise http.client.HTTPException(f"signing in: {answer.status}")
            self.token = str(answer.content["access_token"])
        return self.token


def turned(ports: Sequence[int], number: int) -> Sequence[int]:
    """Return the ports in an order of one client's own, so that many do not all ask the first server."""
    place = number % len(ports)
    return [*ports[place:], *ports[:place]]


_SIGNING_IN = threading.Lock()  # passwords are slow to check, on purpose
