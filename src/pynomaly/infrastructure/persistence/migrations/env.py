"""What Alembic runs around the migration steps: they share the transaction of the connection it was given."""

from alembic import context

from pynomaly.infrastructure.persistence import (
    audit_tables,
    channel_tables,
    people_tables,
    secret_tables,
    source_tables,
    tables,
    verdict_tables,
    work_tables,
    worker_tables,
)
from pynomaly.infrastructure.persistence.metadata import metadata

DESCRIBED = (
    tables,
    work_tables,
    people_tables,
    audit_tables,
    secret_tables,
    channel_tables,
    source_tables,
    worker_tables,
    verdict_tables,
)
"""The modules that describe the tables; importing them makes `metadata` complete."""

LOADED_BY_ALEMBIC = "env_py"  # the name Alembic gives this file; anybody else who imports it starts nothing


def run() -> None:
    """Run the steps that Alembic chose."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        render_as_batch=True,  # SQLite cannot alter most things in place
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == LOADED_BY_ALEMBIC:
    run()
