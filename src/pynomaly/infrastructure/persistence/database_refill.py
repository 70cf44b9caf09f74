"""An empty database that takes in the rows of another one, whatever kind that was."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection, Table, func, inspect, literal, select
from sqlalchemy import text as sql
from sqlalchemy.exc import IntegrityError

from pynomaly.domain.errors import Conflict, UnreadableFile
from pynomaly.domain.identifiers import TenantId
from pynomaly.infrastructure.persistence.audit_rows import AuditRows
from pynomaly.infrastructure.persistence.database import VERSION_TABLE
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.database_snapshot import ALL_TABLES, ROWS_AT_ONCE, reading
from pynomaly.infrastructure.persistence.metadata import REVISIONS
from pynomaly.infrastructure.persistence.portable_rows import from_line, tables_in
from pynomaly.infrastructure.persistence.schema_upgrade import upgrade

BORN_WITH = {"tenants": 1, "chain_heads": 1}
"""Tables that have rows in a new database: the local workspace, and the beginning of its audit log."""


@dataclass(frozen=True, slots=True)
class EmptyDatabase:
    """A transaction that holds the whole database."""

    connection: Connection
    name: str

    def fill(self, schema: str, tables: Iterable[tuple[str, Iterable[bytes]]]) -> None:
        """Take in rows as they were under a schema, then bring them up to date.

        Raises UnreadableFile for lines that are no rows, Conflict for a schema that is not known here, StorageFull.
        """
        if schema not in REVISIONS:
            raise Conflict(f"the backup was made by a newer Pynomaly (schema {schema}); upgrade this one")
        with translated(self.name):
            self._begin_at(schema)
            for name, lines in tables:
                self._fill_table(name, lines)
            self._require_references()
            upgrade(self.connection)

    def audit_log(self, tenant_id: TenantId) -> AuditRows:
        """Return the audit log of a workspace as it is now."""
        return AuditRows(reading(self.connection, self.name, tenant_id))

    def commit(self) -> None:
        """Make everything durable."""
        with translated(self.name):
            self.connection.commit()

    def _begin_at(self, schema: str) -> None:
        ALL_TABLES.drop_all(self.connection)
        self.connection.execute(sql(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))
        upgrade(self.connection, schema)
        for table in tables_in(self.connection, list(BORN_WITH)):
            self.connection.execute(table.delete())

    def _fill_table(self, name: str, lines: Iterable[bytes]) -> None:
        try:
            (table,) = tables_in(self.connection, [name])
            rows = (from_line(line, list(table.columns)) for line in lines)
            while batch := list(islice(rows, ROWS_AT_ONCE)):
                self.connection.execute(table.insert(), batch)
        except (ValueError, TypeError, IntegrityError) as error:
            reason = error.orig if isinstance(error, IntegrityError) else error
            raise UnreadableFile(f"the backup's table {name} holds what is no row of it: {reason}") from error
        self._count_on(table)

    def _count_on(self, table: Table) -> None:
        """Let PostgreSQL number new rows after those that came with a number of their own, as SQLite does anyway."""
        if self.connection.dialect.name != "postgresql" or "position" not in table.columns:
            return
        last = self.connection.execute(select(func.max(table.c.position))).scalar()
        if last is not None:
            self.connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "position"), last)))

    def _require_references(self) -> None:
        """See that every row refers to one that is there: SQLite looks only when it is asked to."""
        if self.connection.dialect.name == "sqlite":
            broken = self.connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise UnreadableFile(f"the backup's table {broken[0]} refers to a row of {broken[2]} that is not in it")


def require_empty(connection: Connection, database: str) -> None:
    """Raise Conflict if anything was ever stored."""
    with translated(database):
        there = set(inspect(connection).get_table_names())
        for table in ALL_TABLES.sorted_tables:
            if table.name in there and _holds_more_than(BORN_WITH.get(table.name, 0), connection, table):
                raise Conflict(
                    f"{database} holds something already ({table.name}); a backup is restored into a new installation: "
                    "choose an empty PYNOMALY_HOME, and an empty database if PYNOMALY_DATABASE_URL is set"
                )


def _holds_more_than(n_rows: int, connection: Connection, table: Table) -> bool:
    some = select(literal(1)).select_from(table).limit(n_rows + 1)
    return len(connection.execute(some).all()) > n_rows
