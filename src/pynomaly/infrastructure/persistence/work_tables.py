"""The tables of work: jobs with what they tell, schedules, and the keys of requests that count once.

Leases are compared with the database's own clock: seconds since 1970 (see `database_clock`).
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
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

jobs = Table(
    "jobs",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_by", Text(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("losses", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("stage", String(40), nullable=False),
    Column("share", Float(53), nullable=False),
    Column("rows_per_second", Float(53)),
    Column("eta_seconds", Float(53)),
    Column("result", JSON(none_as_null=True)),
    Column("failure_kind", String(100)),
    Column("failure_detail", Text),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    Column("run_at", Float(53), nullable=False),
    Column("lease_until", Float(53)),
    Column("worker", Text(200)),
    Column("dedupe_key", String(200)),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "kind", "dedupe_key"),
    Index("ix_jobs_status_run_at", "status", "run_at"),
    Index("ix_jobs_tenant_id_status_finished_at", "tenant_id", "status", "finished_at"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", BigInteger, primary_key=True),
    Column("name", String(20), nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("cron", String(200), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_by", Text(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("next_run_at", Instant, index=True),
    Column("is_enabled", Boolean, nullable=False),
    Column("last_job_id", String(64)),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("tenant_id", "name"),
)

request_keys = Table(
    "request_keys",
    metadata,
    Column("tenant_id", String(64), primary_key=True),
    Column("principal", Text(100), primary_key=True),
    Column("route", Text(200), primary_key=True),
    Column("key", Text(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("token", String(64), nullable=False),
    Column("is_answered", Boolean, nullable=False),
    Column("expires_at", Float(53), nullable=False, index=True),
    Column("status", Integer),
    Column("headers", JSON(none_as_null=True)),
    Column("body", LargeBinary),
)
