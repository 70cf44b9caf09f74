"""A table made plain block by block is the table that is read whole."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.mapped_file import BLOCK_BYTES, BLOCK_ROWS, read_mapped
from pynomaly.infrastructure.data.table_reader import TableReader

ROOT = Path(__file__).resolve().parents[3]
LARGE = Decimal(2**70)


def _written(path: Path, table: pa.Table, chunk_rows: int = 100) -> Path:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=chunk_rows)
    return path


def _mixed(n_rows: int) -> pa.Table:
    rng = np.random.default_rng(0)
    words = rng.choice(["de", "NULL", "n/a", "fr"], n_rows)
    whole = [None if number % 7 == 0 else Decimal(number) for number in range(n_rows)]
    return pa.table(
        {
            " id ": np.arange(n_rows),
            "word": pa.array(words),
            "coded": pa.array(words).dictionary_encode(),
            "price": pa.array([Decimal(number) / 8 for number in range(n_rows)], pa.decimal128(20, 3)),
            "whole": pa.array(whole, pa.decimal128(38, 0)),
            "large": pa.array([*whole[:-1], LARGE], pa.decimal128(38, 0)),
            "at": pa.array([datetime(2026, 1, 1, tzinfo=UTC)] * n_rows),
            "list": pa.array([[number] for number in range(n_rows)]),
            "word_2": pa.array(rng.normal(size=n_rows), pa.float32()),
        }
    )


def test_block_by_block_gives_the_table_that_is_read_whole(tmp_path) -> None:
    path = _written(tmp_path / "rows.arrow", _mixed(1000))
    mapped, whole = read_mapped(path, "shop", block_rows=128), TableReader().read(path)
    assert mapped.data.schema == whole.data.schema
    assert mapped.data.equals(whole.data)
    assert mapped.columns == whole.columns
    assert mapped.notes == whole.notes
    assert mapped.fingerprint() == whole.fingerprint()
    assert mapped.data["word"].num_chunks > 7


def test_rows_are_cut_into_blocks_that_are_small_in_bytes_too(tmp_path) -> None:
    text = pa.table({"page": pa.array(["x" * 100_000] * 1000)})
    mapped = read_mapped(_written(tmp_path / "rows.arrow", text, chunk_rows=1000), "shop")
    assert mapped.n_rows < BLOCK_ROWS
    assert max(chunk.nbytes for chunk in mapped.data["page"].chunks) <= BLOCK_BYTES


def test_the_rows_lie_in_a_file_and_not_in_memory(tmp_path) -> None:
    before = pa.total_allocated_bytes()
    table = pa.table({"a": np.random.default_rng(0).normal(size=2_000_000)})
    path = _written(tmp_path / "rows.arrow", table)
    del table
    mapped = read_mapped(path, "shop")
    assert mapped.data.nbytes >= 16_000_000
    assert pa.total_allocated_bytes() - before < 1_000_000


def test_a_table_without_rows_or_columns_is_told(tmp_path) -> None:
    for table in (pa.table({"a": pa.array([], pa.int64())}), pa.table({})):
        with pytest.raises(EmptyDataset, match="shop has"):
            read_mapped(_written(tmp_path / "rows.arrow", table), "shop")


def test_damaged_rows_are_told(tmp_path) -> None:
    path = tmp_path / "rows.arrow"
    path.write_bytes(b"ARROW1\0\0" + b"x" * 100)
    with pytest.raises(UnreadableFile, match="what came from shop is damaged"):
        read_mapped(path, "shop")


def test_four_times_the_rows_take_hardly_more_memory(tmp_path) -> None:
    few, many = (_bytes_for(tmp_path / str(n_rows), n_rows) for n_rows in (300_000, 1_200_000))
    assert many < 1.5 * few  # 62 and 77 MiB; 4.0 were everything in memory


def _bytes_for(folder: Path, n_rows: int) -> int:
    """Return the most that Arrow and Python held while rows were adopted, in a process of their own."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.infrastructure.data.adopted", str(n_rows), str(folder)]
    subprocess.run(command, check=True, cwd=ROOT)
    return int(subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout)
