"""A real mail server on this machine: aiosmtpd, with and without TLS, asking for a password or not."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "alerts", "s3cret/of+alerts"


@dataclass
class Mailbox:
    """Takes what comes, but for the answers it was given per recipient."""

    answers: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    were_encrypted: list[bool] = field(default_factory=list)
    signed_in: list[bytes] = field(default_factory=list)

    async def handle_RCPT(self, server, session: Session, envelope: Envelope, address: str, options) -> str:  # noqa: N802
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 taken")
        if answer.startswith("2"):
            self.envelopes.append(envelope)
            self.were_encrypted.append(
                session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None
            )
        return answer

    def authenticate(self, server, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        if "AUTH" in self.answers:
            return AuthResult(success=False, handled=False, message=self.answers["AUTH"])
        assert isinstance(data, LoginPassword)
        is_known = data == LoginPassword(USER.encode(), PASSWORD.encode())
        self.signed_in += [data.login] * is_known
        return AuthResult(success=is_known, handled=False)


@contextmanager
def mail_server(
    mailbox: Mailbox,
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    wants_password: bool = False,
) -> Iterator[int]:
    """Run a server and tell its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def serve() -> SMTP:
        return SMTP(
            mailbox,
            hostname="own.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=wants_password,
            auth_require_tls=tls is None,
            authenticator=mailbox.authenticate,
            loop=loop,
        )

    async def start() -> asyncio.Server:
        return await loop.create_server(serve, "127.0.0.1", 0, ssl=tls)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
