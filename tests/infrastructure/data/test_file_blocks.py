import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.blocks.row_blocks import BLOCK_ROWS
from pynomaly.infrastructure.data.file_blocks import file_blocks
from pynomaly.infrastructure.data.raw_table import RawTable
from pynomaly.infrastructure.data.table_reader import TableReader

MANY = 2 * BLOCK_ROWS + 7

TEXTS = {
    "plain": "id,city,amount\n1,Bonn,2.5\n2,Kiel,\n3,,1e3\n",
    "whole numbers": "a,b\n1,2\n3,4\n",
    "large whole numbers": "a,b\n" + "1,9223372036854775807\n2,9223372036854775808\n" * 400,
    "leading zeros": "zip,n\n01234,1\n00001,2\n",
    "leading zeros late": "zip,n\n" + "1234,1\n" * 400 + "00001,2\n",
    "a word late": "a,b\n" + "1,2\n" * 400 + "1,two\n",
    "a fraction late": "a,b\n" + "1,2\n" * 400 + "1,2.5\n",
    "a plus late": "a,b\n" + "1,2\n" * 400 + "1,+2.5\n",
    "blanks around numbers": "a,b\n 1 ,2\n 3,x\n",
    "missing words": "a,b,c\nN/A,1,x\n-,2,None\n3,?,none\n",
    "nothing in a column": "a,b\n1,\n2,\n",
    "only missing words": "a,b\n1, n/a \n2, NA\n",
    "semicolons and commas": "a;b\n1,5;x\n2,25;y\n",
    "a point among commas": "a;b\n1,5;1.5\n2,25;2\n",
    "thousands": 'a;b\n"1,234";x\n"2,345";y\n',
    "dates and times": "at,n\n2024-01-01,1\n2024-01-02,2\n",
    "words of yes and no": "ok,n\ntrue,1\nfalse,2\n",
    "quotes": 'a,b\n"x, y",1\n"say ""so""",2\n',
    "line breaks in cells": 'a,b\n"x\ny",1\nz,2\n',
    "comments and blank lines": "# hello\na,b\n1,2\n\n# more\n3,4\n",
    "a ragged line": "a,b\n" + "1,2\n" * 200 + "3\n" + "4,5\n" * 50,
    "no header": "1,2\n3,4\n5,6\n",
    "names twice": "a,a,\n1,2,3\n4,5,6\n",
    "tabs": "a\tb\n1\tx\n2\ty\n",
    "one column": "a\n1\n\n3\n",
    "infinity": "a,b\n1.5,1\ninf,2\n-inf,3\n",
    "mixed exponents": "a,b\n1e5,1\n2,3\n",
}


def _read_in_blocks(path: Path, folder: Path) -> ArrowTable:
    with file_blocks(path, name=path.name, folder=folder) as blocks:
        tables = list(blocks.tables)
        assert all(table.schema == blocks.schema for table in tables)
        return ArrowTable.from_raw(RawTable(pa.concat_tables(tables), blocks.notes), name=path.name)


def _assert_same(path: Path, folder: Path) -> ArrowTable:
    whole, streamed = TableReader().read(path), _read_in_blocks(path, folder)
    assert streamed.columns == whole.columns
    assert streamed.fingerprint() == whole.fingerprint()
    assert streamed.notes == whole.notes
    return streamed


@pytest.mark.parametrize("name", TEXTS)
def test_text_in_blocks_is_the_table_that_it_is_as_a_whole(tmp_path, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(TEXTS[name], encoding="utf-8")
    _assert_same(path, tmp_path)


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"])
@pytest.mark.parametrize("n_ahead", [0, 200_000])
def test_text_of_any_encoding_is_written_anew_in_utf_8(tmp_path, codec: str, n_ahead: int) -> None:
    path = tmp_path / "table.csv"
    path.write_text("city,n\n" + "Bonn,1\n" * n_ahead + "Köln,2\nLübeck,3\n", encoding=codec)
    _assert_same(path, tmp_path)


CELLS = st.sampled_from(["", "1", "-2", "+3", "007", "1.5", "1,5", "1,234", "x", " 4 ", "N/A", "1e3", "inf", "9" * 19])


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=2, max_size=12), separator=st.sampled_from(",;"))
def test_whatever_cells_there_are_both_ways_of_reading_agree(tmp_path_factory, rows, separator: str) -> None:
    folder = tmp_path_factory.mktemp("cells")
    path = folder / "table.csv"
    quoted = (separator.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text("\n".join([f"left{separator}right", *quoted]) + "\n", encoding="utf-8")
    _assert_same(path, folder)


def _wide_table(n_rows: int = MANY) -> pa.Table:
    return pa.table(
        {
            "id": pa.array(range(n_rows), pa.int32()),
            " id": pa.array([f"word {row % 90}" for row in range(n_rows)]).dictionary_encode(),
            "money": pa.array([Decimal(row) / 4 for row in range(n_rows)], pa.decimal128(20, 2)),
            "key": pa.array([Decimal(row) for row in range(n_rows)], pa.decimal128(30, 0)),
            "long_key": pa.array([Decimal(10**25 + row) for row in range(n_rows)], pa.decimal128(30, 0)),
            "late_key": pa.array([Decimal(10 ** (20 if row > BLOCK_ROWS else 2)) for row in range(n_rows)]),
            "said": pa.array(["N/A" if row % 3 else "yes" for row in range(n_rows)]),
            "list": pa.array([[row] for row in range(n_rows)]),
            "half": pa.array([0.5] * n_rows, pa.float16()),
        }
    )


def test_parquet_in_blocks_is_the_table_that_it_is_as_a_whole(tmp_path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(_wide_table(), path, row_group_size=50_000)
    table = _assert_same(path, tmp_path)
    assert (table.n_rows, table.data.schema.field("late_key").type) == (MANY, pa.string())


@pytest.mark.parametrize("suffix", ["arrow", "arrows"])
@pytest.mark.parametrize("compression", [None, "zstd"])
def test_arrow_in_blocks_is_the_table_that_it_is_as_a_whole(tmp_path, suffix: str, compression: str | None) -> None:
    path = tmp_path / f"table.{suffix}"
    new, data = (pa.ipc.new_file, _wide_table()) if suffix == "arrow" else (pa.ipc.new_stream, _wide_table())
    with new(str(path), data.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(data)
    _assert_same(path, tmp_path)


def test_what_is_packed_is_unpacked_beside_it(tmp_path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(TEXTS["plain"].encode()))
    _assert_same(path, tmp_path)
    assert (tmp_path / "unpacked").read_text() == TEXTS["plain"]


def test_a_small_file_of_another_format_is_read_whole(tmp_path) -> None:
    path = tmp_path / "table.jsonl"
    path.write_text('{"a": 1, "b": "x"}\n{"a": 2, "b": null}\n')
    _assert_same(path, tmp_path)


def test_a_large_file_that_has_to_be_read_whole_is_refused(tmp_path) -> None:
    path = tmp_path / "table.jsonl"
    with path.open("wb") as stream:
        stream.writelines(b'{"a": 1}' + b" " * 1015 + b"\n" for _ in range(65 * 1024))
    with pytest.raises(UnreadableFile, match=r"holds 65 MiB of JSON lines, .* at most 64 MiB are; write it as Parquet"):
        _read_in_blocks(path, tmp_path)


def test_a_wrong_name_is_remarked_upon(tmp_path) -> None:
    path = tmp_path / "table.parquet"
    path.write_text(TEXTS["plain"])
    assert _assert_same(path, tmp_path).notes[0].startswith("table.parquet is named like Parquet but holds CSV")


def test_an_empty_file_is_said_to_be_empty(tmp_path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"")
    with pytest.raises(EmptyDataset, match="is empty"):
        _read_in_blocks(path, tmp_path)


@pytest.mark.parametrize("name", ["table.parquet", "table.arrow"])
def test_a_damaged_file_is_refused_as_such(tmp_path, name: str) -> None:
    path = tmp_path / name
    data = _wide_table(100)
    if name.endswith("parquet"):
        pq.write_table(data, path)
    else:
        with pa.ipc.new_file(str(path), data.schema) as writer:
            writer.write_table(data)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UnreadableFile, match="is damaged"):
        _read_in_blocks(path, tmp_path)


@pytest.mark.parametrize("name", ["table.parquet", "table.csv"])
def test_what_goes_wrong_with_whoever_takes_the_rows_is_not_the_files_fault(tmp_path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text(TEXTS["plain"])
    else:
        pq.write_table(_wide_table(100), path)

    def take_rows() -> None:
        with file_blocks(path, name=name, folder=tmp_path) as blocks:
            next(blocks.tables)
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        take_rows()
