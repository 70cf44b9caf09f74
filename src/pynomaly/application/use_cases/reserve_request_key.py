"""Let a request have one effect however often it arrives."""

from dataclasses import dataclass

from pynomaly.application.ports.asking import KeyClaim, Reply
from pynomaly.application.ports.persistence import Begin


@dataclass(frozen=True, slots=True)
class ReserveRequestKey:
    """Reserve an idempotency key before the work; the answer is stored with the work's own transaction."""

    begin: Begin

    def __call__(self, *, claim: KeyClaim, digest: str) -> Reply | None:
        """Return the answer if there is one already, None if the caller is now the one to give it.

        digest: SHA-256 (hex) of the request's content.
        Raises StillRunning while another attempt is at it, InvalidRequest if the key came with other content before.
        """
        with self.begin() as work:
            reply = work.request_keys.reserve(claim, digest=digest)
            work.commit()
        return reply


@dataclass(frozen=True, slots=True)
class ReleaseRequestKey:
    """Give a key back after an attempt without effect."""

    begin: Begin

    def __call__(self, *, claim: KeyClaim) -> None:
        """Forget the reservation; an answer that was stored stays."""
        with self.begin() as work:
            work.request_keys.release(claim)
            work.commit()
