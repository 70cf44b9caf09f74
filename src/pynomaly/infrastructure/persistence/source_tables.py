"""The table of data sources; their credentials are among the secrets."""

from sqlalchemy import JSON, Column, Integer, String, Table, UniqueConstraint

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

data_sources = Table(
    "data_sources",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("kind", String(50), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("secret_names", JSON, nullable=False),
    Column("created_by", Text(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)
