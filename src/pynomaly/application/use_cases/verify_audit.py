"""Walk the audit log from its first entry and see that nothing was altered, dropped or moved."""

from collections.abc import Iterator
from dataclasses import dataclass

from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.domain.audit import AuditEntry, ChainHead, ChainVerdict, verify_chain

ENTRIES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Read the whole log piece by piece."""

    begin_reading: BeginReading

    def __call__(self, *, expected: ChainHead | None = None) -> ChainVerdict:
        """Return what was found; the end must be where the log itself and `expected`, kept elsewhere, say."""
        with self.begin_reading() as work:
            head = work.audit_log.head()
        verdict = verify_chain(self._entries(head), expected)
        if verdict.is_intact and verdict.head != head:
            return ChainVerdict(verdict.head, f"the log ends at entry {verdict.head.sequence}, not at {head.sequence}")
        return verdict

    def _entries(self, head: ChainHead) -> Iterator[AuditEntry]:
        """Yield entries up to the head that was read first; what comes meanwhile is left for next time."""
        after: int | None = 0
        while after is not None:
            with self.begin_reading() as work:
                page = work.audit_log.page(Piece(ENTRIES_AT_ONCE, after, is_oldest_first=True))
            yield from (entry for entry in page.items if entry.sequence <= head.sequence)
            after = page.next_after if page.items and page.items[-1].sequence < head.sequence else None
