"""What people say of the rows of detections."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table of verdicts; they refer to detections of their own workspace alone."""
    op.create_index("ix_detections_tenant_id_id", "detections", ["tenant_id", "id"], unique=True)
    op.create_table(
        "verdicts",
        sa.Column("position", _counted, nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("detection_id", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("row_index", sa.BigInteger, nullable=False),
        sa.Column("is_flagged", sa.Boolean, nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("given_by", sa.String(200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("replaced_answer", sa.String(20)),
        sa.Column("replaced_by", sa.String(200)),
        sa.PrimaryKeyConstraint("position", name="pk_verdicts"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "detection_id"],
            ["detections.tenant_id", "detections.id"],
            name="fk_verdicts_tenant_id_detection_id",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "tenant_id", "detection_id", "row_index", name="uq_verdicts_tenant_id_detection_id_row_index"
        ),
    )
    op.create_index("ix_verdicts_tenant_id", "verdicts", ["tenant_id"])
    op.create_index(
        "ix_verdicts_tenant_id_fingerprint_row_index", "verdicts", ["tenant_id", "fingerprint", "row_index"]
    )
