"""The tables of what a workspace keeps: datasets, detectors with their versions and training runs, detections.

`position` counts rows in the order they came; it breaks ties between equal times.
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

datasets = Table(
    "datasets",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("n_rows", BigInteger, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)

detectors = Table(
    "detectors",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("algorithm", Text(200), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("live_version", Integer),
    Column("is_retired", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)

# dataset_id refers to no table: a version outlives the dataset it learned from.
detector_versions = Table(
    "detector_versions",
    metadata,
    Column("detector_id", ForeignKey("detectors.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("model", String(64), nullable=False),
    Column("dataset_id", String(64)),
    Column("n_rows", BigInteger, nullable=False),
    Column("trained_at", Instant, nullable=False),
)

training_runs = Table(
    "training_runs",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", Text(64), nullable=False),
    Column("detector_id", ForeignKey("detectors.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("dataset_id", String(64), nullable=False),
    Column("seed", String(100), nullable=False),  # in decimal: a seed may have 128 bits
    Column("started_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("finished_at", Instant),
    Column("version", Integer),
    Column("error", Text, nullable=False),
    UniqueConstraint("id"),
)

# detector_id refers to no table: a detection outlives its detector.  severity: the highest of the flagged rows, so that
# a year of detections can be looked over without reading what was told of each.
detections = Table(
    "detections",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("detector_id", Text(64), nullable=False),
    Column("detector_version", Integer, nullable=False),
    Column("dataset_id", String(64)),
    Column("source", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("policy", JSON, nullable=False),
    Column("score_threshold", Float(53)),
    Column("n_rows", BigInteger, nullable=False),
    Column("n_anomalies", BigInteger, nullable=False),
    Column("strangest", JSON, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("scores", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("severity", Float(53)),
    UniqueConstraint("id"),
    Index("ix_detections_tenant_id_id", "tenant_id", "id", unique=True),  # what verdicts refer to
    Index("ix_detections_tenant_id_created_at", "tenant_id", "created_at", "n_anomalies", "severity"),
    Index("ix_detections_tenant_id_detector_id_created_at", "tenant_id", "detector_id", "created_at"),
)
