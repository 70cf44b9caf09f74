"""What is read from a database: one table, or the rows of one query."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.connection import ConnectionKind, Value
from pynomaly.domain.errors import InvalidRequest

_PART = r'(?:"(?:[^"]|"")+"|[^".]+)'
_NAME = re.compile(rf"({_PART})(?:\.({_PART}))?")


@dataclass(frozen=True, slots=True)
class TableName:
    """A table's name. schema: None where it is left to the database."""

    schema: str | None
    name: str

    def quoted(self) -> str:
        """Return it as SQL."""
        return ".".join(quoted(part) for part in (self.schema, self.name) if part is not None)


def checked_selection(kind: SourceKind, selection: Mapping[str, Value]) -> dict[str, Value]:
    """Return what is selected. Raises InvalidRequest for anything that the kind does not know."""
    whole = f"a selection from {kind.connection.name}"
    return ConnectionKind(whole, kind.connection.summary, kind.selection).checked(selection)


def selected_rows(kind: SourceKind, selection: Mapping[str, Value]) -> str:
    """Return the SELECT whose rows are meant, without anything after it. Raises InvalidRequest."""
    given = checked_selection(kind, selection)
    if len(given) != 1:
        raise InvalidRequest(f"a selection from {kind.connection.name} names a table or a query, one of them")
    if "query" in given:
        return str(given["query"]).rstrip("; \t\r\n")
    return f"SELECT * FROM {table_name(str(given['table'])).quoted()}"  # noqa: S608  quoted


def table_name(text: str) -> TableName:
    """Read a table's name. Raises InvalidRequest."""
    match = _NAME.fullmatch(text.strip())
    if match is None:
        raise InvalidRequest(f"'{text[:100]}' is no table's name; write schema.name, and quote a part that has a dot")
    first, second = (_unquoted(part) if part else None for part in match.groups())
    return TableName(None, str(first)) if second is None else TableName(first, second)


def quoted(name: str) -> str:
    """Return a name as SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def _unquoted(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part
