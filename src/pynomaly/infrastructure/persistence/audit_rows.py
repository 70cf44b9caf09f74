"""The audit log as rows: events are appended at commit, under a lock on the end of their workspace's chain."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.clock import Clock
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.audit import AuditEntry, ChainHead
from pynomaly.domain.events import Event
from pynomaly.domain.identifiers import TenantId
from pynomaly.infrastructure.persistence.audit_tables import chain_heads, events, relay_cursors
from pynomaly.infrastructure.persistence.locks import hold_subject, try_to_hold_subject
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class AuditRows:
    """The audit log of one workspace within one transaction."""

    transaction: Transaction

    def page(self, piece: Piece, *, type: str | None = None, actor: str | None = None) -> Page[AuditEntry]:
        """Return a piece of the log, of one type of event or by one actor; positions are sequence numbers."""
        number = events.c.sequence
        wanted = {events.c.type: type, events.c.actor: actor}
        asked_for = [column == value for column, value in wanted.items() if value is not None]
        query = select(events).where(self.transaction.own(events), *asked_for)
        if piece.after is not None:
            query = query.where(number > piece.after if piece.is_oldest_first else number < piece.after)
        ordered = query.order_by(number if piece.is_oldest_first else number.desc()).limit(piece.limit + 1)
        found = self.transaction.read(ordered, _from_row)
        items = found[: piece.limit]
        return Page(items, items[-1].sequence if len(found) > piece.limit else None)

    def head(self) -> ChainHead:
        """Return where the chain ends."""
        query = select(chain_heads).where(self.transaction.own(chain_heads))
        found = self.transaction.read_held(query, lambda row: ChainHead(row.sequence, row.hash))
        return found[0] if found else ChainHead()

    def newest(self) -> int:
        """Return the number of the last entry, 0 for none, without holding anybody up."""
        query = select(chain_heads.c.sequence).where(self.transaction.own(chain_heads))
        found = self.transaction.read(query, lambda row: int(row.sequence))
        return found[0] if found else 0

    def cursor(self, channel: str) -> int | None:
        """Return the last entry a channel was told of, 0 for none, and hold it; None if somebody else holds it."""
        if not try_to_hold_subject(self.transaction, f"relay:{channel}:{self.transaction.tenant_id}"):
            return None
        query = select(relay_cursors.c.sequence).where(self._is_cursor(channel))
        found = self.transaction.read(query, lambda row: int(row.sequence))
        return found[0] if found else 0

    def move_cursor(self, channel: str, sequence: int) -> None:
        """Store that a channel was told of every entry up to this one."""
        moved = update(relay_cursors).where(self._is_cursor(channel)).values(sequence=sequence)
        if not self.transaction.write(moved):
            place = {"channel": channel, "tenant_id": self.transaction.tenant_id}
            self.transaction.write(insert(relay_cursors).values(**place, sequence=sequence))

    def _is_cursor(self, channel: str) -> ColumnElement[bool]:
        return self.transaction.own(relay_cursors) & (relay_cursors.c.channel == channel)

    def append(self, recorded: Sequence[tuple[Event, str]], asked: Asked, clock: Clock) -> None:
        """Add events with their ids to the chain. Taken last in a transaction: others wait for the chain's end."""
        hold_subject(self.transaction, f"chain:{self.transaction.tenant_id}")
        before = head = self.head()
        for event, event_id in recorded:
            entry = AuditEntry(
                tenant_id=self.transaction.tenant_id,
                sequence=head.sequence + 1,
                id=event_id,
                type=type(event).__name__,
                payload=asdict(event),
                actor=asked.actor,
                request_id=asked.request_id,
                at=clock(),
                previous_hash=head.hash,
            )
            entry = replace(entry, hash=entry.digest())
            self.transaction.write(insert(events).values(asdict(entry)))
            head = ChainHead(entry.sequence, entry.hash)
        self._move_head(before, head)

    def _move_head(self, before: ChainHead, head: ChainHead) -> None:
        values = {"sequence": head.sequence, "hash": head.hash}
        moved = update(chain_heads).where(self.transaction.own(chain_heads)).values(values)
        if not self.transaction.write(moved) and not before.sequence:
            self.transaction.write(insert(chain_heads).values(values | {"tenant_id": self.transaction.tenant_id}))


def _from_row(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        tenant_id=TenantId(row.tenant_id),
        sequence=row.sequence,
        id=row.id,
        type=row.type,
        payload=row.payload,
        actor=row.actor,
        request_id=row.request_id,
        at=row.at,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
