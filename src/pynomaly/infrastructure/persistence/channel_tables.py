"""The tables of notifications: channels with their lease, rules, and deliveries in the lanes they queue in.

A lane is a channel and a subject; it rests until `due_at` by the database's clock (see `database_clock`), as a channel
is lent until `lease_until`.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

channels = Table(
    "channels",
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
    Column("is_enabled", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("lease_until", Float(53), nullable=False),
    Column("courier", Text(200)),
    Column("turn", BigInteger, nullable=False),
    Column("troubles", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)

# detector_id refers to no table: a rule outlives its detector.
notification_rules = Table(
    "notification_rules",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("occasion", String(50), nullable=False),
    Column("channel_ids", JSON, nullable=False),
    Column("created_by", Text(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("least_anomalies", BigInteger, nullable=False),
    Column("least_severity", Float(53), nullable=False),
    Column("detector_id", Text(64)),
    Column("is_enabled", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)

delivery_lanes = Table(
    "delivery_lanes",
    metadata,
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("subject", Text(200), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("due_at", Float(53), nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("channel_id", ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("subject", Text(200), nullable=False),
    Column("type", String(50), nullable=False),
    Column("at", Instant, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("last_error", Text),
    Column("ended_at", Instant),
    Column("give_up_at", Float(53)),
    UniqueConstraint("id"),
    Index("ix_deliveries_channel_id_status_position", "channel_id", "status", "position"),
    Index("ix_deliveries_channel_id_subject_status", "channel_id", "subject", "status"),
    Index("ix_deliveries_tenant_id_status_ended_at", "tenant_id", "status", "ended_at"),
)
