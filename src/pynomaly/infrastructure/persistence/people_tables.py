"""The tables of people: workspaces, users, their refresh tokens, and API keys."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from pynomaly.infrastructure.persistence.column_types import Instant, Position, Text
from pynomaly.infrastructure.persistence.metadata import metadata, tenant_column

tenants = Table(
    "tenants",
    metadata,
    Column("position", Position, primary_key=True),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("name"),
)

users = Table(
    "users",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("email", Text(254), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", String(255), nullable=False),
    Column("login_version", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("failed_sign_ins", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("id"),
    UniqueConstraint("email"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("family", String(64), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("login_version", Integer, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("position", Position, primary_key=True),
    tenant_column(),
    Column("id", Text(64), nullable=False),
    Column("name", Text(200), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    Column("permissions", JSON, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    UniqueConstraint("id"),
)
