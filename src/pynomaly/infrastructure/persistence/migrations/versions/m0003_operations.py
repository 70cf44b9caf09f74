"""Secrets, sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables of operations."""
    _create_secrets()
    _create_workers()


def _tenant() -> "sa.Column[str]":
    return sa.Column("tenant_id", sa.String(64), nullable=False)


def _create_secrets() -> None:
    op.create_table(
        "data_keys",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("master_key", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_data_keys"),
        sa.UniqueConstraint("id", name="uq_data_keys_id"),
    )
    op.create_index("ix_data_keys_tenant_id", "data_keys", ["tenant_id"])
    op.create_table(
        "secrets",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("owner_kind", sa.String(50), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("field", sa.String(50), nullable=False),
        sa.Column("data_key", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_secrets"),
        sa.ForeignKeyConstraint(["data_key"], ["data_keys.id"], name="fk_secrets_data_key"),
        sa.UniqueConstraint(
            "tenant_id", "owner_kind", "owner_id", "field", name="uq_secrets_tenant_id_owner_kind_owner_id_field"
        ),
    )
    op.create_index("ix_secrets_tenant_id", "secrets", ["tenant_id"])
    op.create_index("ix_secrets_data_key", "secrets", ["data_key"])


def _create_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seen_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )
