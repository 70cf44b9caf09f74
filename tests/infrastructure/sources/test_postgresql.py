import datetime as dt
import math
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from pynomaly.application.ports.sources import Source, SourceBounds
from pynomaly.domain.errors import (
    DestinationRefused,
    EmptyDataset,
    InvalidData,
    InvalidRequest,
    RemoteRefused,
    RemoteUnavailable,
)
from tests.databases import fresh_postgres
from tests.infrastructure.outbound.receivers import receiver
from tests.infrastructure.sources.catalogs import BOUNDS, catalog, read
from tests.infrastructure.sources.cutting_relay import cutting_relay

MANY = 300_000  # rows enough that they are not all on their way when the first ones are read


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with fresh_postgres() as address:
        with psycopg.connect(address) as connection:
            connection.execute(
                "CREATE TABLE orders AS SELECT g AS id, g * 0.5 AS amount, 'city ' || g % 7 AS city"
                " FROM generate_series(1, 10) g"
            )
            connection.execute(
                f"CREATE TABLE many AS SELECT g AS id, repeat('x', 40) AS said FROM generate_series(1, {MANY}) g"
            )
        yield address


def values_of(url: str, **other: object) -> dict[str, object]:
    parts = conninfo_to_dict(url)
    named = {"host": "127.0.0.1", "port": int(parts.get("port", 5432)), "database": parts["dbname"]}
    user = {"user": str(parts.get("user", "root")), "sslmode": "prefer"}
    return {**named, **user, **other}


def opened(url: str, folder: Path, bounds: SourceBounds = BOUNDS, **other: object) -> Source:
    return catalog(folder).open("postgresql", values_of(url, **other), bounds)  # type: ignore[arg-type]


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_the_test_says_which_server_answers_and_how_many_tables_there_are(url, tmp_path) -> None:
    said = opened(url, tmp_path).test()
    assert said.startswith("PostgreSQL 1")
    assert said.endswith(" that can be read: 2.")


@pytest.mark.parametrize("table", ["orders", "public.orders", '"public"."orders"'])
def test_a_table_is_read_whole(url, tmp_path, table: str) -> None:
    told, rows = read(opened(url, tmp_path), {"table": table}, tmp_path)
    assert (told.n_rows, told.notes) == (10, ())
    assert rows.schema.names == ["id", "amount", "city"]
    assert rows.slice(0, 1).to_pylist() == [{"id": 1, "amount": 0.5, "city": "city 1"}]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM orders WHERE id <= 3",
        "SELECT id FROM orders WHERE id <= 3; ",
        "SELECT id\n\tFROM orders -- all\nWHERE id <= 3 -- of them",
        "WITH o AS (SELECT * FROM orders) SELECT id FROM o WHERE id <= 3",
        "VALUES (1), (2), (3)",
        "TABLE orders LIMIT 3",
        "SELECT ';' AS a, '%' AS b, $$ ) $$ AS c FROM generate_series(1, 3)",
    ],
)
def test_a_query_is_read(url, tmp_path, query: str) -> None:
    assert read(opened(url, tmp_path), {"query": query}, tmp_path)[0].n_rows == 3


def test_whoever_waits_hears_how_many_rows_there_are_so_far(url, tmp_path) -> None:
    heard: list[int] = []
    read(opened(url, tmp_path), {"table": "many"}, tmp_path, heard.append)
    assert len(heard) > 2
    assert heard == sorted(heard)
    assert heard[-1] == MANY


TYPES = [
    ("true", pa.bool_(), True),
    ("7::smallint", pa.int16(), 7),
    ("-7::int", pa.int32(), -7),
    ("9223372036854775807::bigint", pa.int64(), 2**63 - 1),
    ("4294967295::oid", pa.int64(), 2**32 - 1),
    ("0.1::real", pa.float32(), pytest.approx(0.1)),
    ("0.1::float8 + 0.2", pa.float64(), 0.1 + 0.2),
    ("5e-324::float8", pa.float64(), 5e-324),
    ("'-Infinity'::float8", pa.float64(), -math.inf),
    ("0.1::numeric", pa.float64(), 0.1),
    ("123.45::numeric(10, 2)", pa.float64(), 123.45),
    ("9::numeric(18, 0)", pa.int64(), 9),
    ("'NaN'::numeric(5, 0)", pa.int64(), None),
    ("123456789012345678901::numeric(30, 0)", pa.string(), "123456789012345678901"),
    ("'12.50'::money", pa.float64(), 12.5),
    ("DATE '1969-12-31'", pa.date32(), dt.date(1969, 12, 31)),
    ("DATE 'infinity'", pa.date32(), None),
    ("TIME '23:59:59.999999'", pa.time64("us"), dt.time(23, 59, 59, 999999)),
    ("TIMESTAMP '1900-01-01 00:00:00.000001'", pa.timestamp("us"), dt.datetime(1900, 1, 1, 0, 0, 0, 1)),
    ("TIMESTAMP '-infinity'", pa.timestamp("us"), None),
    (
        "TIMESTAMPTZ '2024-06-01 12:00:00+02'",
        pa.timestamp("us", "UTC"),
        dt.datetime(2024, 6, 1, 10, tzinfo=dt.UTC),
    ),
    ("INTERVAL '1 day 00:00:01.5'", pa.float64(), 86401.5),
    ("'a \"quoted\", word'::text", pa.string(), 'a "quoted", word'),
    ("E'two\\r\\nlines'::text", pa.string(), "two\r\nlines"),
    ("''::text", pa.string(), None),  # a word for "missing" in every format
    ("'N/A'::text", pa.string(), None),
    ("'infinity'::text", pa.string(), "infinity"),
    ("'x'::char(5)", pa.string(), "x"),
    ("'Köln'::varchar(9)", pa.string(), "Köln"),
    ("'sad'::mood", pa.string(), "sad"),
    ("7::small_number", pa.int32(), 7),
    ("'8d0fb5c2-45d4-4b0d-8d3b-0c4fd2b1e1aa'::uuid", pa.string(), "8d0fb5c2-45d4-4b0d-8d3b-0c4fd2b1e1aa"),
    ("ARRAY[1, 2]", pa.string(), "{1,2}"),
    ("'{\"a\": 1}'::jsonb", pa.string(), '{"a": 1}'),
    ("'10.0.0.1'::inet", pa.string(), "10.0.0.1/32"),
]


@pytest.fixture(scope="module")
def typed(url) -> str:
    execute(url, "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN small_number AS int CHECK (VALUE < 10)")
    return url


@pytest.mark.parametrize(("expression", "kind", "value"), TYPES, ids=[expression for expression, *_ in TYPES])
def test_every_type_comes_as_what_it_is(typed, tmp_path, expression: str, kind: pa.DataType, value: object) -> None:
    with_null = "SELECT cell FROM generate_series(1, 2) g LEFT JOIN (SELECT 1 AS g, {} AS cell) q USING (g) ORDER BY g"
    _, rows = read(opened(typed, tmp_path), {"query": with_null.format(expression)}, tmp_path)
    assert rows.schema.field("cell").type == kind
    assert rows.column("cell").to_pylist() == [value, None]


@pytest.mark.parametrize(
    ("expression", "note"),
    [
        ("ARRAY[1]", "Column 'cell' holds integer[] and was read as text."),
        ("INTERVAL '1 day'", "Column 'cell' holds intervals and was read as seconds."),
        ("1::numeric(30, 0)", "Column 'cell' may hold whole numbers of 30 digits and was read as text."),
        ("'\\x00'::bytea", "Column 'cell' holds bytes and was left out; a query may encode() it."),
    ],
)
def test_what_is_not_read_as_what_it_is_is_said(url, tmp_path, expression: str, note: str) -> None:
    told, _ = read(opened(url, tmp_path), {"query": f"SELECT 1 AS n, {expression} AS cell"}, tmp_path)
    assert told.notes == (note,)


def test_names_that_repeat_get_numbers(url, tmp_path) -> None:
    told, rows = read(opened(url, tmp_path), {"query": "SELECT 1 AS a, 2 AS a, 3"}, tmp_path)
    assert rows.to_pylist() == [{"a": 1, "a_2": 2, "?column?": 3}]
    assert told.notes == ("Columns that repeat a name are called 'a_2'.",)


CELLS = st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8))
ROWS = st.lists(st.tuples(CELLS, st.floats(), st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))), max_size=9)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_whatever_is_stored_comes_back_exactly(url, tmp_path, rows) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (place serial, said text, x float8, n int8)")
        connection.cursor().executemany("INSERT INTO kept (said, x, n) VALUES (%s, %s, %s)", rows)
    query = "SELECT 'y' || said AS said, x, n FROM kept ORDER BY place"  # a letter before: no word for "missing"
    _, found = read(opened(url, tmp_path), {"query": query}, tmp_path)
    assert found.column("said").to_pylist() == [None if said is None else "y" + said for said, *_ in rows]
    assert found.column("n").to_pylist() == [n for *_, n in rows]
    assert [repr(x) for x in found.column("x").to_pylist()] == [repr(x) for _, x, _ in rows]


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        ({"table": "ordres"}, 'relation "ordres" does not exist'),
        ({"table": "shop.orders"}, 'relation "shop.orders" does not exist'),
        ({"query": "SELECT amuont FROM orders"}, 'column "amuont" does not exist; .*HINT|Perhaps you meant'),
        ({"query": "SELEC 1"}, 'syntax error at or near "SELEC"'),
        ({"query": "SELECT 1/0 AS x"}, "division by zero"),
        ({"query": "SELECT 1; SELECT 2"}, "cannot insert multiple commands into a prepared statement"),
        ({"query": "SELECT 1) AS s) TO PROGRAM 'true' --"}, "syntax error at or near"),
        ({"query": "SELECT 1 /* ) */) AS s(c0) LIMIT 1) TO STDOUT; DROP TABLE orders; --"}, "syntax error"),
        ({"query": "DELETE FROM orders RETURNING *"}, "syntax error"),
        ({"query": "WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d"}, "must be at the top level"),
        ({"query": "SELECT nextval('counted') AS x"}, "cannot execute nextval\\(\\) in a read-only transaction"),
        ({"query": "SELECT set_config('transaction_read_only', 'off', true) AS x"}, "read-write mode"),
        ({"query": "SELECT $1 AS x"}, "could not determine data type|there is no parameter"),
    ],
)
def test_what_the_server_refuses_is_refused_in_its_words(url, tmp_path, selection, says: str) -> None:
    execute(url, "CREATE SEQUENCE IF NOT EXISTS counted")
    with pytest.raises(RemoteRefused, match=says):
        read(opened(url, tmp_path), selection, tmp_path)
    assert list(tmp_path.glob("*.arrow")) == []
    assert read(opened(url, tmp_path), {"table": "orders"}, tmp_path)[0].n_rows == 10


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        ({}, "names a table or a query, one of them"),
        ({"table": "orders", "query": "SELECT 1"}, "names a table or a query, one of them"),
        ({"tabel": "orders"}, "takes table, query, not 'tabel'; did you mean 'table'?"),
        ({"table": "a.b.c"}, "'a.b.c' is no table's name"),
        ({"table": ""}, "'table' is one line"),
        ({"query": "SELECT\0 1"}, "'query' is text of 1 to 65536 characters"),
    ],
)
def test_a_selection_that_is_none_is_refused_before_anything_is_asked(tmp_path, selection, says: str) -> None:
    nowhere = opened("postgresql:///x", tmp_path, port=1)
    with pytest.raises(InvalidRequest, match=says):
        read(nowhere, selection, tmp_path)


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({"database": "no_such_database"}, 'FATAL: database "no_such_database" does not exist'),
        ({"user": "nobody_like_that"}, 'FATAL: role "nobody_like_that" does not exist'),
        ({"sslmode": "require"}, "server does not support SSL, but SSL was required"),
    ],
)
def test_who_is_not_let_in_hears_why(url, tmp_path, other, says: str) -> None:
    with pytest.raises(RemoteRefused, match=says):
        opened(url, tmp_path, **other).test()


def test_a_server_that_is_not_there_may_be_there_later(url, tmp_path) -> None:
    with pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1.*Connection refused"):
        opened(url, tmp_path, port=1).test()


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_the_bounds(url, tmp_path) -> None:
    done = threading.Event()
    with receiver(lambda _: done.wait(20.0) and None) as port, pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1"):
        opened(url, tmp_path, replace(BOUNDS, seconds=0.5), port=port).test()
    done.set()


def test_a_server_of_something_else_is_told_apart(url, tmp_path) -> None:
    with (
        receiver(lambda client: client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port,
        pytest.raises((RemoteUnavailable, RemoteRefused), match=r"127\.0\.0\.1"),
    ):
        opened(url, tmp_path, port=port).test()


def test_a_query_that_takes_too_long_is_ended(url, tmp_path) -> None:
    slow = opened(url, tmp_path, replace(BOUNDS, seconds=1.0))
    with pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1 did not answer in the time there is for it"):
        read(slow, {"query": "SELECT pg_sleep(30)::text AS x"}, tmp_path)


def test_a_connection_that_is_cut_in_the_middle_is_said_to_be(url, tmp_path) -> None:
    with cutting_relay(int(values_of(url)["port"]), after_bytes=8_000_000) as port:  # type: ignore[call-overload]
        dropped = opened(url, tmp_path, port=port)
        with pytest.raises(RemoteUnavailable, match="server closed the connection unexpectedly"):
            read(dropped, {"table": "many"}, tmp_path)
    assert list(tmp_path.glob("*.arrow")) == []


def test_a_server_that_falls_silent_in_the_middle_is_not_waited_for_longer_than_the_bounds(url, tmp_path) -> None:
    with cutting_relay(int(values_of(url)["port"]), after_bytes=8_000_000, is_silent=True) as port:  # type: ignore[call-overload]
        silent = opened(url, tmp_path, replace(BOUNDS, seconds=3.0), port=port)
        with pytest.raises(RemoteUnavailable, match="did not answer in the time there is for it"):
            read(silent, {"table": "many"}, tmp_path)


def test_a_session_that_the_server_ends_says_why(url, tmp_path) -> None:
    def end_it(_n_rows: int) -> None:
        execute(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'pynomaly' AND datname = current_database()",
        )

    # the last rows wait until it is ended; by then so few are on their way that the server can still say why
    slow = "CASE WHEN g = 90000 THEN pg_sleep(20)::text END AS slept FROM generate_series(1, 90001) g"
    with pytest.raises(RemoteUnavailable, match="terminating connection due to administrator command"):
        read(opened(url, tmp_path), {"query": f"SELECT repeat('x', 50) AS said, {slow}"}, tmp_path, end_it)


def test_a_table_keeps_its_form_while_it_is_read(url, tmp_path) -> None:
    execute(url, "DROP TABLE IF EXISTS formed; CREATE TABLE formed AS TABLE many")
    refused: list[str] = []

    def change_it(n_rows: int) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("SET lock_timeout = 50")
            try:
                connection.execute("ALTER TABLE formed DROP COLUMN said")
            except psycopg.errors.LockNotAvailable as error:
                refused.append(f"after {n_rows}: {error}")
                connection.rollback()

    told, rows = read(opened(url, tmp_path), {"table": "formed"}, tmp_path, change_it)
    assert (told.n_rows, rows.schema.names) == (MANY, ["id", "said"])
    assert refused


def test_a_table_that_is_being_changed_is_named_as_locked(url, tmp_path) -> None:
    execute(url, "DROP TABLE IF EXISTS changing; CREATE TABLE changing AS TABLE orders")
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE changing DROP COLUMN city")
        with pytest.raises(RemoteUnavailable, match="canceling statement due to lock timeout"):
            read(opened(url, tmp_path, replace(BOUNDS, seconds=2.0)), {"table": "changing"}, tmp_path)
        connection.commit()
    assert read(opened(url, tmp_path), {"table": "changing"}, tmp_path)[1].schema.names == ["id", "amount"]
    with pytest.raises(RemoteRefused, match='column "city" does not exist'):
        read(opened(url, tmp_path), {"query": "SELECT city FROM changing"}, tmp_path)


def test_more_rows_than_the_bounds_allow_are_refused_and_so_many_are_read(url, tmp_path) -> None:
    assert read(opened(url, tmp_path, replace(BOUNDS, rows=10)), {"table": "orders"}, tmp_path)[0].n_rows == 10
    with pytest.raises(InvalidRequest, match="the selection holds more than 9 rows, which is the most; select fewer"):
        read(opened(url, tmp_path, replace(BOUNDS, rows=9)), {"table": "orders"}, tmp_path)


def test_more_bytes_than_the_bounds_allow_are_refused(url, tmp_path) -> None:
    small = replace(BOUNDS, n_bytes=2 * 1024**2)
    with pytest.raises(InvalidRequest, match="takes more than 2 MiB, which is the most"):
        read(opened(url, tmp_path, small), {"table": "many"}, tmp_path)


@pytest.mark.parametrize("query", ["SELECT DATE '0044-03-15 BC' AS d", "SELECT TIMESTAMP '12000-01-01' AS d"])
def test_a_date_that_there_is_no_cell_for_is_named(url, tmp_path, query: str) -> None:
    with pytest.raises(InvalidData, match=r"a row cannot be read \(.*(BC|12000)"):
        read(opened(url, tmp_path), {"query": query}, tmp_path)


@pytest.mark.parametrize("query", ["SELECT", "DROP TABLE orders", "SELECT '\\x00'::bytea AS b"])
def test_a_selection_without_columns_is_refused(url, tmp_path, query: str) -> None:
    with pytest.raises(EmptyDataset, match="no column that can be read"):
        read(opened(url, tmp_path), {"query": query}, tmp_path)


def test_no_rows_are_a_file_without_rows(url, tmp_path) -> None:
    told, rows = read(opened(url, tmp_path), {"query": "SELECT id FROM orders WHERE false"}, tmp_path)
    assert (told.n_rows, rows.schema.names) == (0, ["id"])


def test_a_database_of_the_program_itself_is_refused_by_address_and_by_what_it_holds(url, tmp_path) -> None:
    own = f"postgresql://127.0.0.1:{values_of(url)['port']}/pynomaly"
    closed = catalog(tmp_path, database_url=own).open("postgresql", values_of(url), BOUNDS)  # type: ignore[arg-type]
    with pytest.raises(DestinationRefused, match="must not be connected to"):
        closed.test()
    with fresh_postgres() as another:
        for table in ("alembic_version", "datasets", "detectors", "training_runs", "detections"):
            execute(another, f"CREATE TABLE {table} (id int)")
        with pytest.raises(DestinationRefused, match="where a Pynomaly keeps its own"):
            opened(another, tmp_path).test()


def test_unencrypted_connections_stay_inside(tmp_path) -> None:
    with pytest.raises(DestinationRefused, match=r"nothing goes out to 1\.1\.1\.1 unencrypted"):
        opened("postgresql:///x", tmp_path, host="1.1.1.1").test()


def test_reading_leaves_no_transaction_behind(url, tmp_path) -> None:
    read(opened(url, tmp_path), {"table": "orders"}, tmp_path)
    name = sql.Literal(conninfo_to_dict(url)["dbname"])
    with psycopg.connect(url) as connection:
        busy = sql.SQL("SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = {}")
        held = connection.execute(busy.format(name) + sql.SQL(" AND pid <> pg_backend_pid()")).fetchone()
    assert held == (0,)
