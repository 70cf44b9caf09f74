import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.formats.arrow_bodies import read_body
from pynomaly.infrastructure.data.limits import MAX_SENT_CELLS, MAX_SENT_PIECES, MAX_SENT_ROWS

ROOT = Path(__file__).parents[4]
N = 5
TABLE = pa.table(
    {
        "number": [1.0, None, 3.0, float("inf"), 5.0],
        "word": ["x", "yy", None, "zzzz", ""],
        "whole": [1, 2, 3, 4, None],
        "yes": [True, None, False, True, True],
        "when": [datetime(2024, 1, day + 1) for day in range(N)],
        "day": [date(2024, 1, day + 1) for day in range(N)],
        "took": [timedelta(seconds=second) for second in range(N)],
        "price": [Decimal("1.25"), None, Decimal("3.50"), Decimal("4.00"), Decimal("0.01")],
        "large": pa.array(["q"] * N, pa.large_string()),
        "nothing": pa.nulls(N),
    }
)


def written(table: pa.Table, *, as_file: bool = False, rows_per_batch: int = 2, **options: object) -> bytes:
    sink = pa.BufferOutputStream()
    open_writer = pa.ipc.new_file if as_file else pa.ipc.new_stream
    with open_writer(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table, max_chunksize=rows_per_batch)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("as_file", [False, True])
def test_a_stream_and_a_file_are_read_alike(as_file: bool) -> None:
    raw = read_body(written(TABLE, as_file=as_file))
    assert raw.data.column_names == TABLE.column_names
    assert raw.data.column("whole").to_pylist() == [1, 2, 3, 4, None]
    assert raw.data.column("word").to_pylist() == ["x", "yy", None, "zzzz", None]  # blank text is missing, as in files
    assert raw.data.column("price").to_pylist() == [1.25, None, 3.5, 4.0, 0.01]


def test_numbers_stay_where_they_are_in_the_body() -> None:
    body = written(pa.table({"a": np.arange(1000.0)}), rows_per_batch=1000)
    start = pa.py_buffer(body).address
    values = read_body(body).data.column("a").chunk(0).buffers()[1]
    assert start <= values.address < start + len(body)


@pytest.mark.parametrize("codec", ["lz4", "zstd"])
@pytest.mark.parametrize("as_file", [False, True])
def test_a_compressed_body_is_refused_with_the_way_out(codec: str, as_file: bool) -> None:
    with pytest.raises(UnreadableFile, match="the body is compressed; write it with IpcWriteOptions"):
        read_body(written(TABLE, as_file=as_file, compression=codec))


@pytest.mark.parametrize(
    "cells",
    [
        pa.array(["a", "b"]).dictionary_encode(),
        pa.array([[1], [2, 3]]),
        pa.array([{"x": 1}, {"x": 2}]),
        pa.array(["a", "b"], pa.string_view()),
        pa.array([b"a", b"b"]),
        pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array(["a"])),
    ],
    ids=lambda cells: str(cells.type),
)
def test_what_stands_for_more_than_its_bytes_or_is_never_learned_from_is_refused_by_name(cells: pa.Array) -> None:
    with pytest.raises(UnreadableFile, match=r"column 'odd' holds .*; send numbers, text, booleans or times"):
        read_body(written(pa.table({"fine": [1, 2], "odd": cells})))


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"a": pa.nulls(MAX_SENT_ROWS + 1)}),
        pa.table({f"c{column}": pa.nulls(MAX_SENT_ROWS) for column in range(MAX_SENT_CELLS // MAX_SENT_ROWS + 1)}),
    ],
    ids=["rows", "cells"],
)
def test_more_rows_or_cells_than_are_scored_at_once_are_refused_though_they_take_no_bytes(table: pa.Table) -> None:
    with pytest.raises(UnreadableFile, match="upload larger tables as a dataset"):
        read_body(written(table, rows_per_batch=MAX_SENT_ROWS))


def test_as_many_rows_as_are_allowed_are_read() -> None:
    assert read_body(written(pa.table({"a": pa.nulls(MAX_SENT_ROWS)}), rows_per_batch=1000)).data.num_rows == 100_000


def test_a_body_in_too_many_pieces_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="1000 record batches"):
        read_body(written(pa.table({"a": np.zeros(MAX_SENT_PIECES + 1)}), rows_per_batch=1))


@pytest.mark.parametrize("body", [b"", b"ARROW1", b"ARROW1\0\0", b"PAR1" * 20, b"\xff" * 100, b"\0" * 64])
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableFile, match="Arrow"):
        read_body(body)


@pytest.mark.parametrize("cut", [1, 50, 0.5, -1, -9])
def test_a_body_cut_short_is_never_read_as_another_table(cut: float) -> None:
    body = written(TABLE)
    short = body[: int(len(body) * cut)] if isinstance(cut, float) else body[:cut]
    reason = ""
    try:
        n_rows = read_body(short).data.num_rows
    except UnreadableFile as error:
        reason = str(error)
    assert reason or n_rows == N  # the mark at the end may be missing


def test_a_message_that_is_no_schema_does_not_bring_the_process_down() -> None:
    """pyarrow 26 takes such a message for a schema, and crashes."""
    body = bytearray(written(TABLE))
    header_type = body.index(b"\x01", 24)  # of the first message: 1 is a schema
    for kind in (0, 2, 3, 4, 5, 99):
        body[header_type] = kind
        with pytest.raises(UnreadableFile):
            read_body(bytes(body))


MUTATIONS: tuple[Callable[[bytearray, int, random.Random], None], ...] = (
    lambda body, place, rng: body.__setitem__(place, rng.randrange(256)),
    lambda body, place, rng: body.__setitem__(place, body[place] ^ (1 << rng.randrange(8))),
    lambda body, place, rng: body.__delitem__(slice(place, place + rng.choice([1, 4, 8, 64]))),
    lambda body, place, rng: body.__setitem__(slice(place, place), rng.randbytes(rng.choice([1, 4, 8]))),
    lambda body, place, rng: body.__setitem__(
        slice(place, place + 8), rng.choice([b"\xff" * 8, b"\0" * 8, (2**40).to_bytes(8, "little")])
    ),
)


def mutated(seed: int) -> bytes:
    rng = random.Random(seed)  # noqa: S311 - mutations, not secrets
    body = bytearray(
        rng.choice([written(TABLE), written(TABLE, as_file=True), written(TABLE.select(["number", "whole"]))])
    )
    for _ in range(rng.randrange(1, 4)):
        rng.choice(MUTATIONS)(body, rng.randrange(max(len(body), 1)), rng)
    return bytes(body)


def survive(n: int) -> None:
    """Read mutated bodies and touch every cell; anything but a table and a refusal is an error."""
    n_read = 0
    for seed in range(n):
        try:
            data = read_body(mutated(seed)).data
        except UnreadableFile:
            continue
        n_read += 1
        data.validate(full=True)
        for column in data.columns:
            pc.unique(column)
    print(f"read {n_read} refused {n - n_read}")  # noqa: T201 - to the test that started this


def test_mutated_bodies_are_read_or_refused_and_never_crash() -> None:
    program = f"from {__name__} import survive; survive(400)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[1]) > 10
    assert int(done.stdout.split()[3]) > 200
