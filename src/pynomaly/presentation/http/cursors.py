"""Places in long lists that clients carry around: opaque, signed, and good for the same list only."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Query

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.presentation.http.bounds import BOUNDS, Cursor, PageLimit
from pynomaly.presentation.http.refusals import Fault, UnknownCursor

MAC_BYTES = 16
Item = TypeVar("Item")

LimitParameter: TypeAlias = Annotated[PageLimit, Query(description="How many items at most.")]
CursorParameter: TypeAlias = Annotated[
    Cursor | None, Query(description="The `next_cursor` of the page before; it belongs to the same list and filters.")
]
DEFAULT_LIMIT = BOUNDS.page_default


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads cursors; key: any secret bytes of the installation."""

    key: bytes

    def piece(self, limit: int, cursor: str | None, *scope: object, is_oldest_first: bool = False) -> Piece:
        """Return the piece of a list that a request asks for; scope: what else the list depends on.

        Raises UnknownCursor for one that was not given out for this very list.
        """
        return Piece(limit, None if cursor is None else self._read(cursor, scope), is_oldest_first)

    def next_cursor(self, page: Page[Item], *scope: object) -> str | None:
        """Return what the next request for the same list carries."""
        return None if page.next_after is None else self.made(page.next_after, *scope)

    def made(self, position: int, *scope: object) -> str:
        """Return the cursor of a position."""
        raw = position.to_bytes(8, "big")
        return base64.urlsafe_b64encode(raw + self._mac(raw, scope)).decode("ascii")

    def _read(self, cursor: str, scope: Sequence[object]) -> int:
        try:
            raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        except ValueError:
            raw = b""
        if len(raw) != 8 + MAC_BYTES or not hmac.compare_digest(raw[8:], self._mac(raw[:8], scope)):
            raise UnknownCursor(faults=[Fault("query", "/cursor", "is none that this list gave out")])
        return int.from_bytes(raw[:8], "big")

    def _mac(self, raw: bytes, scope: Sequence[object]) -> bytes:
        text = "\n".join(repr(part) for part in scope).encode("utf-8", "backslashreplace")
        return hmac.digest(self.key, raw + text, hashlib.sha256)[:MAC_BYTES]
