import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import file_source
from pynomaly.infrastructure.data.formats.json_lines_reader import read
from pynomaly.infrastructure.data.raw_table import RawTable


def read_text(folder: Path, text: str | bytes) -> RawTable:
    (folder / "x.jsonl").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file_source(folder / "x.jsonl"))


def read_rows(folder: Path, *rows: dict[str, Any]) -> RawTable:
    return read_text(folder, "\n".join(json.dumps(row) for row in rows))


def test_missing_keys_and_nulls_are_nulls(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"a": 1}, {"b": "x", "a": None}, {"c": True})
    assert raw.data.to_pydict() == {"a": [1, None, None], "b": [None, "x", None], "c": [None, None, True]}


def test_an_array_of_objects_is_read_like_lines(tmp_path: Path) -> None:
    text = '\n [\n {"a": 1},\n {"a": 2.5}\n]\n'
    assert read_text(tmp_path, text).data.to_pydict() == {"a": [1.0, 2.5]}


def test_numbers_sometimes_written_as_text_become_numbers_with_a_note(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"a": 1}, {"a": "22"}, {"a": "NA"})
    assert raw.data.to_pydict() == {"a": [1, 22, None]}
    assert "'a' mixes types" in raw.notes[0]


def test_values_of_several_types_become_text(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"a": 1}, {"a": "x"}, {"a": True}, {"a": {"b": 1}})
    assert raw.data.to_pydict() == {"a": ["1", "x", "true", '{"b": 1}']}


def test_nested_objects_stay_one_column(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"a": 1, "m": {"s": "p", "t": ["x", "y"]}}, {"a": 2})
    assert raw.data.column_names == ["a", "m"]
    assert pa.types.is_struct(raw.data.schema.field("m").type)


def test_nested_objects_without_a_common_shape_are_kept_as_text(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"m": {"s": 1}}, {"m": [1]}, {"m": {"s": "x"}})
    assert raw.data.column("m").to_pylist() == ['{"s": 1}', "[1]", '{"s": "x"}']


def test_whole_numbers_beyond_64_bits_stay_exact_as_text(tmp_path: Path) -> None:
    raw = read_rows(tmp_path, {"id": 10**30}, {"id": 5})
    assert raw.data.column("id").to_pylist() == [str(10**30), "5"]
    assert any("beyond 64 bits" in note for note in raw.notes)


def test_infinity_is_a_number(tmp_path: Path) -> None:
    assert read_text(tmp_path, '{"a": Infinity}\n{"a": 1}').data.to_pydict() == {"a": [float("inf"), 1.0]}


def test_half_characters_are_replaced(tmp_path: Path) -> None:
    raw = read_text(tmp_path, '{"a\\ud800": "x\\udfff"}\n')
    assert raw.data.to_pydict() == {"a?": ["x?"]}


def test_a_byte_order_mark_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    assert read_text(tmp_path, '\ufeff{"a": 1}\n\n{"a": 2}\n').data.to_pydict() == {"a": [1, 2]}


def test_utf16_is_read(tmp_path: Path) -> None:
    assert read_text(tmp_path, '{"a": "ü"}\n'.encode("utf-16")).data.to_pydict() == {"a": ["ü"]}


@pytest.mark.parametrize("bad", ['{"a": 1', "[1, 2]", "5", "oops", '{"a": ' + "9" * 5000 + "}", "[" * 100_000])
def test_a_line_that_is_no_object_is_refused_by_number(tmp_path: Path, bad: str) -> None:
    with pytest.raises(UnreadableFile, match=r"[Ll]ine 3 "):
        read_text(tmp_path, '{"a": 1}\n{"a": 2}\n' + bad + "\n")


@pytest.mark.parametrize("bad", ['[{"a": 1}', "[1, 2]", '[{"a": 1}, 2]'])
def test_an_array_that_is_broken_or_holds_no_objects_is_refused(tmp_path: Path, bad: str) -> None:
    with pytest.raises(UnreadableFile):
        read_text(tmp_path, bad)


def test_line_numbers_count_blank_lines_at_the_beginning(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="line 4 "):
        read_text(tmp_path, '\n\n{"a": 1}\noops\n')


def test_too_many_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="10001 keys"):
        read_rows(tmp_path, {f"k{i}": i for i in range(10_001)})


def test_more_cells_than_can_be_held_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="30000 rows and 9000 keys, more than 250000000 cells"):
        read_text(tmp_path, "\n".join(f'{{"k{i % 9000}":1}}' for i in range(30_000)))


def test_what_nests_deeper_than_files_can_hold_becomes_text(tmp_path: Path) -> None:
    raw = read_text(tmp_path, '{"a":' + "[" * 100 + "]" * 100 + "}")
    assert raw.data.column("a").to_pylist() == ["[" * 100 + "]" * 100]
    assert "deeply nested" in raw.notes[0]
