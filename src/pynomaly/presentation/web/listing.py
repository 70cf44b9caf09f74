"""Long lists, some rows a page: what is shown now, and the address of what comes after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.presentation.web.visitor import Visitor

ROWS = 50
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """Some rows of a list. next_address: of those after, empty at the end.  first_address: empty at the beginning."""

    items: Sequence[Item]
    next_address: str
    first_address: str


def listed(
    visitor: Visitor,
    cursor: str | None,
    read: Callable[[Piece], Page[Item]],
    subject: str,
    **filters: str | None,
) -> Listed[Item]:
    """Return the rows of a page; its filters stay in its addresses. Raises UnknownCursor."""
    cursors, here = visitor.program.cursors, visitor.request.url.path
    scope = (f"page of {subject}", visitor.principal.tenant_id, *sorted(filters.items()))
    page = read(cursors.piece(ROWS, cursor, *scope))
    kept = {name: value for name, value in filters.items() if value}
    following = cursors.next_cursor(page, *scope)
    next_address = f"{here}?{urlencode({**kept, 'cursor': following})}" if following else ""
    first_address = "" if cursor is None else f"{here}?{urlencode(kept)}" if kept else here
    return Listed(page.items, next_address, first_address)
