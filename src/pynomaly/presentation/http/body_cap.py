"""No body is read beyond a limit, whatever its headers say."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pynomaly.presentation.http.problems import problem_response
from pynomaly.presentation.http.refusals import PayloadTooLarge


def declared_length(scope: Scope) -> int:
    """Return the length a request announces, 0 where it announces none; not to be trusted downwards."""
    given = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(given[:19]) if given.isdigit() else 0


@dataclass(frozen=True, slots=True)
class CappedBodies:
    """Counts the bytes of each body as they arrive; reading past the limit raises PayloadTooLarge."""

    app: ASGIApp
    limit_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif declared_length(scope) > self.limit_bytes:
            response = problem_response(self._refusal(), scope["state"]["request_id"], scope["path"])
            await response(scope, receive, send)
        else:
            await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        n_bytes = 0

        async def receive_counted() -> Message:
            nonlocal n_bytes
            message = await receive()
            n_bytes += len(message.get("body", b""))
            if n_bytes > self.limit_bytes:
                raise self._refusal()
            return message

        return receive_counted

    def _refusal(self) -> PayloadTooLarge:
        return PayloadTooLarge(f"the body is larger than {self.limit_bytes} bytes")
