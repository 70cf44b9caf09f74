"""Data sources as rows; what their secret fields hold lies in a table of its own (see `secret_rows`)."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row

from pynomaly.domain.data_source import DataSource
from pynomaly.domain.identifiers import SourceId
from pynomaly.infrastructure.persistence.named_rows import NamedRows
from pynomaly.infrastructure.persistence.source_tables import data_sources
from pynomaly.infrastructure.persistence.transaction import Transaction


def source_rows(transaction: Transaction) -> NamedRows[DataSource]:
    """Return the data sources of a workspace."""
    return NamedRows(transaction, data_sources, DataSource.noun, _to_row, _from_row)


def _from_row(row: Row[Any]) -> DataSource:
    return DataSource(
        id=SourceId(row.id),
        name=row.name,
        kind=row.kind,
        settings=row.settings,
        secret_names=tuple(row.secret_names),
        created_by=row.created_by,
        created_at=row.created_at,
        revision=row.revision,
    )


def _to_row(source: DataSource) -> dict[str, Any]:
    return asdict(source) | {"settings": dict(source.settings), "secret_names": list(source.secret_names)}
