"""Walk the audit log from its first entry and see that nothing was altered, dropped or moved."""

from collections.abc import Iterator
from dataclasses import dataclass

from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.persistence import BeginReading, UnitOfWork
from pynomaly.domain.audit import AuditEntry, ChainHead, ChainVerdict, verify_chain

ENTRIES_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Read the whole log piece by piece, as it stands at one moment."""

    begin_reading: BeginReading

    def __call__(self, *, expected: ChainHead | None = None) -> ChainVerdict:
        """Return what was found; the end must be where the log itself and `expected`, kept elsewhere, say."""
        with self.begin_reading() as work:
            head = work.audit_log.head()
            verdict = verify_chain(_entries(work), expected)
        if verdict.is_intact and verdict.head != head:
            return ChainVerdict(verdict.head, f"the log ends at entry {verdict.head.sequence}, not at {head.sequence}")
        return verdict


def _entries(work: UnitOfWork) -> Iterator[AuditEntry]:
    after: int | None = None
    while True:
        page = work.audit_log.page(Piece(ENTRIES_AT_ONCE, after, is_oldest_first=True))
        yield from page.items
        after = page.next_after
        if after is None:
            return
