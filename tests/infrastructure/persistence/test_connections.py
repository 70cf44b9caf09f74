"""A PostgreSQL server that is away, deaf, foreign, newer or readonly, and connections that are killed."""

import socket
import time

import psycopg
import pytest

from pynomaly.domain.errors import Conflict, InvalidRequest, NotFound, Unavailable, UnreadableFile
from pynomaly.infrastructure.persistence.connections import PostgresEngines
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.job_queue import LEASE_SECONDS
from tests.at_once import at_once
from tests.databases import fresh_postgres, on_postgresql_alone
from tests.infrastructure.persistence.examples import dataset, new_id, on

TOLD_WITHIN_SECONDS = 4.0  # two seconds, and what a busy machine takes; one after the other it would be twenty


@pytest.fixture
def url():
    """The address of an empty database that nobody has opened yet."""
    with fresh_postgres() as address:
        yield address


@pytest.fixture
def listener():
    """A port of this machine where somebody listens and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as opened:
        yield opened.getsockname()[1]


def _use(url):
    database = Database.on_server(url)
    try:
        with on(database).begin() as work:
            work.datasets.add(dataset(new_id()))
            work.commit()
    finally:
        database.close()


def _execute(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.mark.parametrize("address", ["", "orders.csv", "mysql://127.0.0.1/x", "sqlite:///x.db", "postgresql"])
def test_an_address_of_anything_else_says_what_to_write(address) -> None:
    with pytest.raises(InvalidRequest, match=r"PYNOMALY_DATABASE_URL .*postgresql://"):
        Database.on_server(address)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_understood_and_no_password_is_told(scheme) -> None:
    database = Database.on_server(f"{scheme}://ada:secret@db.example.org:5432/orders")
    assert database.name == "db.example.org/orders"


def test_a_server_that_is_away_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1/orders does not answer; try again") as caught:
        _use(f"postgresql://ada:secret@127.0.0.1:{port}/orders")
    assert time.monotonic() - begun < 2.0
    assert "secret" not in str(caught.value)


@pytest.mark.slow
def test_a_server_that_says_nothing_is_told_within_two_seconds_to_everybody_who_waits(listener) -> None:
    database = Database.on_server(f"postgresql://127.0.0.1:{listener}/orders")

    def ask(_number: int) -> float:
        begun = time.monotonic()
        with pytest.raises(Unavailable), on(database).begin_reading():
            pass
        return time.monotonic() - begun

    assert max(at_once(10, ask)) < TOLD_WITHIN_SECONDS


def test_a_database_that_is_not_there_is_told(url) -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        _use(url + "_not")


def test_somebody_elses_database_is_not_taken_over(url) -> None:
    _execute(url, "CREATE TABLE datasets (id TEXT)")
    with pytest.raises(UnreadableFile, match="not a Pynomaly workspace"):
        _use(url)
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("datasets",)]


def test_a_database_of_a_newer_version_is_left_alone(url) -> None:
    _use(url)
    _execute(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match=r"newer Pynomaly \(schema 9999\); upgrade"):
        _use(url)


def test_a_missing_table_is_damage(url) -> None:
    _use(url)
    _execute(url, "DROP TABLE datasets")
    with pytest.raises(UnreadableFile, match="Restore it from a backup"):
        _use(url)


def test_a_database_that_became_readonly_is_no_damage(url) -> None:
    _use(url)
    _execute(url, f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET default_transaction_read_only = on")
    with pytest.raises(Conflict, match="readonly"):
        _use(url)


@on_postgresql_alone
def test_a_connection_that_is_killed_in_the_middle_is_told_and_the_next_transaction_works(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.add(dataset())
        _kill_all(transactions)
        with pytest.raises(Unavailable, match="does not answer; try again"):
            work.datasets.all()
    _works(transactions)


@on_postgresql_alone
def test_a_connection_that_is_killed_before_the_commit_stored_nothing(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.add(dataset())
        _kill_all(transactions)
        with pytest.raises(Unavailable):
            work.commit()
    _works(transactions)


@on_postgresql_alone
def test_connections_that_are_killed_while_nobody_uses_them_are_not_missed(transactions) -> None:
    with transactions.begin_reading() as one, transactions.begin_reading() as other:
        assert one.datasets.all() == other.datasets.all() == []
    _kill_all(transactions)
    _works(transactions)


@on_postgresql_alone
def test_a_killed_connection_holds_nothing_any_more(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.hold_rows("f")
        _kill_all(transactions)
        with transactions.begin() as other:
            other.datasets.hold_rows("f")
    _works(transactions)


@on_postgresql_alone
def test_a_connection_that_is_killed_after_the_commit_takes_nothing_back(transactions) -> None:
    with transactions.begin() as work:
        work.datasets.add(dataset())
        work.commit()
        _kill_all(transactions)
    with transactions.begin_reading() as work:
        assert len(work.datasets.all()) == 1


@on_postgresql_alone
def test_a_killed_connection_does_not_hide_why_a_transaction_ended(transactions) -> None:
    def fail() -> None:
        with transactions.begin():
            _kill_all(transactions)
            raise NotFound

    with pytest.raises(NotFound):
        fail()
    _works(transactions)


def _kill_all(transactions):
    """End every session of the database but the one that does it."""
    url = transactions.database.engines.url.set(drivername="postgresql").render_as_string(hide_password=False)
    _execute(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )


def _works(transactions):
    with transactions.begin() as work:
        assert work.datasets.all() == []
        work.datasets.add(dataset())
        work.commit()


def test_a_transaction_that_falls_silent_lets_go_of_its_job_before_the_lease_runs_out(url) -> None:
    engine = PostgresEngines.at(url).working()
    with engine.connect() as connection:
        told = connection.exec_driver_sql(
            "SELECT setting::int FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'"
        ).scalar_one()
    engine.dispose()
    assert 0 < told / 1000 < LEASE_SECONDS
