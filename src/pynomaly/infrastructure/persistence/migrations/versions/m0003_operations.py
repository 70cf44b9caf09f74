"""Secrets, sealed; channels, rules and deliveries; places that rows are read from; workers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables of operations."""
    _create_secrets()
    _create_channels()
    _create_notification_rules()
    _create_deliveries()
    _create_sources()
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


def _create_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("secret_names", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.Float(53), nullable=False),
        sa.Column("courier", sa.String(200)),
        sa.Column("turn", sa.BigInteger, nullable=False),
        sa.Column("troubles", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_channels"),
        sa.UniqueConstraint("id", name="uq_channels_id"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_channels_tenant_id_name"),
    )
    op.create_index("ix_channels_tenant_id", "channels", ["tenant_id"])


def _create_notification_rules() -> None:
    op.create_table(
        "notification_rules",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("occasion", sa.String(50), nullable=False),
        sa.Column("channel_ids", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("least_anomalies", sa.BigInteger, nullable=False),
        sa.Column("least_severity", sa.Float(53), nullable=False),
        sa.Column("detector_id", sa.String(64)),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_notification_rules"),
        sa.UniqueConstraint("id", name="uq_notification_rules_id"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_notification_rules_tenant_id_name"),
    )
    op.create_index("ix_notification_rules_tenant_id", "notification_rules", ["tenant_id"])


def _create_deliveries() -> None:
    op.create_table(
        "delivery_lanes",
        sa.Column("channel_id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("due_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("channel_id", "subject", name="pk_delivery_lanes"),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name="fk_delivery_lanes_channel_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "deliveries",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel_id", sa.String(64), nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.String),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("give_up_at", sa.Float(53)),
        sa.PrimaryKeyConstraint("position", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_deliveries_channel_id", ondelete="CASCADE"),
        sa.UniqueConstraint("id", name="uq_deliveries_id"),
    )
    op.create_index("ix_deliveries_tenant_id", "deliveries", ["tenant_id"])
    op.create_index("ix_deliveries_channel_id_status_position", "deliveries", ["channel_id", "status", "position"])
    op.create_index("ix_deliveries_channel_id_subject_status", "deliveries", ["channel_id", "subject", "status"])


def _create_sources() -> None:
    op.create_table(
        "data_sources",
        sa.Column("position", _counted, nullable=False),
        _tenant(),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(50), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("secret_names", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_data_sources"),
        sa.UniqueConstraint("id", name="uq_data_sources_id"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_data_sources_tenant_id_name"),
    )
    op.create_index("ix_data_sources_tenant_id", "data_sources", ["tenant_id"])


def _create_workers() -> None:
    op.create_table(
        "workers",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("seen_at", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
    )
