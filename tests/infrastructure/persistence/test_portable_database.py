import threading

import pytest
from alembic import command
from sqlalchemy import text

from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.errors import Conflict, UnreadableFile
from pynomaly.domain.events import DatasetRegistered
from pynomaly.domain.user import Tenant
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.metadata import REVISIONS
from pynomaly.infrastructure.persistence.portable_database import SqlPortableDatabase
from pynomaly.infrastructure.persistence.portable_rows import lines_of, tables_in
from pynomaly.infrastructure.persistence.schema_upgrade import migration_settings
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import NOON, dataset, detection, detector, on, ready_workspace, version

SECOND = "0002"
"""The oldest schema that a restore may meet; before it there were no backups."""
TABLES_OF_SECOND = ("tenants", "chain_heads", "datasets", "detectors", "detector_versions", "events")


@pytest.fixture(params=KINDS)
def new(request, tmp_path):
    """A database of each kind that nobody has opened yet."""
    with fresh_url(request.param) as url:
        opened = Database.in_file(tmp_path / "new" / "workspace.db") if url is None else Database.on_server(url)
        yield opened
        opened.close()


@pytest.fixture
def lines(tmp_path):
    """The rows of a database with something in it."""
    opened = ready_workspace(tmp_path / "full").database
    _filled(opened)
    yield _lines(opened)
    opened.close()


def _filled(database):
    transactions = on(database)
    with transactions.begin() as work:
        work.datasets.add(dataset())
        trained = detector().with_version(version())
        work.detectors.add(trained)
        work.detections.add(detection())
        work.record(DatasetRegistered("d", 3))
        work.commit()
    return transactions


def _lines(database):
    with SqlPortableDatabase(database).snapshot() as snapshot:
        return [(table, list(snapshot.lines(table))) for table in snapshot.tables]


def test_a_snapshot_says_which_files_each_workspace_refers_to(transactions, elsewhere, database):
    _filled(database)
    with SqlPortableDatabase(database).snapshot() as snapshot:
        facts = snapshot.facts
    (here,) = facts.references
    assert facts.schema == REVISIONS[-1]
    assert (here.tenant_id, here.tables, here.scores) == ("local", {"f" * 64}, {"b" * 64})


def test_a_snapshot_is_one_moment_whatever_is_written_meanwhile(database):
    transactions = _filled(database)
    with SqlPortableDatabase(database).snapshot() as snapshot:
        before = list(snapshot.lines("datasets"))
        with transactions.begin() as work:
            work.datasets.add(dataset("later"))
            work.record(DatasetRegistered("e", 3))
            work.commit()
        assert list(snapshot.lines("datasets")) == before
        assert len(list(snapshot.lines("events"))) == 1
        assert snapshot.audit_log("local").head().sequence == 1
    assert len(dict(_lines(database))["datasets"]) == 2


def test_what_was_read_fills_a_new_database(database, new):
    _filled(database)
    lines = _lines(database)
    with SqlPortableDatabase(new).refill() as refill:
        refill.fill(REVISIONS[-1], lines)
        refill.commit()
    assert _lines(new) == lines
    assert VerifyAudit(on(new).begin_reading)().is_intact


def test_a_refill_that_is_not_committed_leaves_the_database_as_it_was(new, lines):
    before = _lines(new)
    with SqlPortableDatabase(new).refill() as refill:
        refill.fill(REVISIONS[-1], lines)
    assert _lines(new) == before


def test_only_an_empty_database_is_filled(database):
    portable = SqlPortableDatabase(database)
    portable.require_empty()
    _filled(database)
    with pytest.raises(Conflict, match="holds something already"):
        portable.require_empty()
    with pytest.raises(Conflict, match="holds something already"), portable.refill():
        pass


def test_a_second_workspace_alone_is_something(database):
    with on(database).begin() as work:
        work.tenants.add(Tenant("r" * 32, "risk", NOON))
        work.commit()
    with pytest.raises(Conflict, match="tenants"):
        SqlPortableDatabase(database).require_empty()


def test_rows_of_an_older_schema_are_brought_up_to_date(new, tmp_path):
    old = Database.in_file(tmp_path / "old.db")
    engine = old.engines.migrating()
    with engine.begin() as connection:
        command.upgrade(migration_settings(connection), SECOND)
        at = "2024-02-29 12:00:00.000000"
        connection.execute(
            text(f"INSERT INTO datasets VALUES (1, 'd', 'cards', 'f', 'cards.csv', 3, '[]', '{at}', 'local', 0)")
        )
        tables = tables_in(connection, TABLES_OF_SECOND)
        lines = [(table.name, list(lines_of(connection, table, at_once=10))) for table in tables]
    engine.dispose()
    with SqlPortableDatabase(new).refill() as refill:
        refill.fill(SECOND, lines)
        refill.commit()
    with on(new).begin_reading() as work:
        assert [one.name for one in work.datasets.all()] == ["cards"]
    assert len(dict(_lines(new))) > len(TABLES_OF_SECOND)


def test_rows_of_a_newer_schema_are_refused(new):
    with SqlPortableDatabase(new).refill() as refill, pytest.raises(Conflict, match="newer Pynomaly"):
        refill.fill("9999", [])


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("datasets", b"{}\n"),
        ("attic", b"{}\n"),
        ("detector_versions", None),
        ("tenants", "twice"),
    ],
)
def test_lines_that_are_no_rows_fill_nothing(new, lines, table, line):
    lines = dict(lines)
    if line is None:  # a version of a detector that is not in the backup
        lines["detectors"] = []
    elif line == "twice":
        lines[table] = lines[table] * 2
    else:
        lines[table] = [line]
    with SqlPortableDatabase(new).refill() as refill, pytest.raises(UnreadableFile):
        refill.fill(REVISIONS[-1], lines.items())
    assert [name for name, rows in _lines(new) if rows] == ["chain_heads", "tenants"]


def test_several_that_upgrade_a_new_database_at_once_take_turns(new):
    found = []
    threads = [threading.Thread(target=lambda: found.append(new.bring_up_to_date())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == [*([(REVISIONS[-1], REVISIONS[-1])] * 3), (None, REVISIONS[-1])]


def test_an_upgrade_says_where_it_began(new):
    engine = new.engines.migrating()
    with engine.begin() as connection:
        command.upgrade(migration_settings(connection), SECOND)
    engine.dispose()
    assert new.bring_up_to_date() == (SECOND, REVISIONS[-1])
    assert new.bring_up_to_date() == (REVISIONS[-1], REVISIONS[-1])


def test_a_database_of_a_newer_program_is_not_touched(new):
    new.engine()
    with new.changing_tables() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    with pytest.raises(Conflict, match="newer Pynomaly"):
        new.bring_up_to_date()
