"""The table of verdicts: the answer that stands on each judged row of a detection."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

verdicts = Table(
    "verdicts",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("detection_id", Text(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("row_index", BigInteger, nullable=False),
    Column("is_flagged", Boolean, nullable=False),
    Column("answer", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("given_by", Text(200), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("replaced_answer", String(20)),
    Column("replaced_by", Text(200)),
    ForeignKeyConstraint(["tenant_id", "detection_id"], ["detections.tenant_id", "detections.id"], ondelete="CASCADE"),
    UniqueConstraint("tenant_id", "detection_id", "row_index"),
    Index("ix_verdicts_tenant_id_fingerprint_row_index", "tenant_id", "fingerprint", "row_index"),
)
