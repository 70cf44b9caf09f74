"""Walk an audit log from its first entry, piece by piece, and see that nothing was altered, dropped or moved."""

from collections.abc import Iterator

from pynomaly.application.ports.audit_log import AuditLog
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.audit import AuditEntry, ChainHead, ChainVerdict, verify_chain

ENTRIES_AT_ONCE = 1000


def verified(log: AuditLog, expected: ChainHead | None = None) -> ChainVerdict:
    """Return what was found; the end must be where the log itself and `expected`, kept elsewhere, say."""
    head = log.head()
    verdict = verify_chain(_entries(log), expected)
    if verdict.is_intact and verdict.head != head:
        return ChainVerdict(verdict.head, f"the log ends at entry {verdict.head.sequence}, not at {head.sequence}")
    return verdict


def _entries(log: AuditLog) -> Iterator[AuditEntry]:
    after: int | None = None
    while True:
        page = log.page(Piece(ENTRIES_AT_ONCE, after, is_oldest_first=True))
        yield from page.items
        after = page.next_after
        if after is None:
            return
