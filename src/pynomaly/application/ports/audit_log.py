"""The audit log: what happened in a workspace, and how far others have read it."""

from typing import Protocol

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.audit import AuditEntry, ChainHead


class AuditLog(Protocol):
    """Every event of the workspace as a chain, oldest first."""

    def page(self, piece: Piece, *, type: str | None = None, actor: str | None = None) -> Page[AuditEntry]:
        """Return a piece of the log, of one type of event or by one actor; positions are sequence numbers."""
        ...

    def head(self) -> ChainHead:
        """Return where the chain ends."""
        ...

    def newest(self) -> int:
        """Return the number of the last entry, 0 for none, without holding anybody up."""
        ...

    def cursor(self, channel: str) -> int | None:
        """Return the last entry a channel was told of, 0 for none, and hold it; None if somebody else holds it."""
        ...

    def move_cursor(self, channel: str, sequence: int) -> None:
        """Store that a channel was told of every entry up to this one."""
        ...
