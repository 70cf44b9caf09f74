import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from pynomaly.application.ports.sources import Source, SourceBounds
from pynomaly.domain.errors import (
    DestinationRefused,
    EmptyDataset,
    InvalidRequest,
    PynomalyError,
    RemoteRefused,
    RemoteUnavailable,
)
from tests.infrastructure.sources.catalogs import BOUNDS, catalog, read

ENDLESS = "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "open"
    place.mkdir()
    return place


@pytest.fixture
def shop(folder) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(folder / "shop.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER, city TEXT, amount REAL)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?)", [(1, "Bonn", 2.5), (2, None, 3), (3, "N/A", None)]
        )
        yield connection


def opened(folder: Path, path: str = "shop.db", bounds: SourceBounds = BOUNDS) -> Source:
    return catalog(folder.parent, sqlite_folder=folder).open("sqlite", {"path": path}, bounds)


def test_the_test_says_what_is_in_the_file(shop, folder) -> None:
    assert opened(folder).test() == "shop.db is an SQLite database; tables and views in it: 1."


@pytest.mark.parametrize(
    "selection", [{"table": "orders"}, {"table": "main.orders"}, {"query": "SELECT * FROM orders;"}]
)
def test_a_table_or_a_query_is_read(shop, folder, tmp_path, selection) -> None:
    told, rows = read(opened(folder), selection, tmp_path)
    assert rows.schema == pa.schema([("id", pa.int64()), ("city", pa.string()), ("amount", pa.float64())])
    assert rows.to_pylist() == [
        {"id": 1, "city": "Bonn", "amount": 2.5},
        {"id": 2, "city": None, "amount": 3.0},
        {"id": 3, "city": None, "amount": None},
    ]
    assert told.notes == ()


@pytest.mark.parametrize(
    ("cells", "kind", "expected", "note"),
    [
        ([1, None, -(2**63)], pa.int64(), [1, None, -(2**63)], ""),
        ([1, 2.5], pa.float64(), [1.0, 2.5], ""),
        ([None, None], pa.null(), [None, None], ""),
        (["a", "é\n"], pa.string(), ["a", "é\n"], ""),
        (["a", 1, 2.5], pa.string(), ["a", "1", "2.5"], "Column 'c' mixes types of value; it was read as text."),
        ([1, b"x"], pa.int64(), [1, None], "Column 'c' holds bytes, which were left out."),
    ],
)
def test_a_column_is_of_the_type_that_all_its_cells_have(folder, tmp_path, cells, kind, expected, note: str) -> None:
    with closing(sqlite3.connect(folder / "shop.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (c)")
        connection.executemany("INSERT INTO t VALUES (?)", [(cell,) for cell in cells])
    told, rows = read(opened(folder), {"table": "t"}, tmp_path)
    assert rows.schema.field("c").type == kind
    assert rows.column("c").to_pylist() == expected
    assert told.notes == ((note,) if note else ())


def test_bytes_alone_are_left_out(shop, folder, tmp_path) -> None:
    told, rows = read(opened(folder), {"query": "SELECT id, CAST('x' AS BLOB) AS b FROM orders"}, tmp_path)
    assert rows.schema.names == ["id"]
    assert told.notes == ("Column 'b' holds bytes and was left out; a query may ask for hex() of it.",)
    with pytest.raises(EmptyDataset, match="no column that can be read"):
        read(opened(folder), {"query": "SELECT CAST('x' AS BLOB) AS b"}, tmp_path)


def test_many_rows_come_in_blocks_that_are_heard_of(shop, folder, tmp_path) -> None:
    heard: list[int] = []
    read(opened(folder), {"query": f"{ENDLESS} SELECT x FROM r LIMIT 40000"}, tmp_path, heard.append)
    assert heard == [16384, 32768, 40000]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM orders RETURNING *",
        "DROP TABLE orders",
        "INSERT INTO orders VALUES (4, 'x', 1)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'copy.db'",
        "PRAGMA query_only = OFF",
        "SELECT * FROM pragma_database_list",
        "SELECT load_extension('x')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('x', 'y')",
        "SELECT 1; DELETE FROM orders",
        "SELECT 1) UNION SELECT 2 FROM (orders",
        "SELECT zeroblob(1000000000)",
        "BEGIN",
        "COMMIT",
        "nonsense",
    ],
)
def test_nothing_is_done_but_reading(shop, folder, tmp_path, query: str) -> None:
    with pytest.raises(RemoteRefused, match=r"shop\.db: "):
        read(opened(folder), {"query": query}, tmp_path)
    assert shop.execute("SELECT count(*) FROM orders").fetchone() == (3,)
    assert sorted(entry.name for entry in folder.iterdir()) == ["shop.db"]


def test_a_table_that_is_not_there_is_said_not_to_be(shop, folder, tmp_path) -> None:
    with pytest.raises(RemoteRefused, match=r"shop\.db: no such table: ordres"):
        read(opened(folder), {"table": "ordres"}, tmp_path)
    with pytest.raises(RemoteRefused, match=r"shop\.db: no such column: amuont"):
        read(opened(folder), {"query": "SELECT amuont FROM orders"}, tmp_path)


@pytest.mark.parametrize("query", [f"{ENDLESS} SELECT count(*) FROM r", f"{ENDLESS} SELECT x FROM r WHERE x < 0"])
def test_a_query_without_an_end_is_over_when_the_time_is(shop, folder, tmp_path, query: str) -> None:
    with pytest.raises(RemoteUnavailable, match="was not read in the time there is for it"):
        read(opened(folder, bounds=replace(BOUNDS, seconds=0.2)), {"query": query}, tmp_path)


def test_more_rows_than_the_bounds_allow_are_refused(shop, folder, tmp_path) -> None:
    with pytest.raises(InvalidRequest, match="more than 2 rows, which is the most"):
        read(opened(folder, bounds=replace(BOUNDS, rows=2)), {"table": "orders"}, tmp_path)


def test_one_moment_is_seen_whatever_is_written_meanwhile(shop, folder, tmp_path) -> None:
    shop.execute("PRAGMA journal_mode=WAL")
    shop.execute("CREATE TABLE many (x)")
    shop.execute(f"INSERT INTO many {ENDLESS} SELECT x FROM r LIMIT 40000")

    def write_it(_n_rows: int) -> None:
        shop.execute("DELETE FROM many")
        shop.execute("ALTER TABLE many ADD COLUMN y")

    told, rows = read(opened(folder), {"table": "many"}, tmp_path, write_it_once(write_it))
    assert (told.n_rows, rows.schema.names) == (40000, ["x"])
    assert read(opened(folder), {"table": "many"}, tmp_path)[1].schema.names == ["x", "y"]


def write_it_once(write_it):
    waiting = [write_it]
    return lambda n_rows: waiting.pop()(n_rows) if waiting else None


def test_a_file_that_somebody_writes_exclusively_may_be_read_later(shop, folder) -> None:
    shop.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RemoteUnavailable, match="database is locked"):
        opened(folder, bounds=replace(BOUNDS, seconds=0.5)).test()


@pytest.mark.parametrize(
    "path", ["../home/workspace.db", "/etc/passwd", "..", "../open2/x.db", "link.db", "inner/../../home/workspace.db"]
)
def test_nothing_outside_of_the_folder_is_opened(shop, folder, tmp_path, path: str) -> None:
    (tmp_path / "open2").mkdir()
    for other in (tmp_path / "open2" / "x.db", tmp_path / "secret.db"):
        sqlite3.connect(other).close()
    (folder / "link.db").symlink_to(tmp_path / "secret.db")
    with pytest.raises(DestinationRefused, match="does not lie below the folder of SQLite files"):
        opened(folder, path).test()


def test_a_link_within_the_folder_may_be_followed(shop, folder) -> None:
    (folder / "link.db").symlink_to(folder / "shop.db")
    assert opened(folder, "link.db").test() == "link.db is an SQLite database; tables and views in it: 1."


def test_without_a_folder_nothing_is_opened(tmp_path) -> None:
    with pytest.raises(DestinationRefused, match="PYNOMALY_SQLITE_FOLDER"):
        catalog(tmp_path).open("sqlite", {"path": "shop.db"}, BOUNDS).test()


def test_the_programs_own_files_are_nobodys_source(tmp_path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with closing(sqlite3.connect(home / "workspace.db")) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(DestinationRefused):
        catalog(tmp_path, sqlite_folder=tmp_path).open("sqlite", {"path": "home/workspace.db"}, BOUNDS).test()


def test_another_programs_own_database_is_nobodys_source_either(folder) -> None:
    with closing(sqlite3.connect(folder / "copy.db")) as connection:
        for table in ("alembic_version", "datasets", "detectors", "training_runs", "detections"):
            connection.execute(f"CREATE TABLE {table} (x)")
    with pytest.raises(DestinationRefused, match="where a Pynomaly keeps its own"):
        opened(folder, "copy.db").test()


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"id,city\n1,Bonn\n" * 100, "file is not a database"), (b"SQLite format 3\0" + b"\xff" * 5000, "")],
)
def test_a_file_that_is_no_database_is_refused(folder, body: bytes, says: str) -> None:
    (folder / "odd.db").write_bytes(body)
    with pytest.raises(RemoteRefused, match=rf"odd\.db: .*{says}"):
        opened(folder, "odd.db").test()


def test_a_file_that_is_not_there_is_said_not_to_be(folder) -> None:
    with pytest.raises(RemoteRefused, match=r"there is no file 'shop\.db' below the folder"):
        opened(folder).test()


def test_text_that_is_none_is_refused_with_the_column(shop, folder, tmp_path) -> None:
    with pytest.raises(PynomalyError, match="Could not decode to UTF-8"):
        read(opened(folder), {"query": "SELECT CAST(x'ff' AS TEXT) AS t"}, tmp_path)
