"""Tickets: texts that let one person in once, for whoever started the server and sits in front of it."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pynomaly.application.ports.clock import Clock
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.identifiers import TenantId, UserId

GOOD_FOR = timedelta(minutes=10)
MOST_KEPT = 16  # one start issues one; who issues more lets the oldest go


@dataclass(frozen=True, slots=True)
class _Issued:
    digest: bytes
    tenant_id: TenantId
    user_id: UserId
    expires_at: datetime


@dataclass(slots=True)
class Tickets:
    """Keeps what it issued in memory, as digests: a ticket ends with the process, and nothing that is kept is one.

    new_secret: returns 256 random bits as text that an address can hold.
    """

    clock: Clock
    new_secret: Callable[[], str]
    _issued: list[_Issued] = field(default_factory=list, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def issue(self, user_id: UserId, tenant_id: TenantId) -> str:
        """Return a ticket for a user, good once within ten minutes."""
        text = self.new_secret()
        ticket = _Issued(_digest(text), tenant_id, user_id, self.clock() + GOOD_FOR)
        with self._lock:
            self._issued = [*self._issued, ticket][-MOST_KEPT:]
        return text

    def redeem(self, text: str) -> tuple[TenantId, UserId]:
        """Return whom a ticket is for, and forget it.

        Raises NotSignedIn for any that was not issued here, is used up or too old; which of these it was nobody learns.
        """
        digest = _digest(text)
        with self._lock:
            found = [one for one in self._issued if hmac.compare_digest(one.digest, digest)]
            self._issued = [one for one in self._issued if one not in found]
        if not found or self.clock() >= found[0].expires_at:
            raise NotSignedIn("this address was used already or is too old; `pynomaly start` prints a new one")
        return found[0].tenant_id, found[0].user_id


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
