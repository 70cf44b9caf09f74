from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import CorruptModel, NotFound, UnreadableFile
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.raw_table import RawTable
from pynomaly.infrastructure.storage.table_store import ArrowTableStore


def _table(data: pa.Table, name: str) -> ArrowTable:
    return ArrowTable.from_raw(RawTable(data), name=name)


def _described(data: pa.Table, columns: tuple[Column, ...], name: str) -> ArrowTable:
    return ArrowTable.of_described(data, columns, name=name)


def _arrow(table: Table) -> pa.Table:
    assert isinstance(table, ArrowTable)
    return table.data


@pytest.fixture
def store(tmp_path: Path) -> ArrowTableStore:
    return ArrowTableStore(tmp_path / "home" / "tables", to_arrow=_arrow, from_arrow=_described)


def _sales() -> ArrowTable:
    rng = np.random.default_rng(0)
    return _table(
        pa.table(
            {
                "id": [f"sale {number}" for number in range(200)],
                "amount": rng.normal(size=200),
                "code": rng.integers(0, 5, size=200),
                "fraud": rng.random(200) < 0.1,
            }
        ),
        "sales",
    )


def test_rows_come_back_with_the_same_cells_and_fingerprint(store) -> None:
    port: TableStore = store
    table = _sales()
    fingerprint = port.keep(table)
    found = port.open(fingerprint, table.columns, "sales")
    assert fingerprint == table.fingerprint() == found.fingerprint()
    assert _arrow(found).equals(table.data)
    assert found.columns == table.columns


def test_every_type_of_cell_survives(store) -> None:
    data = pa.table(
        {
            "nothing": pa.nulls(3),
            "category": pa.array(["a", "b", "a"]).dictionary_encode(),
            "bytes": pa.array([b"\x00", None, b""]),
            "decimal": [Decimal("1.50"), None, Decimal("-3.00")],
            "date": [date(2024, 2, 29), None, date(1, 1, 1)],
            "time": [time(1, 2, 3, 4), None, time(0)],
            "moment": [datetime(2024, 1, 1, tzinfo=UTC), None, datetime(1969, 1, 1, tzinfo=UTC)],
            "nanoseconds": pa.array([1, None, 3], pa.timestamp("ns")),
            "span": [timedelta(days=1), None, timedelta(microseconds=-1)],
            "half": pa.array(np.array([1, np.nan, np.inf], dtype=np.float16)),
            "list": [[1, None], None, []],
            "struct": [{"a": [b"x"]}, None, {"a": None}],
            "map": pa.array([[("k", 1)], None, []], pa.map_(pa.string(), pa.int8())),
            "large": pa.array(["x", None, ""], pa.large_string()),
            "unsigned": pa.array([2**64 - 1, None, 0], pa.uint64()),
        }
    )
    fingerprint, opened = _kept_and_opened(store, data)
    assert opened.schema == data.schema
    assert opened.drop_columns("half").equals(data.drop_columns("half"))  # NaN differs from itself
    assert repr(opened["half"].to_pylist()) == repr(data["half"].to_pylist())
    assert ArrowTable(name="all", data=opened, columns=()).fingerprint() == fingerprint


def test_chunks_that_know_different_categories_survive(store) -> None:
    chunks = [pa.array(["a", "b"]).dictionary_encode(), pa.array(["c", None]).dictionary_encode()]
    data = pa.table({"category": pa.chunked_array(chunks)})
    fingerprint, opened = _kept_and_opened(store, data)
    assert opened["category"].to_pylist() == ["a", "b", "c", None]
    assert ArrowTable(name="all", data=opened, columns=()).fingerprint() == fingerprint


def _kept_and_opened(store: ArrowTableStore, data: pa.Table) -> tuple[str, pa.Table]:
    """Return the stored Arrow columns themselves; columns of every type are more than a table would describe."""
    opened: list[pa.Table] = []
    stored = ArrowTable(name="all", data=data, columns=())
    spying = ArrowTableStore(store.folder, _arrow, lambda rows, *_: opened.append(rows) or stored)
    fingerprint = spying.keep(stored)
    spying.open(fingerprint, (), "all")
    return fingerprint, opened[0]


def test_overridden_roles_and_kinds_are_applied_again(store) -> None:
    table = _sales().describe(
        roles={"fraud": ColumnRole.LABEL, "amount": ColumnRole.IGNORED}, kinds={"code": ColumnKind.CATEGORY}
    )
    found = store.open(store.keep(table), table.columns, "sales")
    roles = {column.name: (column.role, column.kind) for column in found.columns}
    assert roles == {column.name: (column.role, column.kind) for column in table.columns}
    assert roles["fraud"][0] is ColumnRole.LABEL
    assert roles["code"][1] is ColumnKind.CATEGORY


def test_the_same_rows_are_stored_once(store) -> None:
    fingerprint = store.keep(_sales())
    before = (store.folder / fingerprint / "rows.arrow").stat()
    assert store.keep(_sales()) == fingerprint
    after = (store.folder / fingerprint / "rows.arrow").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert [path.name for path in store.folder.iterdir()] == [fingerprint]


def test_discarded_rows_are_gone_and_discarding_again_does_nothing(store) -> None:
    fingerprint = store.keep(_sales())
    store.discard(fingerprint)
    store.discard(fingerprint)
    store.discard("../tables")
    assert list(store.folder.iterdir()) == []
    with pytest.raises(NotFound, match="the rows of 'sales' are not in the workspace any more; delete the dataset"):
        store.open(fingerprint, (), "sales")


def test_damaged_rows_are_refused_before_they_are_parsed_and_mended_by_keeping_them_again(store) -> None:
    table = _sales()
    fingerprint = store.keep(table)
    file = store.folder / fingerprint / "rows.arrow"
    healthy = file.read_bytes()
    for mutant in (healthy[:100], b"", healthy + b"x", healthy[:50] + b"\xff" * 8 + healthy[58:]):
        file.write_bytes(mutant)
        with pytest.raises(CorruptModel, match="checksum differs; delete the dataset and load it again"):
            store.open(fingerprint, table.columns, "sales")
    store.keep(table)
    assert _arrow(store.open(fingerprint, table.columns, "sales")).equals(table.data)


def test_a_lost_checksum_is_damage(store) -> None:
    table = _sales()
    fingerprint = store.keep(table)
    (store.folder / fingerprint / "rows.sha256").unlink()
    with pytest.raises(CorruptModel, match="is damaged"):
        store.open(fingerprint, table.columns, "sales")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        ArrowTableStore(tmp_path / "file" / "tables", to_arrow=_arrow, from_arrow=_described).keep(_sales())
