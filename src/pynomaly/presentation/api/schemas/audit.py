"""The audit log over the wire."""

from datetime import datetime

from pydantic import JsonValue

from pynomaly.domain.audit import AuditEntry, ChainVerdict
from pynomaly.presentation.api.schemas.datasets import sound
from pynomaly.presentation.api.schemas.pages import Answer


class AuditEntryAnswer(Answer):
    """One event: `hash` covers the entry and the hash of the one before."""

    sequence: int
    id: str
    type: str
    payload: dict[str, JsonValue]
    actor: str
    request_id: str
    at: datetime
    previous_hash: str
    hash: str

    @staticmethod
    def of(entry: AuditEntry) -> "AuditEntryAnswer":
        """Write an entry."""
        return AuditEntryAnswer(
            sequence=entry.sequence,
            id=entry.id,
            type=entry.type,
            payload=dict(entry.payload),
            actor=sound(entry.actor),
            request_id=entry.request_id,
            at=entry.at,
            previous_hash=entry.previous_hash,
            hash=entry.hash,
        )


class VerdictAnswer(Answer):
    """What walking the whole log found; keep `head_hash` elsewhere to notice a log that was cut short."""

    is_intact: bool
    problem: str
    head_sequence: int
    head_hash: str

    @staticmethod
    def of(verdict: ChainVerdict) -> "VerdictAnswer":
        """Write a verdict."""
        return VerdictAnswer(
            is_intact=verdict.is_intact,
            problem=verdict.problem,
            head_sequence=verdict.head.sequence,
            head_hash=verdict.head.hash,
        )
