import importlib.util
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.metadata import REVISIONS, metadata
from pynomaly.infrastructure.persistence.migrations.env import DESCRIBED
from pynomaly.infrastructure.persistence.schema_upgrade import migration_settings, upgrade
from tests.infrastructure.persistence.examples import workspace


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
        assert _by_name(migrated.get_unique_constraints(name)) == _by_name(declared.get_unique_constraints(name))
        assert _by_name(migrated.get_indexes(name)) == _by_name(declared.get_indexes(name))
        assert _nullable(migrated, name) == _nullable(declared, name)
    other.dispose()


def test_every_module_of_tables_is_known_to_the_migrations() -> None:
    named = {module.__name__.rpartition(".")[2] for module in DESCRIBED}
    folder = Path(DESCRIBED[0].__file__).parent
    assert named == {path.stem for path in folder.glob("*tables.py")}


def test_a_first_workspace_is_brought_up_to_date_with_everything_in_it(tmp_path) -> None:
    path = tmp_path / "workspace.db"
    _first_workspace(path)
    transactions = workspace(tmp_path)
    with transactions.begin_reading() as work:
        (kept,), (table,) = work.detectors.all(), work.datasets.all()
        (run,) = work.training_runs.of(kept)
        entries = work.audit_log.page(Piece(10, 0, is_oldest_first=True)).items
    assert (kept.name, [version.number for version in kept.versions], run.id) == ("fraud", [1], "r")
    assert (table.name, table.revision) == ("cards", 0)
    assert [(entry.type, dict(entry.payload)) for entry in entries] == [("DatasetRegistered", {"n_rows": 3})]
    assert VerifyAudit(transactions.begin_reading)().is_intact
    transactions.close()


def _first_workspace(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        command.upgrade(migration_settings(connection), "0001")
        at = "2024-02-29 12:00:00.000000"
        for statement in (
            f"INSERT INTO datasets VALUES (1, 'd', 'cards', 'f', 'cards.csv', 3, '[]', '{at}')",
            f"INSERT INTO detectors VALUES (1, 'e', 'fraud', 'ecod', '{{}}', 1, 0, 1, '{at}')",
            f"INSERT INTO detector_versions VALUES ('e', 1, 'm', 'd', 3, '{at}')",
            f"INSERT INTO training_runs VALUES (1, 'r', 'e', 'd', '0', '{at}', 'succeeded', '{at}', 1, '')",
            f"INSERT INTO outbox VALUES (1, 'o', 'DatasetRegistered', '{{\"n_rows\": 3}}', '{at}')",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()


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
    database = Database.in_file(tmp_path / "workspace.db")
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


def _by_name(found: list[dict]) -> list[dict]:
    return sorted(found, key=lambda one: one["name"])


def _nullable(inspector, table: str) -> dict[str, bool]:
    return {column["name"]: column["nullable"] for column in inspector.get_columns(table)}
