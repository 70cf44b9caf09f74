"""PostgreSQL as a source: a table or the rows of a query, by COPY in CSV, which Arrow reads exactly and fast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath

import psycopg
import pyarrow as pa
import pyarrow.csv

from pynomaly.application.ports.sources import ReadIn, SourceBounds
from pynomaly.application.redaction import redacted
from pynomaly.domain.connection import Value
from pynomaly.domain.errors import EmptyDataset, InvalidData
from pynomaly.infrastructure.sources.arrow_file import write_blocks
from pynomaly.infrastructure.sources.kinds import POSTGRESQL
from pynomaly.infrastructure.sources.postgresql_columns import Described, ReadAs, how_to_read, notes_on
from pynomaly.infrastructure.sources.postgresql_server import Connect, Server
from pynomaly.infrastructure.sources.postgresql_session import Session, session
from pynomaly.infrastructure.sources.selections import selected_rows
from pynomaly.infrastructure.sources.surroundings import RowBlocks, Surroundings

BLOCK_BYTES = 4 * 1024**2

_TABLES = (
    "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
)
_TYPE_NAMES = (
    "SELECT oid::int8, typtype::text, format_type(oid, NULL) FROM pg_catalog.pg_type WHERE oid = ANY(%s::oid[])"
)
_NEVER = ("infinity", "-infinity")
"""Dates that Arrow has no cells for; numbers begin with a capital letter."""


@dataclass(frozen=True, slots=True)
class PostgresSource:
    """One database of one server."""

    server: Server
    bounds: SourceBounds
    around: Surroundings
    connect: Connect = psycopg.connect

    def test(self) -> str:
        """Connect, and say what was found. Raises DestinationRefused, RemoteUnavailable, RemoteRefused."""
        with self._session() as opened:
            ((version, n_tables),) = opened.rows(f"SELECT current_setting('server_version'), ({_TABLES})")
        told = redacted(str(version), self.server.secrets())
        return f"PostgreSQL {told} answers; tables and views of {self.server.database} that can be read: {n_tables}."

    def read_into(self, selection: Mapping[str, Value], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        """Read a table or a query as one moment shows it.

        Raises DestinationRefused, RemoteUnavailable, RemoteRefused, InvalidRequest, InvalidData, StorageFull.
        """
        rows = selected_rows(POSTGRESQL, selection)
        with self._session() as opened, self._blocks(opened, rows) as blocks:
            return write_blocks(blocks, Path(path), self.bounds, progress)

    def _session(self) -> AbstractContextManager[Session]:
        exchange = self.around.reach_database(self.bounds.seconds)
        return session(self.server, exchange, self.around.own_tables, self.connect)

    @contextmanager
    def _blocks(self, opened: Session, rows: str) -> Iterator[RowBlocks]:
        described = opened.described(rows)
        names, notes = self.around.unique_names([column.name for column in described])
        how = _how_to_read(opened, described)
        kept = [(name, each) for name, each in zip(names, how, strict=True) if not each.is_left_out]
        if not kept:
            raise EmptyDataset("the selection has no column that can be read")
        schema = pa.schema([(name, each.type) for name, each in kept])
        parse = partial(_parsed, schema=schema, secrets=self.server.secrets())
        copied = _in_blocks(opened.copied(_copy(rows, how, most_rows=self.bounds.rows + 1)))
        tables = (self.around.without_missing_words(parse(block)) for block in copied)
        yield RowBlocks(schema, tables, (*notes, *notes_on(list(zip(names, how, strict=True)))))


def open_postgresql(values: Mapping[str, Value], bounds: SourceBounds, around: Surroundings) -> PostgresSource:
    """Return a source that was described completely."""
    server = Server(
        host=str(values["host"]),
        port=int(values["port"]),
        database=str(values["database"]),
        user=str(values["user"]),
        password=str(values.get("password", "")),
        security=str(values["sslmode"]),
    )
    return PostgresSource(server, bounds, around)


def _how_to_read(opened: Session, described: Sequence[Described]) -> list[ReadAs]:
    found = opened.rows(_TYPE_NAMES, list({column.type_id for column in described}))
    sorts = {type_id: (sort, name) for type_id, sort, name in found}
    named = [
        Described(column.name, column.type_id, column.modifier, str(sorts.get(column.type_id, ("", "something"))[1]))
        for column in described
    ]
    return [how_to_read(column, lambda type_id: str(sorts.get(type_id, ("", ""))[0])) for column in named]


def _copy(rows: str, how: Sequence[ReadAs], *, most_rows: int) -> str:
    """Return the COPY of some rows. They stood as a statement of their own, so no bracket in them closes ours."""
    places = [f"c{place}" for place in range(len(how))]
    kept = [(place, each) for place, each in zip(places, how, strict=True) if not each.is_left_out]
    wanted = ", ".join(f"{each.sql.format('s.' + place)} AS {place}" for place, each in kept)
    texts = ", ".join(place for place, each in kept if each.is_text)
    quotes = f", FORCE_QUOTE ({texts})" if texts else ""
    within = f"(\n{rows}\n) AS s({', '.join(places)})"
    return f"COPY (SELECT {wanted} FROM {within} LIMIT {most_rows}) TO STDOUT (FORMAT csv{quotes})"  # noqa: S608


def _in_blocks(rows: Iterator[memoryview]) -> Iterator[bytes]:
    """Yield whole rows in blocks of bounded size."""
    gathered: list[memoryview] = []
    n_bytes = 0
    for row in rows:
        gathered.append(row)
        n_bytes += len(row)
        if n_bytes >= BLOCK_BYTES:
            yield b"".join(gathered)
            gathered, n_bytes = [], 0
    if gathered:
        yield b"".join(gathered)


def _parsed(block: bytes, *, schema: pa.Schema, secrets: Sequence[str]) -> pa.Table:
    """Read one block. Raises InvalidData for a cell that Arrow has no place for, such as a date before Christ."""
    try:
        return pyarrow.csv.read_csv(
            pa.BufferReader(block),
            pyarrow.csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=schema.names),
            pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            pyarrow.csv.ConvertOptions(
                column_types=schema,
                null_values=["", *_NEVER],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                true_values=["t"],
                false_values=["f"],
            ),
        )
    except pa.ArrowInvalid as error:
        raise InvalidData(f"a row cannot be read ({redacted(str(error), secrets)}); select what can be") from None
