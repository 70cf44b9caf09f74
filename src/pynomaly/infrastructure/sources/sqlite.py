"""SQLite files as a source: below one folder, read-only, and nothing but reading is allowed in them."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

import pyarrow as pa

from pynomaly.application.ports.sources import ReadIn, SourceBounds
from pynomaly.application.redaction import redacted
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import (
    DestinationRefused,
    EmptyDataset,
    InvalidData,
    PynomalyError,
    RemoteRefused,
    RemoteUnavailable,
)
from pynomaly.infrastructure.sources.arrow_file import write_blocks
from pynomaly.infrastructure.sources.kinds import SQLITE
from pynomaly.infrastructure.sources.selections import selected_rows
from pynomaly.infrastructure.sources.sqlite_columns import Selected, how_to_read
from pynomaly.infrastructure.sources.surroundings import RowBlocks, Surroundings

BLOCK_ROWS = 16_384
_CELL_BYTES = 64 * 1024**2
_STEPS = 10_000  # of SQLite's machine between two looks at the clock: some milliseconds
_BUSY_SECONDS = 5.0
_READING = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE))
_DENIED_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer"))
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_PROTOCOL")
_INTERRUPTED, _DENIED = "SQLITE_INTERRUPT", "SQLITE_AUTH"


@dataclass(frozen=True, slots=True)
class SqliteSource:
    """One file. path: as it was given, below the folder of the surroundings."""

    path: str
    bounds: SourceBounds
    around: Surroundings

    def test(self) -> str:
        """Open the file, and say what is in it. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        with self._opened() as connection:
            found = connection.execute("SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view')").fetchone()
        return f"{Path(self.path).name} is an SQLite database; tables and views in it: {found[0]}."

    def read_into(self, selection: Mapping[str, Value], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        """Read a table or a query as one moment shows it.

        Raises DestinationRefused, RemoteUnavailable, RemoteRefused, InvalidRequest, InvalidData, StorageFull.
        """
        rows = selected_rows(SQLITE, selection)
        with self._opened() as connection:
            return write_blocks(self._blocks(connection, rows), Path(path), self.bounds, progress)

    def _blocks(self, connection: sqlite3.Connection, rows: str) -> RowBlocks:
        selected = Selected(rows, given=_names_of(connection, rows), most_rows=self.bounds.rows + 1)
        how = how_to_read(connection, selected)
        names, notes = self.around.unique_names(selected.given)
        columns = list(zip(names, how, strict=True))
        schema = pa.schema([(name, each.type) for name, each in columns if not each.is_left_out])
        if not schema.names:
            raise EmptyDataset("the selection has no column that can be read")
        cursor = connection.execute(selected.sql(", ".join(each.sql for each in how if not each.is_left_out)))
        tables = (self.around.without_missing_words(table) for table in _tables(cursor, schema))
        return RowBlocks(
            schema, tables, (*notes, *(f"Column '{name}' {each.note}." for name, each in columns if each.note))
        )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        file = allowed_file(self.path, self.around)
        ends_at = time.monotonic() + self.bounds.seconds
        with _in_our_words(file.name), closing(_connection(file, ends_at)) as connection:
            connection.execute("BEGIN")
            connection.set_authorizer(_may)
            _refuse_own(connection, self.around.own_tables)
            yield connection


def open_sqlite(values: Mapping[str, Value], bounds: SourceBounds, around: Surroundings) -> SqliteSource:
    """Return a source that was described completely."""
    return SqliteSource(str(values["path"]), bounds, around)


def allowed_file(path: str, around: Surroundings) -> Path:
    """Return where a file really is, links followed. Raises DestinationRefused unless it may be read."""
    if around.sqlite_folder is None:
        raise DestinationRefused(
            "no SQLite file may be read; whoever runs the program may name a folder for them: PYNOMALY_SQLITE_FOLDER"
        )
    folder, private = around.sqlite_folder.resolve(), around.private_folder.resolve()
    file = (folder / path).resolve()
    if not file.is_relative_to(folder) or file.is_relative_to(private):
        raise DestinationRefused(f"'{path[:200]}' does not lie below the folder of SQLite files")
    if not file.is_file():
        raise RemoteRefused(f"there is no file '{path[:200]}' below the folder of SQLite files")
    return file


def _connection(file: Path, ends_at: float) -> sqlite3.Connection:
    """Open a file that is read alone; what it holds is trusted no more than the query is."""
    patience = min(_BUSY_SECONDS, max(0.0, ends_at - time.monotonic()))
    connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=patience, isolation_level=None)
    connection.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _CELL_BYTES)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _may(action: int, _first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    is_allowed = action in _READING and not (action == sqlite3.SQLITE_FUNCTION and second in _DENIED_FUNCTIONS)
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _refuse_own(connection: sqlite3.Connection, own_tables: frozenset[str]) -> None:
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if own_tables and own_tables <= found:
        raise DestinationRefused("this database is where a Pynomaly keeps its own; sources do not lead there")


def _names_of(connection: sqlite3.Connection, rows: str) -> list[str]:
    cursor = connection.execute(f"SELECT * FROM (\n{rows}\n) LIMIT 0")  # noqa: S608  it can only read
    return [str(column[0]) for column in cursor.description]


def _tables(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.Table]:
    while rows := cursor.fetchmany(BLOCK_ROWS):
        columns = zip(*rows, strict=True)
        try:
            arrays = [pa.array(cells, field.type) for cells, field in zip(columns, schema, strict=True)]
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise InvalidData(
                f"the rows are others when they are read again ({error}); select without chance"
            ) from None
        yield pa.Table.from_arrays(arrays, schema=schema)


@contextmanager
def _in_our_words(name: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _translated(error, name) from None


def _translated(error: "sqlite3.Error | sqlite3.Warning", name: str) -> PynomalyError:
    code, told = str(getattr(error, "sqlite_errorname", "")), redacted(str(error), ())
    if code == _INTERRUPTED:
        return RemoteUnavailable(f"{name} was not read in the time there is for it")
    if code == _DENIED:
        return RemoteRefused(f"{name}: a selection may only read ({told})")
    kind = RemoteUnavailable if code.startswith(_PASSING) else RemoteRefused
    return kind(f"{name}: {told}")
