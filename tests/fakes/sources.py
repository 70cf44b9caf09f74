"""Sources that hold a few tables and open to one password; like real ones, they quote in their errors what they got."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pyarrow as pa

from pynomaly.application.ports.sources import ReadIn, SourceBounds, SourceCatalog, SourceKind
from pynomaly.domain.connection import ConnectionKind, Field, FieldType
from pynomaly.domain.errors import InvalidRequest, RemoteRefused, RemoteUnavailable, did_you_mean

PASSWORD = "open sesame / 42"
WRONG_PASSWORD = "hunter2 & friends"
SHOP = {"host": "db.example.org", "database": "shop", "user": "reader"}
N_ROWS = 400
_WHAT = (Field("table", "a table", is_required=False), Field("query", "one SELECT", is_required=False))
POSTGRESQL = SourceKind(
    ConnectionKind(
        "postgresql",
        "A database server.",
        (
            Field("host", "where it is", is_place=True),
            Field("port", "where it listens", FieldType.NUMBER, default=5432, least=1, most=65_535, is_place=True),
            Field("database", "its name"),
            Field("user", "whom it knows"),
            Field("password", "of the user", is_secret=True),
            Field("is_slow", "whether it takes its time", FieldType.FLAG, is_required=False),
        ),
    ),
    _WHAT,
)
SQLITE = SourceKind(
    ConnectionKind("sqlite", "A database in a file.", (Field("path", "the file", is_place=True),)), _WHAT
)


@dataclass
class FakeSources:
    """Two kinds. opened: what was asked of each source that was opened; bounds: within what."""

    opened: list[dict[str, Any]] = field(default_factory=list)
    bounds: list[SourceBounds] = field(default_factory=list)
    data: Callable[[str], pa.Table] = lambda table: rows_of(table)

    def kinds(self) -> Sequence[SourceKind]:
        return POSTGRESQL, SQLITE

    def kind(self, name: str) -> SourceKind:
        known = {kind.connection.name: kind for kind in self.kinds()}
        if name not in known:
            raise InvalidRequest(f"there is no kind of source '{name}'{did_you_mean(name, known)}")
        return known[name]

    def open(self, kind: str, values: Mapping[str, Any], bounds: SourceBounds) -> "FakeSource":
        checked = self.kind(kind).connection.checked(values)
        self.opened.append(checked)
        self.bounds.append(bounds)
        return FakeSource(checked, self.data)


@dataclass
class FakeSource:
    """Any table but `gone`; `away` does not answer, `trap` meets an error that nobody foresaw.

    `mirror` holds what the process that reads it was started with. A database `trap` ends the process that reaches it.
    """

    values: Mapping[str, Any]
    data: Callable[[str], pa.Table]

    def test(self) -> str:
        self._knock()
        if self.values.get("database") == "trap":
            os._exit(3)  # as a library does that meets bytes it was not made for
        if self.values.get("database") == "mirror":
            return f"seen by process {os.getpid()}"
        return "PostgreSQL 15.0, 3 tables"

    def read_into(self, selection: Mapping[str, Any], path: PurePath, progress: Callable[[int], None]) -> ReadIn:
        self._knock()
        what = str(selection.get("table") or selection.get("query"))
        if what == "gone":
            raise RemoteRefused('relation "gone" does not exist')
        if what == "away":
            raise RemoteUnavailable("the server closed the connection")
        if what == "trap":
            raise RuntimeError(f"no route for {dict(self.values)!r}")
        table = self.data(what)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table, max_chunksize=97)
        progress(table.num_rows)
        return ReadIn(table.num_rows, Path(path).stat().st_size, ("one column was left out: it holds pictures",))

    def _knock(self) -> None:
        password = self.values.get("password", PASSWORD)
        if password != PASSWORD:
            raise RemoteRefused(f"FATAL: the password {password!r} is wrong for {self.values.get('user')}")


def rows_of(table: str) -> pa.Table:
    """Return the same rows for the same table, of which a few stand out."""
    if table == "mirror":
        return pa.table({"seen": _seen()})
    rng = np.random.default_rng(sum(table.encode()))
    amount = rng.normal(70.0, 9.0, N_ROWS)
    amount[[7, 99]] *= 9
    return pa.table(
        {
            "entry": [f"E-{number:05d}" for number in range(N_ROWS)],
            "amount": amount,
            "speed": rng.normal(0.0, 1.0, N_ROWS),
            "device": rng.choice(["ios", "android", "web"], N_ROWS),
        }
    )


def _seen() -> list[str]:
    """Return the environment and the command line, as Python and as the kernel show them."""
    shown = [Path(f"/proc/self/{name}").read_bytes().decode("utf-8", "replace") for name in ("environ", "cmdline")]
    return [*shown, *sys.argv, *(f"{name}={value}" for name, value in os.environ.items())]


catalog: SourceCatalog = FakeSources()
