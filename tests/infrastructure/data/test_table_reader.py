import gzip
import io
import json
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import EmptyDataset, InvalidData, PynomalyError, UnreadableFile
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.table_reader import TableReader
from tests.infrastructure.data.formats.workbooks import workbook_bytes

ROWS = [{"speed": i / 4, "site": ["north", "south"][i % 2], "count": i} for i in range(40)]
TABLE = pa.Table.from_pylist(ROWS)


def csv_bytes() -> bytes:
    sink = io.BytesIO()
    pyarrow.csv.write_csv(TABLE, sink)
    return sink.getvalue()


def parquet_bytes() -> bytes:
    sink = io.BytesIO()
    pq.write_table(TABLE, sink)
    return sink.getvalue()


def feather_bytes() -> bytes:
    sink = io.BytesIO()
    pyarrow.feather.write_feather(TABLE, sink)
    return sink.getvalue()


def stream_bytes() -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return sink.getvalue()


def json_bytes() -> bytes:
    return "\n".join(json.dumps(row) for row in ROWS).encode()


def excel_bytes() -> bytes:
    return workbook_bytes({"Data": [list(ROWS[0]), *(list(row.values()) for row in ROWS)]})


FILES = {
    "x.csv": csv_bytes(),
    "x.tsv": csv_bytes().replace(b",", b"\t"),
    "x.utf16.csv": csv_bytes().decode().encode("utf-16"),
    "x.csv.gz": gzip.compress(csv_bytes(), mtime=0),
    "x.csv.zst": pa.compress(csv_bytes(), "zstd", asbytes=True),
    "x.parquet": parquet_bytes(),
    "x.feather": feather_bytes(),
    "x.arrows": stream_bytes(),
    "x.jsonl": json_bytes(),
    "x.json": json.dumps(ROWS, indent=1).encode(),
    "x.xlsx": excel_bytes(),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_table(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    table = TableReader().read(str(tmp_path / name))
    assert table.data.to_pydict() == TABLE.to_pydict()
    assert table.notes == ()


@pytest.mark.parametrize("name", FILES)
def test_standard_input_is_recognised_by_its_bytes(name: str) -> None:
    table = TableReader(stdin=lambda: io.BytesIO(FILES[name])).read("-")
    assert table.data.to_pydict() == TABLE.to_pydict()


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.jsonl"])
def test_a_wrong_suffix_does_not_matter_but_is_mentioned(tmp_path: Path, name: str) -> None:
    path = tmp_path / "wrong.parquet"
    path.write_bytes(FILES[name])
    table = TableReader().read(path)
    assert table.data.to_pydict() == TABLE.to_pydict()
    assert "named like Parquet" in table.notes[0]


def test_objects_in_memory_are_read_too() -> None:
    assert TableReader().read(TABLE).n_rows == 40
    assert TableReader().read(np.zeros((3, 2))).n_rows == 3


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"[]", gzip.compress(b"", mtime=0), b"# nothing\n"])
def test_a_source_without_rows_is_an_empty_dataset(content: bytes) -> None:
    with pytest.raises(EmptyDataset):
        TableReader(stdin=lambda: io.BytesIO(content)).read("-")


def test_a_table_without_rows_or_columns_is_an_empty_dataset() -> None:
    for empty in (TABLE.slice(0, 0), pa.table({}), np.zeros((0, 3)), np.zeros((3, 0))):
        with pytest.raises(EmptyDataset):
            TableReader().read(empty)


def test_an_address_is_not_a_file() -> None:
    with pytest.raises(UnreadableFile, match="download it first"):
        TableReader().read("https://example.org/x.csv")


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(InvalidData, match="10001 columns"):
        TableReader().read(np.zeros((1, 10_001)))


MUTATIONS = st.sampled_from(["cut", "flip", "nul", "no quotes", "delimiter", "encoding", "repeat", "swap", "insert"])


def mutated(content: bytes, how: str, at: float, byte: int) -> bytes:
    """Damage a file in one of the ways files are damaged."""
    place = int(at * len(content))
    changed = {
        "cut": content[:place],
        "flip": content[:place] + bytes([byte]) + content[place + 1 :],
        "nul": content[:place] + b"\0" * (1 + byte % 3) + content[place:],
        "no quotes": content.replace(b'"', b"", 1 + byte % 5),
        "delimiter": content.replace(b",", [b";", b"\t", b"|", b"", b",,"][byte % 5], 1 + byte),
        "encoding": content[:place]
        + "é\u4e00".encode(["cp1252", "utf-16", "utf-8"][byte % 3], "replace")
        + content[place:],
        "repeat": content[:place] + content[place // 2 :],
        "swap": content[place:] + content[:place],
        "insert": content[:place]
        + [b'"', b"\n", b"\r", b'""', b"#", b"\xff\xfe", b"1e999", b"{"][byte % 8]
        + content[place:],
    }
    return changed[how]


def read_or_error(content: bytes) -> ArrowTable | PynomalyError:
    """Return the table or the one sort of error that is allowed; any other fails the test."""
    try:
        return TableReader(stdin=lambda: io.BytesIO(content)).read("-")
    except PynomalyError as error:
        return error


@settings(derandomize=True, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(FILES)),
    damage=st.lists(st.tuples(MUTATIONS, st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4),
)
@example(name="x.csv", damage=[("insert", 0.5, 0)])
@example(name="x.parquet", damage=[("cut", 0.9, 0)])
def test_a_damaged_file_gives_a_table_or_one_clear_error(name: str, damage: list[tuple[str, float, int]]) -> None:
    content = FILES[name]
    for how, at, byte in damage:
        content = mutated(content, how, at, byte)
    outcome = read_or_error(content)
    if isinstance(outcome, PynomalyError):
        assert "\n" not in str(outcome)
        assert 10 < len(str(outcome)) < 600
    else:
        assert outcome.n_rows > 0
        assert len(set(outcome.data.column_names)) == outcome.data.num_columns
        outcome.data.validate(full=True)
        outcome.data.to_pylist()


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet='ab1.,;"\n\r\t #-\0é', max_size=60))
def test_any_short_text_gives_a_table_or_one_clear_error(text: str) -> None:
    outcome = read_or_error(text.encode())
    assert str(outcome) if isinstance(outcome, PynomalyError) else outcome.n_rows > 0


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("orders.csv", "orders.csv"),
        ("C:\\Users\\me\\orders.csv", "orders.csv"),
        ("../../etc/orders.csv", "orders.csv"),
        ("or\x1b[31mders\n\u202e.csv\ud800", "or[31mders.csv"),
        ("", "spool"),
        ("dir/", "spool"),
    ],
)
def test_messages_call_a_file_what_people_call_it(tmp_path: Path, said: str, shown: str) -> None:
    (tmp_path / "spool").write_bytes(b"a,b\n")
    with pytest.raises(EmptyDataset, match=f"^'{re.escape(shown)}' has column names"):
        TableReader(file_name=said).read(tmp_path / "spool")
    (tmp_path / "spool").write_bytes(b"")
    with pytest.raises(EmptyDataset, match=f"^'{re.escape(shown)}' is empty"):
        TableReader(file_name=said).read(tmp_path / "spool")
