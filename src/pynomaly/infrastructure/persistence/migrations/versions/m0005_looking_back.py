"""The highest severity of each detection, and the indexes that a look at the last days goes by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_FIRST_SEVERITY = {
    "sqlite": (
        "UPDATE detections SET severity = json_extract(strangest, '$[0].severity') WHERE n_anomalies > 0 "
        "AND json_type(strangest, '$[0].severity') IN ('real', 'integer')"
    ),
    "postgresql": (
        "UPDATE detections SET severity = (strangest -> 0 ->> 'severity')::double precision WHERE n_anomalies > 0 "
        "AND json_typeof(strangest -> 0 -> 'severity') = 'number'"
    ),
}
"""The strangest row stands first; it is flagged where any is, and its severity is the highest."""


def upgrade() -> None:
    """Add the column, fill it from what was told of each detection, and add the indexes."""
    op.add_column("detections", sa.Column("severity", sa.Float(53)))
    op.execute(_FIRST_SEVERITY[op.get_bind().dialect.name])
    op.create_index(
        "ix_detections_tenant_id_created_at", "detections", ["tenant_id", "created_at", "n_anomalies", "severity"]
    )
    op.create_index(
        "ix_detections_tenant_id_detector_id_created_at", "detections", ["tenant_id", "detector_id", "created_at"]
    )
    op.create_index("ix_jobs_tenant_id_status_finished_at", "jobs", ["tenant_id", "status", "finished_at"])
    op.create_index("ix_deliveries_tenant_id_status_ended_at", "deliveries", ["tenant_id", "status", "ended_at"])
