"""The audit log: every change of a workspace as one chain, in which nothing can be altered, dropped or moved unseen."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.identifiers import TenantId

NO_HASH = "0" * 64
"""What the first entry of a chain follows."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One event as it was recorded.

    sequence: 1, 2, 3, ... within the workspace, without gaps.  actor: who; request_id: by which request.
    previous_hash: of the entry before.  hash: SHA-256 (hex) of everything in this entry and `previous_hash`.
    """

    tenant_id: TenantId
    sequence: int
    id: str
    type: str
    payload: Mapping[str, JsonValue]
    actor: str
    request_id: str
    at: datetime
    previous_hash: str
    hash: str = field(default="")

    def digest(self) -> str:
        """Return the hash this entry must have."""
        parts = [
            self.tenant_id,
            self.sequence,
            self.id,
            self.type,
            dict(self.payload),
            self.actor,
            self.request_id,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.previous_hash,
        ]
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where a chain ends: the last entry's number and hash. Kept elsewhere too, it shows that none was cut off."""

    sequence: int = 0
    hash: str = NO_HASH


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What a verification found: the head that was reached, and the first thing wrong, "" if nothing is."""

    head: ChainHead
    problem: str = ""

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def verify_chain(entries: Iterable[AuditEntry], expected: ChainHead | None = None) -> ChainVerdict:
    """Walk a chain from its first entry and stop at the first that does not belong.

    expected: a head known from elsewhere, such as an anchor; the chain must contain it.
    """
    head, was_met = ChainHead(), expected is None or expected == ChainHead()
    for entry in entries:
        if entry.sequence != head.sequence + 1:
            return ChainVerdict(head, f"entry {head.sequence + 1} is missing; {entry.sequence} comes in its place")
        if entry.previous_hash != head.hash:
            return ChainVerdict(head, f"entry {entry.sequence} does not follow the entry before it")
        if entry.digest() != entry.hash:
            return ChainVerdict(head, f"entry {entry.sequence} was altered")
        head = ChainHead(entry.sequence, entry.hash)
        was_met = was_met or head == expected
    if not was_met and expected is not None:
        return ChainVerdict(head, f"entry {expected.sequence}, vouched for elsewhere, is not in the chain")
    return ChainVerdict(head)
