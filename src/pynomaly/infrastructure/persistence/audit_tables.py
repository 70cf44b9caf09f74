"""The tables of the audit log: one chain of events per workspace, and where each chain ends."""

from sqlalchemy import JSON, BigInteger, Column, String, Table, UniqueConstraint

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

events = Table(
    "events",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("sequence", BigInteger, nullable=False),
    Column("id", String(64), nullable=False),
    Column("type", String(100), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("actor", Text(200), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "sequence"),
)

chain_heads = Table(
    "chain_heads",
    metadata,
    Column("tenant_id", String(64), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

relay_cursors = Table(
    "relay_cursors",
    metadata,
    Column("channel", String(100), primary_key=True),
    Column("tenant_id", String(64), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)
