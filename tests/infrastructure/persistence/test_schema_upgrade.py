import importlib.util
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.events import DatasetRegistered
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.metadata import REVISIONS, metadata
from pynomaly.infrastructure.persistence.migrations.env import DESCRIBED
from pynomaly.infrastructure.persistence.schema_upgrade import migration_settings, upgrade
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import on


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    """A database of each kind that nobody has opened yet."""
    with fresh_url(request.param) as url:
        opened = Database.in_file(tmp_path / "workspace.db") if url is None else Database.on_server(url)
        yield opened
        opened.close()


@pytest.fixture
def engine(database):
    """A connection to it, for changing the tables."""
    opened = database.engines.migrating()
    yield opened
    opened.dispose()


def test_the_migrations_lead_to_the_tables(engine) -> None:
    with engine.begin() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_keys_uniqueness_and_indexes_are_those_of_the_tables(engine) -> None:
    with engine.begin() as connection:
        metadata.create_all(connection)
        declared = _described(connection)
        metadata.drop_all(connection)
        upgrade(connection)
        assert _described(connection) == declared


def _described(connection):
    found = inspect(connection)
    return {
        name: (
            found.get_pk_constraint(name),
            found.get_foreign_keys(name),
            _by_name(found.get_unique_constraints(name)),
            _by_name(found.get_indexes(name)),
            {column["name"]: column["nullable"] for column in found.get_columns(name)},
        )
        for name in metadata.tables
    }


def test_every_module_of_tables_is_known_to_the_migrations() -> None:
    named = {module.__name__.rpartition(".")[2] for module in DESCRIBED}
    folder = Path(DESCRIBED[0].__file__).parent
    assert named == {path.stem for path in folder.glob("*tables.py")}


def test_a_first_workspace_is_brought_up_to_date_with_everything_in_it(database, engine) -> None:
    _first_workspace(engine)
    transactions = on(database)
    with transactions.begin_reading() as work:
        (kept,), (table,) = work.detectors.all(), work.datasets.all()
        (run,) = work.training_runs.of(kept)
        entries = work.audit_log.page(Piece(10, 0, is_oldest_first=True)).items
    assert (kept.name, [version.number for version in kept.versions], run.id) == ("fraud", [1], "r")
    assert (table.name, table.revision) == ("cards", 0)
    assert [(entry.type, dict(entry.payload)) for entry in entries] == [("DatasetRegistered", {"n_rows": 3})]
    with transactions.begin() as work:
        work.record(DatasetRegistered("d", 4))
        work.commit()
    assert VerifyAudit(transactions.begin_reading)() == ChainVerdict(_head(transactions))
    assert _head(transactions).sequence == 2


def _head(transactions) -> ChainHead:
    with transactions.begin_reading() as work:
        return work.audit_log.head()


def _first_workspace(engine: Engine) -> None:
    """Make what the first version would have left behind."""
    with engine.begin() as connection:
        command.upgrade(migration_settings(connection), "0001")
        at = "2024-02-29 12:00:00.000000"
        for statement in (
            f"INSERT INTO datasets VALUES (1, 'd', 'cards', 'f', 'cards.csv', 3, '[]', '{at}')",
            f"INSERT INTO detectors VALUES (1, 'e', 'fraud', 'ecod', '{{}}', 1, false, 1, '{at}')",
            f"INSERT INTO detector_versions VALUES ('e', 1, 'm', 'd', 3, '{at}')",
            f"INSERT INTO training_runs VALUES (1, 'r', 'e', 'd', '0', '{at}', 'succeeded', '{at}', 1, '')",
            f"INSERT INTO outbox VALUES (1, 'o', 'DatasetRegistered', '{{\"n_rows\": 3}}', '{at}')",
        ):
            connection.execute(text(statement))


def test_detections_of_earlier_versions_get_the_severity_of_their_strangest_row(database, engine) -> None:
    with engine.begin() as connection:
        upgrade(connection, "0003")
        for name, n_anomalies, strangest in (
            ("flagged", 2, '[{"severity": 86.5}, {"severity": 12.5}]'),
            ("whole", 1, '[{"severity": 100}]'),
            ("quiet", 0, '[{"severity": 49.5}]'),
            ("old", 1, '[{"row": 4}]'),
            ("unknown", 1, '[{"severity": null}]'),
            ("untold", 1, "[]"),
        ):
            connection.execute(
                text(
                    "INSERT INTO detections (tenant_id, id, detector_id, detector_version, source, fingerprint, "
                    "policy, n_rows, n_anomalies, strangest, notes, scores, created_at) VALUES ('local', :name, 'e', "
                    "1, 's', 'f', '{}', 9, :n_anomalies, :strangest, '[]', 's', '2024-02-29 12:00:00.000000')"
                ),
                {"name": name, "n_anomalies": n_anomalies, "strangest": strangest},
            )
    with database.engine().connect() as connection:
        found = dict(connection.execute(text("SELECT id, severity FROM detections")).all())
    assert found == {"flagged": 86.5, "whole": 100.0, "quiet": None, "old": None, "unknown": None, "untold": None}


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


def test_a_migration_that_is_interrupted_leaves_no_tables(engine) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        upgrade(connection)
        assert inspect(connection).has_table("datasets")
        transaction.rollback()
    assert inspect(engine).get_table_names() == []


def _by_name(found: list[dict]) -> list[dict]:
    return sorted(found, key=lambda one: one["name"])
