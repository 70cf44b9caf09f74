"""Idempotency keys as rows: reserved by one attempt at a time, answered in the transaction of the effect."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.domain.errors import InvalidRequest, LeaseLost, StillRunning
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.locks import hold_subject
from pynomaly.infrastructure.persistence.transaction import Transaction
from pynomaly.infrastructure.persistence.work_tables import request_keys

RESERVED_SECONDS = 60.0  # an attempt that takes longer, or died, may be overtaken; the token keeps it from counting
KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class _Stored:
    """A key as it stands."""

    digest: str
    is_answered: bool
    is_expired: bool
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class RequestKeyRows:
    """The request keys of one workspace within one transaction."""

    transaction: Transaction

    def reserve(self, claim: KeyClaim, *, digest: str) -> Reply | None:
        """Reserve a key for one attempt, or return the answer that is stored under it.

        Raises StillRunning while another attempt holds it, InvalidRequest if the key came with other content before.
        """
        hold_subject(self.transaction, "\n".join((self.transaction.tenant_id, *_parts(claim.key))))
        stored = self._stored(claim.key)
        if stored is not None and not (stored.is_expired and stored.is_answered):
            if stored.digest != digest:
                raise InvalidRequest("this Idempotency-Key came with another request before; use a new key")
            if stored.is_answered:
                return stored.reply
            if not stored.is_expired:
                raise StillRunning
        self.transaction.write(delete(request_keys).where(self._is(claim.key)))
        self.transaction.write(
            insert(request_keys).values(
                tenant_id=self.transaction.tenant_id,
                principal=claim.key.principal,
                route=claim.key.route,
                key=claim.key.key,
                digest=digest,
                token=claim.token,
                is_answered=False,
                expires_at=DatabaseNow() + RESERVED_SECONDS,
            )
        )
        return None

    def release(self, claim: KeyClaim) -> None:
        """Give a reserved key back; an answered one stays."""
        unanswered = self._held_by(claim) & request_keys.c.is_answered.is_(False)
        self.transaction.write(delete(request_keys).where(unanswered))

    def require_held(self, claim: KeyClaim) -> None:
        """Check that this attempt still holds its key, and hold it until the transaction ends. Raises LeaseLost."""
        held = select(request_keys.c.key).where(self._held_by(claim), request_keys.c.is_answered.is_(False))
        if not self.transaction.read_held(held, lambda row: row.key):
            raise LeaseLost("another attempt at this request took over; ask again with the same Idempotency-Key")

    def answer(self, claim: KeyClaim, reply: Reply) -> None:
        """Store the answer under the key."""
        self.transaction.write(
            update(request_keys)
            .where(self._held_by(claim))
            .values(
                is_answered=True,
                status=reply.status,
                headers=[list(header) for header in reply.headers],
                body=reply.body,
                expires_at=DatabaseNow() + KEPT_SECONDS,
            )
        )

    def forget_expired(self) -> int:
        """Delete the keys of all workspaces that nobody has to remember any more."""
        return self.transaction.write(delete(request_keys).where(request_keys.c.expires_at < DatabaseNow()))

    def _stored(self, key: RequestKey) -> _Stored | None:
        """Return a key as it stands once nobody is answering it any more; None if there is none."""
        is_expired = (request_keys.c.expires_at < DatabaseNow()).label("is_expired")
        found = self.transaction.read_held(select(request_keys, is_expired).where(self._is(key)), _from_row)
        return found[0] if found else None

    def _is(self, key: RequestKey) -> ColumnElement[bool]:
        principal, route, text = _parts(key)
        return (
            self.transaction.own(request_keys)
            & (request_keys.c.principal == principal)
            & (request_keys.c.route == route)
            & (request_keys.c.key == text)
        )

    def _held_by(self, claim: KeyClaim) -> ColumnElement[bool]:
        return self._is(claim.key) & (request_keys.c.token == claim.token)


def _parts(key: RequestKey) -> tuple[str, str, str]:
    return key.principal, key.route, key.key


def _from_row(row: Row[Any]) -> _Stored:
    headers = tuple((str(name), str(value)) for name, value in row.headers or ())
    reply = Reply(row.status, headers, bytes(row.body)) if row.is_answered else None
    return _Stored(row.digest, bool(row.is_answered), bool(row.is_expired), reply)
