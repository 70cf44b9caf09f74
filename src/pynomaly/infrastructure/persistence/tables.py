"""The tables of a workspace: the form that the last migration leaves behind.

`position` counts rows in the order they came; it breaks ties between equal times.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text

REVISIONS = ("0001",)
"""Every migration there is, oldest first; the last one leads to the tables below."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

datasets = Table(
    "datasets",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("source", Text, nullable=False),
    Column("n_rows", BigInteger, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("name"),
)

detectors = Table(
    "detectors",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("algorithm", Text(200), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("live_version", Integer),
    Column("is_retired", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("name"),
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
    Column("id", String(64), nullable=False),
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

# detector_id refers to no table: a detection outlives its detector.
detections = Table(
    "detections",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("detector_id", String(64), nullable=False),
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
    UniqueConstraint("id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", String(64), nullable=False),
    Column("type", String(100), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id"),
)
