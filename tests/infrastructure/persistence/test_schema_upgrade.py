import importlib.util

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.schema_upgrade import migration_settings, upgrade
from pynomaly.infrastructure.persistence.tables import REVISIONS, metadata


@pytest.fixture
def engine():
    opened = create_engine("sqlite://")
    yield opened
    opened.dispose()


def test_the_migrations_lead_to_the_tables(engine) -> None:
    with engine.begin() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_keys_uniqueness_and_indexes_are_those_of_the_tables(engine) -> None:
    other = create_engine("sqlite://")
    metadata.create_all(other)
    with engine.begin() as connection:
        upgrade(connection)
    migrated, declared = inspect(engine), inspect(other)
    for name in metadata.tables:
        assert migrated.get_pk_constraint(name) == declared.get_pk_constraint(name)
        assert migrated.get_foreign_keys(name) == declared.get_foreign_keys(name)
        assert migrated.get_unique_constraints(name) == declared.get_unique_constraints(name)
        assert migrated.get_indexes(name) == declared.get_indexes(name)
        assert _nullable(migrated, name) == _nullable(declared, name)
    other.dispose()


def test_the_listed_revisions_are_the_migrations_in_order() -> None:
    script = ScriptDirectory.from_config(migration_settings())
    assert tuple(step.revision for step in script.walk_revisions())[::-1] == REVISIONS


def test_the_migrations_are_packages_so_that_an_installation_carries_them() -> None:
    assert importlib.util.find_spec("pynomaly.infrastructure.persistence.migrations.versions").origin is not None


def test_upgrading_twice_changes_nothing(engine) -> None:
    with engine.begin() as connection:
        upgrade(connection)
        upgrade(connection)
        assert MigrationContext.configure(connection).get_current_revision() == REVISIONS[-1]


def test_a_migration_that_is_interrupted_leaves_no_tables(tmp_path) -> None:
    database = Database(tmp_path / "workspace.db")
    engine = database.engine()
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    with engine.connect() as connection, connection.begin() as transaction:
        upgrade(connection)
        assert inspect(connection).has_table("datasets")
        transaction.rollback()
    assert inspect(engine).get_table_names() == []
    database.close()


def _nullable(inspector, table: str) -> dict[str, bool]:
    return {column["name"]: column["nullable"] for column in inspector.get_columns(table)}
