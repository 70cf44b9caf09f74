import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import file_source
from pynomaly.infrastructure.data.formats.parquet_reader import read
from pynomaly.infrastructure.data.limits import MAX_CELLS
from pynomaly.infrastructure.data.raw_table import RawTable


def round_trip(folder: Path, table: pa.Table) -> RawTable:
    pq.write_table(table, folder / "x.parquet")
    return read(file_source(folder / "x.parquet"))


def test_every_plain_type_keeps_its_values(tmp_path: Path) -> None:
    moment = dt.datetime(2024, 3, 31, 1, 30, tzinfo=dt.UTC)
    table = pa.table(
        {
            "flag": [True, None],
            "count": pa.array([1, 2], pa.uint8()),
            "when": pa.array([moment, None], pa.timestamp("ms", "Europe/Berlin")),
            "day": [dt.date(2024, 1, 1), None],
            "price": [decimal.Decimal("1.25"), None],
            "half": pa.array([0.5, None], pa.float16()),
            "site": pa.array(["north", "south"]).dictionary_encode(),
            "nothing": pa.nulls(2),
        }
    )
    raw = round_trip(tmp_path, table)
    types = {field.name: str(field.type) for field in raw.data.schema}
    assert types["when"] == "timestamp[ms, tz=Europe/Berlin]"
    assert types["price"] == "double"
    assert types["half"] == "float"
    assert types["site"] == "string"
    assert raw.data.column("price").to_pylist() == [1.25, None]
    assert raw.data.column("when")[0].as_py() == moment
    assert raw.data.column("flag").to_pylist() == [True, None]


def test_nested_and_binary_columns_stay_as_they_are(tmp_path: Path) -> None:
    table = pa.table({"tags": [["a"], []], "place": [{"x": 1}, {"x": 2}], "blob": [b"\x00", b"\xff"]})
    raw = round_trip(tmp_path, table)
    assert raw.data.to_pydict() == table.to_pydict()


def test_words_that_mean_missing_are_nulls_as_in_csv(tmp_path: Path) -> None:
    assert round_trip(tmp_path, pa.table({"x": ["?", "a", ""]})).data.column("x").to_pylist() == [None, "a", None]


def test_a_repeated_name_is_made_unique(tmp_path: Path) -> None:
    table = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    assert round_trip(tmp_path, table).data.column_names == ["a", "a_2"]


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"x": range(1000)}), path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UnreadableFile, match=r"'x\.parquet' is damaged Parquet"):
        read(file_source(path))


def test_a_file_that_announces_too_many_cells_is_refused_from_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    n_rows, n_columns = 1_000_000, 260
    zeros = pa.array([0] * n_rows, pa.int8()).dictionary_encode()
    pq.write_table(pa.table({f"c{i}": zeros for i in range(n_columns)}), path)
    assert path.stat().st_size < 1_000_000
    assert n_rows * n_columns > MAX_CELLS
    with pytest.raises(UnreadableFile, match="260 columns, more than 250000000 cells"):
        read(file_source(path))
