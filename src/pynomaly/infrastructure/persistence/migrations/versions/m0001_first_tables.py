"""Datasets, detectors with their versions, training runs, detections and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables of an empty workspace."""
    _create_datasets()
    _create_detectors()
    _create_training_runs()
    _create_detections()
    _create_outbox()


def _create_datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("n_rows", sa.BigInteger, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_datasets"),
        sa.UniqueConstraint("id", name="uq_datasets_id"),
        sa.UniqueConstraint("name", name="uq_datasets_name"),
    )


def _create_detectors() -> None:
    op.create_table(
        "detectors",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("algorithm", sa.String(200), nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("live_version", sa.Integer),
        sa.Column("is_retired", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_detectors"),
        sa.UniqueConstraint("id", name="uq_detectors_id"),
        sa.UniqueConstraint("name", name="uq_detectors_name"),
    )
    op.create_table(
        "detector_versions",
        sa.Column("detector_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64)),
        sa.Column("n_rows", sa.BigInteger, nullable=False),
        sa.Column("trained_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("detector_id", "number", name="pk_detector_versions"),
        sa.ForeignKeyConstraint(
            ["detector_id"], ["detectors.id"], name="fk_detector_versions_detector_id", ondelete="CASCADE"
        ),
    )


def _create_training_runs() -> None:
    op.create_table(
        "training_runs",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("detector_id", sa.String(64), nullable=False),
        sa.Column("dataset_id", sa.String(64), nullable=False),
        sa.Column("seed", sa.String(100), nullable=False),
        sa.Column("started_at", _moment, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("finished_at", _moment),
        sa.Column("version", sa.Integer),
        sa.Column("error", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_training_runs"),
        sa.UniqueConstraint("id", name="uq_training_runs_id"),
        sa.ForeignKeyConstraint(
            ["detector_id"], ["detectors.id"], name="fk_training_runs_detector_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_training_runs_detector_id", "training_runs", ["detector_id"])


def _create_detections() -> None:
    op.create_table(
        "detections",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("detector_id", sa.String(64), nullable=False),
        sa.Column("detector_version", sa.Integer, nullable=False),
        sa.Column("dataset_id", sa.String(64)),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("policy", sa.JSON, nullable=False),
        sa.Column("score_threshold", sa.Float(53)),
        sa.Column("n_rows", sa.BigInteger, nullable=False),
        sa.Column("n_anomalies", sa.BigInteger, nullable=False),
        sa.Column("strangest", sa.JSON, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("scores", sa.String(64), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_detections"),
        sa.UniqueConstraint("id", name="uq_detections_id"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
