"""The compiled reader of cells: the table that Arrow's parser makes, to the bit, or nothing at all."""

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.compiled import native_steps
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats import csv_cells, csv_reader
from pynomaly.infrastructure.data.formats.csv_plan import plan_of
from pynomaly.infrastructure.data.formats.plain_cells import settled

is_compiled = pytest.mark.skipif(native_steps is None, reason="nothing is compiled here: Arrow reads every file")

NUMBERS = ["0", "7", "-3", "12345678", "0.5", "-0.25", "1e5", "2.5E-3", "-0", "-0.0", "9007199254740992", " 4", "5.0 "]
MISSING = ["", "NA", "n/a", "NaN", "-", "?", "None", "null"]
ODD = [" NA ", "  ", "1.", ".5", "+5", "007", "inf", "1_000", "9007199254740993", "1e400", "x", "0x10", "1 2", "--1"]
WORDS = ["red", "green", "", "NA", "none", "grün", "日本", "a b", " x ", "-", "2024-01-05", "007", "#1"]


def source_of(text: str | bytes) -> ByteSource:
    return ByteSource("rows.csv", content=pa.py_buffer(text.encode() if isinstance(text, str) else text))


def compiled(text: str | bytes) -> pa.Table | None:
    source = source_of(text)
    return csv_cells.read_plain_cells(source, plan_of(source))


def by_arrow(text: str | bytes) -> pa.Table:
    source = source_of(text)
    plan = plan_of(source)
    return csv_reader._parse(source, plan, block_bytes=csv_reader.FAST_BLOCK_BYTES)  # what it has to agree with


def assert_same(ours: pa.Table, theirs: pa.Table, *, has_decimal_comma: bool = False) -> None:
    """The columns, once settled: types, nulls and every bit."""
    ours, our_notes = settled(ours, has_decimal_comma=has_decimal_comma)
    theirs, their_notes = settled(theirs, has_decimal_comma=has_decimal_comma)
    assert ours.schema == theirs.schema
    assert our_notes == their_notes
    for mine, other in zip(ours.columns, theirs.columns, strict=True):
        assert mine.is_null().equals(other.is_null())
        if pa.types.is_floating(mine.type):
            mine, other = (pc.fill_null(column, 0.0).to_numpy().view(np.int64) for column in (mine, other))
            assert mine.tolist() == other.tolist()
        else:
            assert mine.to_pylist() == other.to_pylist()


def assert_read(text: str | bytes) -> None:
    found = compiled(text)
    assert found is not None
    assert_same(found, by_arrow(text), has_decimal_comma=plan_of(source_of(text)).has_decimal_comma)


@is_compiled
@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2.5\n-3,4e2\n",
        "a,b\n1,2.5\n-3,4e2",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\n\n1,2\n\n\n3,4\n",
        "a\tb\n1\t2\n 3 \t4\n",
        "a;b\n1,5;2\n-0,25;3\n",
        "a,b\n-0,-0\n1,0.5\n",
        "a,b\nNA,1\n?,2\n",
        "a,b\n NA ,1\n  ,2\n",
        "a,b\n1,x\n2,grün\n3,NA\n4,\n",
        "\ufeffa,b\n1,2\n",
        '"a","b"\n1,2\n3,4\n',
        "a,b\n0.1234567890123456789,1e-300\n5e-324,1.7976931348623157e308\n",
        "1,2\n3,4\n5,6\n",
        "sep=;\na;b\n1;2\n3;4\n",
        "word\nred\ngreen\n\nblue\n",
        "n\n1\n\n2\n",
    ],
)
def test_plain_files_are_read_as_arrow_reads_them(text: str) -> None:
    assert_read(text)


@is_compiled
@pytest.mark.parametrize(
    "cell", [".5", "1.", "+5", "007", "inf", "1_000", "9007199254740993", "1e400", "0x10", "1 2", "x"]
)
def test_other_cells_among_numbers_are_left_to_arrow(cell: str) -> None:
    rows = "a,b\n" + "1,2\n" * 30_000  # more than what the plan is learned from
    assert compiled(rows) is not None
    assert compiled(rows + f"{cell},2\n") is None


@is_compiled
@pytest.mark.parametrize("line", ["1", "1,x,3", "1,", '1,"x"', '1,x"y', "1,x\ry", "1,x\r"])
def test_other_lines_are_left_to_arrow(line: str) -> None:
    rows = "a,b\n" + "1,x\n" * 30_000
    found = compiled(rows + line)
    assert found is None or line == "1,"  # a missing word is plain


@is_compiled
def test_bytes_that_are_no_text_are_left_to_arrow() -> None:
    assert compiled(b"a,b\n" + b"1,x\n" * 30_000 + b"1,\xff\n") is None


@is_compiled
@pytest.mark.parametrize("n_threads", [1, 3])
def test_blocks_and_threads_change_nothing(n_threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_cells, "BLOCK_BYTES", 4096)
    monkeypatch.setattr(pa, "cpu_count", lambda: n_threads)
    rng = np.random.default_rng(5)
    lines = [f"{float(rng.normal())!r},{rng.choice(WORDS)},{rng.choice(['', str(place)])}" for place in range(5000)]
    text = "x,word,n\n" + "\n".join(lines)
    found = compiled(text)
    assert found is not None
    assert found.column(0).num_chunks > 10
    assert_same(found, by_arrow(text))


@is_compiled
def test_a_column_is_whole_only_where_all_blocks_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_cells, "BLOCK_BYTES", 4096)
    text = "a,b,c\n" + "1,,2\n" * 5000 + "0.5,,3\n" + "1,,4\n" * 5000
    found = compiled(text)
    assert found is not None
    assert [str(field.type) for field in found.schema] == ["double", "null", "int64"]
    assert_same(found, by_arrow(text))


@is_compiled
def test_a_line_longer_than_a_block_is_left_to_arrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_cells, "BLOCK_BYTES", 4096)
    assert compiled("a,b\n1,x\n2," + "y" * 10_000 + "\n3,z\n") is None


@is_compiled
@given(st.data())
def test_whatever_is_read_is_what_arrow_reads(data: st.DataObject) -> None:
    n_columns = data.draw(st.integers(1, 5), "columns")
    delimiter = data.draw(st.sampled_from([",", ";", "\t", "|"]), "delimiter")
    kinds = data.draw(
        st.lists(st.sampled_from(["number", "number", "word", "odd"]), min_size=n_columns, max_size=n_columns)
    )
    choices = {
        "number": st.sampled_from([*NUMBERS, *MISSING]) | st.floats(allow_nan=False, allow_infinity=False).map(repr),
        "word": st.sampled_from(WORDS),
        "odd": st.sampled_from([*NUMBERS, *MISSING, *ODD]),
    }
    row = st.tuples(*(choices[kind] for kind in kinds))
    rows = data.draw(st.lists(row, min_size=1, max_size=12), "rows")
    ending = data.draw(st.sampled_from(["\n", "\r\n"]), "ending")
    head = delimiter.join(f"column {place}" for place in range(n_columns))
    text = ending.join([head, *(delimiter.join(cells) for cells in rows)])
    source = source_of(text)
    try:
        plan = plan_of(source)
    except (EmptyDataset, UnreadableFile):
        return  # no table
    found = csv_cells.read_plain_cells(source, plan)
    if found is not None:
        assert_same(found, by_arrow(text), has_decimal_comma=plan.has_decimal_comma)


@is_compiled
def test_the_reader_refuses_arrays_that_do_not_fit() -> None:
    numbers, columns = np.empty((2, 3)), np.empty(2, np.uint8)
    ends, kept = np.empty((0, 4), np.int32), np.empty((0, 8), np.uint8)
    is_text = np.zeros(2, np.uint8)

    def read(text: bytes, **others: object) -> int:
        given = {"marks": b",.", "words": b"NA\n", "is_text": is_text, "numbers": numbers, "columns": columns}
        given |= {"ends": ends, "kept": kept, **others}
        return native_steps.read_cells(text, *given.values())

    assert read(b"1,2\n3,4\nNA,6") == 3
    assert columns.tolist() == [5, 1]
    assert read(b"1,2\n3,4\n5,6\n7,8\n") == -1  # one row more than fits
    for others in (
        {"marks": b","},
        {"columns": columns[:1]},
        {"is_text": np.ones(2, np.uint8)},
        {"is_text": is_text[:0]},
    ):
        with pytest.raises(ValueError, match="do not fit"):
            read(b"1,2\n", **others)
    with pytest.raises(TypeError):
        read(b"1,2\n", numbers=np.empty((2, 3), np.float32))


def test_without_the_extension_arrow_reads_every_file(tmp_path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    program = f"""
import sys
sys.modules["pynomaly.infrastructure.data._native"] = None
from pathlib import Path
from pynomaly.infrastructure.data.table_reader import TableReader
print(TableReader().read(Path({str(path)!r})).data.to_pylist())
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[{'a': 1, 'b': 'x'}, {'a': 2, 'b': 'y'}]"
