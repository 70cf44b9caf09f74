import csv
import io
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.storage.text_results import write_csv, write_json_lines

_texts = st.lists(st.none() | st.text(st.characters(codec="utf-8")), min_size=1, max_size=5)


def _json_lines(data: pa.Table) -> list[dict[str, object]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "result.jsonl"
        write_json_lines(data, path)
        return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def _csv_cells(data: pa.Table) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "result.csv"
        write_csv(data, path)
        return list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))


@given(_texts)
def test_any_text_survives_json_lines(texts: list[str | None]) -> None:
    assert _json_lines(pa.table({"text": pa.array(texts, pa.string())})) == [{"text": text} for text in texts]


@given(_texts)
def test_any_text_survives_csv_but_for_the_apostrophe(texts: list[str | None]) -> None:
    table = pa.table({"number": range(len(texts)), "text": pa.array(texts, pa.string())})
    _, *lines = _csv_cells(table)
    for (_, found), text in zip(lines, texts, strict=True):
        expected = text or ""
        assert found == (f"'{expected}" if expected[:1] in tuple("=+-@\t\r\0") else expected)


@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_any_number_survives_json_lines_as_a_number_with_a_point(numbers: list[float]) -> None:
    for found, number in zip(_json_lines(pa.table({"x": pa.array(numbers, pa.float64())})), numbers, strict=True):
        if math.isfinite(number):
            assert isinstance(found["x"], float)
            assert found["x"].hex() == number.hex()
        else:
            assert found["x"] is None


def test_names_are_escaped() -> None:
    assert _json_lines(pa.table({'a"b\n': [1], "☂": [True]})) == [{'a"b\n': 1, "☂": True}]


def test_other_values_are_written_as_people_expect() -> None:
    values = {
        "time": [datetime(2024, 1, 2, tzinfo=UTC)],
        "span": [timedelta(minutes=1)],
        "bytes": [b"\x00\xff"],
        "list": [[1, None]],
        "struct": [{"a": math.inf, "b": b"x"}],
    }
    table = pa.table(values)
    expected = {
        "time": "2024-01-02T00:00:00+00:00",
        "span": 60.0,
        "bytes": "00ff",
        "list": [1, None],
        "struct": {"a": None, "b": "78"},
    }
    assert _json_lines(table) == [expected]
    assert _csv_cells(table)[1] == [
        "2024-01-02T00:00:00+00:00",
        "60.0",
        "00ff",
        "[1, null]",
        '{"a": null, "b": "78"}',
    ]
