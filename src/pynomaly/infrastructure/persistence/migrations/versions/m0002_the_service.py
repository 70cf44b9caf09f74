"""Workspaces, people, jobs, schedules, request keys; the outbox becomes the chained audit log."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from pynomaly.domain.audit import NO_HASH, AuditEntry
from pynomaly.domain.identifiers import LOCAL_TENANT

revision = "0002"
down_revision = "0001"

_counted = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_moment = sa.DateTime(timezone=True)
_NAMED = {"datasets": True, "detectors": True, "detections": False}


def upgrade() -> None:
    """Give every row to the local workspace and add the tables of the service."""
    for table, has_name in _NAMED.items():
        _give_to_local_workspace(table, has_name=has_name)
    _create_people()
    _create_jobs()
    _create_schedules_and_keys()
    _create_audit_log()
    _move_outbox()


def _tenant(**options: Any) -> "sa.Column[str]":
    return sa.Column("tenant_id", sa.String(64), nullable=False, **options)


def _give_to_local_workspace(table: str, *, has_name: bool) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(_tenant(server_default=LOCAL_TENANT))
        if has_name:
            batch.drop_constraint(f"uq_{table}_name", type_="unique")
            batch.create_unique_constraint(f"uq_{table}_tenant_id_name", ["tenant_id", "name"])
        if table == "datasets":
            batch.add_column(sa.Column("revision", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table(table) as batch:
        batch.alter_column("tenant_id", existing_type=sa.String(64), existing_nullable=False, server_default=None)
        if table == "datasets":
            batch.alter_column("revision", existing_type=sa.Integer, existing_nullable=False, server_default=None)
    op.create_index(f"ix_{table}_tenant_id", table, ["tenant_id"])


def _create_people() -> None:
    tenants = op.create_table(
        "tenants",
        sa.Column("position", _counted, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_tenants"),
        sa.UniqueConstraint("id", name="uq_tenants_id"),
        sa.UniqueConstraint("name", name="uq_tenants_name"),
    )
    op.bulk_insert(tenants, [{"id": LOCAL_TENANT, "name": "local", "created_at": datetime.now(UTC)}])
    op.create_table(
        "users",
        sa.Column("position", _counted, primary_key=True),
        _tenant(index=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("login_version", sa.Integer, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("failed_sign_ins", sa.Integer, nullable=False),
        sa.Column("locked_until", _moment),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_users"),
        sa.UniqueConstraint("id", name="uq_users_id"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("family", sa.String(64), nullable=False, index=True),
        sa.Column("user_id", sa.String(64), nullable=False, index=True),
        sa.Column("login_version", sa.Integer, nullable=False),
        sa.Column("issued_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("used_at", _moment),
        sa.Column("revoked_at", _moment),
        sa.PrimaryKeyConstraint("token_hash", name="pk_refresh_tokens"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_refresh_tokens_user_id", ondelete="CASCADE"),
    )
    op.create_table(
        "api_keys",
        sa.Column("position", _counted, primary_key=True),
        _tenant(index=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("permissions", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("revoked_at", _moment),
        sa.PrimaryKeyConstraint("position", name="pk_api_keys"),
        sa.UniqueConstraint("id", name="uq_api_keys_id"),
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("position", _counted, primary_key=True),
        _tenant(index=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("crashes", sa.Integer, nullable=False),
        sa.Column("losses", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("share", sa.Float(53), nullable=False),
        sa.Column("rows_per_second", sa.Float(53)),
        sa.Column("eta_seconds", sa.Float(53)),
        sa.Column("result", sa.JSON(none_as_null=True)),
        sa.Column("failure_kind", sa.String(100)),
        sa.Column("failure_detail", sa.String),
        sa.Column("started_at", _moment),
        sa.Column("finished_at", _moment),
        sa.Column("run_at", sa.Float(53), nullable=False),
        sa.Column("lease_until", sa.Float(53)),
        sa.Column("worker", sa.String(200)),
        sa.Column("dedupe_key", sa.String(200)),
        sa.PrimaryKeyConstraint("position", name="pk_jobs"),
        sa.UniqueConstraint("id", name="uq_jobs_id"),
        sa.UniqueConstraint("tenant_id", "kind", "dedupe_key", name="uq_jobs_tenant_id_kind_dedupe_key"),
    )
    op.create_index("ix_jobs_status_run_at", "jobs", ["status", "run_at"])
    op.create_table(
        "job_events",
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "sequence", name="pk_job_events"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_job_events_job_id", ondelete="CASCADE"),
    )


def _create_schedules_and_keys() -> None:
    op.create_table(
        "schedules",
        sa.Column("position", _counted, primary_key=True),
        _tenant(index=True),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("cron", sa.String(200), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("created_by", sa.String(200), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("next_run_at", _moment, index=True),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("last_job_id", sa.String(64)),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_schedules"),
        sa.UniqueConstraint("id", name="uq_schedules_id"),
        sa.UniqueConstraint("tenant_id", "name", name="uq_schedules_tenant_id_name"),
    )
    op.create_table(
        "request_keys",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("route", sa.String(200), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("is_answered", sa.Boolean, nullable=False),
        sa.Column("expires_at", sa.Float(53), nullable=False, index=True),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON(none_as_null=True)),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("tenant_id", "principal", "route", "key", name="pk_request_keys"),
    )


def _create_audit_log() -> None:
    op.create_table(
        "events",
        sa.Column("position", _counted, primary_key=True),
        _tenant(index=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(100), nullable=False),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("at", _moment, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_events"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        sa.UniqueConstraint("tenant_id", "sequence", name="uq_events_tenant_id_sequence"),
    )
    op.create_table(
        "chain_heads",
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_chain_heads"),
    )
    op.create_table(
        "relay_cursors",
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("channel", "tenant_id", name="pk_relay_cursors"),
    )


def _move_outbox() -> None:
    """Make the messages that nobody had read yet the beginning of the local workspace's chain."""
    connection = op.get_bind()
    events = sa.table(
        "events",
        *(sa.column(name) for name in ("tenant_id", "sequence", "id", "type", "actor", "request_id")),
        sa.column("payload", sa.JSON),
        sa.column("at", _moment),
        *(sa.column(name) for name in ("previous_hash", "hash")),
    )
    outbox = sa.table(
        "outbox",
        *(sa.column(name) for name in ("position", "id", "type")),
        sa.column("payload", sa.JSON),
        sa.column("created_at", _moment),
    )
    sequence, previous = 0, NO_HASH
    for row in connection.execute(sa.select(outbox).order_by(outbox.c.position)).all():
        sequence += 1
        payload = json.loads(row.payload) if isinstance(row.payload, str) else row.payload
        at = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
        entry = AuditEntry(LOCAL_TENANT, sequence, row.id, row.type, payload, "local", "", at, previous)
        stored_at = at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else at
        connection.execute(
            events.insert().values(
                tenant_id=LOCAL_TENANT,
                sequence=sequence,
                id=entry.id,
                type=entry.type,
                payload=payload,
                actor=entry.actor,
                request_id="",
                at=stored_at,
                previous_hash=previous,
                hash=entry.digest(),
            )
        )
        previous = entry.digest()
    heads = sa.table("chain_heads", *(sa.column(name) for name in ("tenant_id", "sequence", "hash")))
    connection.execute(heads.insert().values(tenant_id=LOCAL_TENANT, sequence=sequence, hash=previous))
    op.drop_table("outbox")
