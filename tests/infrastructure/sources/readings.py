"""The same orders in every kind of source, few or many of them, to be read by a process whose memory is watched."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from psycopg.conninfo import conninfo_to_dict

from tests.infrastructure.sources.object_store import BUCKET, ObjectStore
from tests.infrastructure.sources.peak_memory import peak_bytes

_TABLE = """
    CREATE TABLE orders AS SELECT g AS id, random() * 1000 AS amount, (random() * 100)::int AS n,
    timestamptz '2024-01-01' + g * interval '1 second' AS at, 'city ' || g % 500 AS city, g % 7 = 0 AS is_late
    FROM generate_series(1, {}) g
"""


@dataclass(frozen=True)
class Reading:
    """One thing that is read."""

    title: str
    kind: str
    values: dict[str, object] = field(repr=False)
    selection: dict[str, str]
    n_rows: int

    def peak(self, folder: Path) -> int:
        """Return the bytes that it takes."""
        order = {"kind": self.kind, "values": self.values, "selection": self.selection, "n_rows": self.n_rows}
        return peak_bytes(
            ["-m", "tests.infrastructure.sources.source_reader"], stdin=json.dumps({**order, "folder": str(folder)})
        )


def postgres_readings(url: str, sizes: list[int]) -> Iterator[Reading]:
    """Fill one table and yield the reading of its first rows."""
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE.format(max(sizes)))
    parts = conninfo_to_dict(url)
    place = {"host": "127.0.0.1", "port": int(parts.get("port", 5432)), "database": parts["dbname"]}
    values = {**place, "user": parts.get("user", "root"), "sslmode": "prefer"}
    for n_rows in sizes:
        yield Reading("postgresql", "postgresql", values, {"query": f"SELECT * FROM orders LIMIT {n_rows}"}, n_rows)


def _orders(n_rows: int) -> pa.Table:
    ids = pa.array(range(n_rows), pa.int64())
    cities = pa.array([f"city {row % 500}" for row in range(n_rows)])
    amount = pc.multiply(pc.sqrt(ids), 1.37)
    at = pc.add(ids, 1_700_000_000).cast(pa.timestamp("s")).cast(pa.timestamp("us"))
    late = pc.equal(pc.bit_wise_and(ids, 7), 0)
    n = pc.bit_wise_and(ids, 127)
    return pa.table({"id": ids, "amount": amount, "n": n, "at": at, "city": cities, "is_late": late})


def store_readings(store: ObjectStore, sizes: list[int]) -> Iterator[Reading]:
    """Store the same rows in each format and yield their readings."""
    key = {"access_key": store.access_key, "secret_key": store.secret_key}
    values = {"endpoint": store.endpoint, "bucket": BUCKET, **key}
    for n_rows in sizes:
        rows = _orders(n_rows)
        for suffix in ("parquet", "csv", "arrow"):
            name = f"{n_rows}.{suffix}"
            store.put(name, _as_bytes(rows, suffix))
            yield Reading(f"s3, {suffix}", "s3", values, {"key": name}, n_rows)


def _as_bytes(rows: pa.Table, suffix: str) -> bytes:
    sink = pa.BufferOutputStream()
    if suffix == "parquet":
        pq.write_table(rows, sink)
    elif suffix == "csv":
        pyarrow.csv.write_csv(rows, sink)
    else:
        with pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows)
    return sink.getvalue().to_pybytes()


def sqlite_readings(folder: Path, sizes: list[int]) -> Iterator[Reading]:
    """Fill a file and yield the reading of its first rows."""
    with closing(sqlite3.connect(folder / "orders.db")) as connection:
        connection.execute("CREATE TABLE orders (id, amount, n, city, is_late)")
        rows = ((row, row**0.5, row % 100, f"city {row % 500}", row % 7 == 0) for row in range(max(sizes)))
        connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
        connection.commit()
    for n_rows in sizes:
        selection = {"query": f"SELECT * FROM orders LIMIT {n_rows}"}
        yield Reading("sqlite", "sqlite", {"path": "orders.db"}, selection, n_rows)
