"""A dataset: a named table the workspace keeps, known by its columns and content, never by its rows."""

from dataclasses import dataclass
from datetime import datetime

from pynomaly.domain.columns import Column, ColumnRole
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.identifiers import DatasetId


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows kept under a name.

    fingerprint: SHA-256 (hex) of the content; equal tables share one stored file.
    source: where the rows came from, for people to read.
    revision: grows with every stored change, so that two writers notice each other.
    """

    id: DatasetId
    name: str
    fingerprint: str
    source: str
    n_rows: int
    columns: tuple[Column, ...]
    created_at: datetime
    revision: int = 0

    def __post_init__(self) -> None:
        require_name(self.name)

    @property
    def label(self) -> str | None:
        """Name of the label column, if one is declared."""
        return next((column.name for column in self.columns if column.role is ColumnRole.LABEL), None)


def require_name(name: str) -> None:
    """Check a name people give to things. Raises InvalidRequest."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise InvalidRequest(f"a name has 1 to 200 printable characters, not {name!r}")
