"""Brings a database to the newest tables, step by step, inside the caller's transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def migration_settings(connection: Connection | None = None) -> Config:
    """Return Alembic's settings for our migrations, without a settings file."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return settings


def upgrade(connection: Connection, to: str = "head") -> None:
    """Apply every migration that is missing up to one; nothing happens if none is. The caller commits."""
    command.upgrade(migration_settings(connection), to)
