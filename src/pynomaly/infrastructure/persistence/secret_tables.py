"""The tables of secrets: the workspaces' keys, sealed by a master key, and the secrets, sealed by those keys."""

from sqlalchemy import Column, ForeignKey, LargeBinary, String, Table, UniqueConstraint

from pynomaly.infrastructure.persistence.column_types import Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

data_keys = Table(
    "data_keys",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", String(64), nullable=False),
    Column("master_key", String(64), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    UniqueConstraint("id"),
)

secrets = Table(
    "secrets",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("owner_kind", String(50), nullable=False),
    Column("owner_id", Text(64), nullable=False),
    Column("field", String(50), nullable=False),
    Column("data_key", ForeignKey("data_keys.id"), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    UniqueConstraint("tenant_id", "owner_kind", "owner_id", "field"),
)
