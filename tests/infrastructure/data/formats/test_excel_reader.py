import datetime as dt
import logging
import sys

import pyarrow as pa
import pytest

from pynomaly.domain.errors import EmptyDataset, ExtraNotInstalled, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.excel_reader import read
from pynomaly.infrastructure.data.raw_table import RawTable
from tests.infrastructure.data.formats.workbooks import Day, Rows, workbook_bytes
from tests.infrastructure.intake.workbook_bombs import workbook_with_cell

TABLE: Rows = [["site", "speed", "ok"], ["north", 1.5, True], ["south", 2.5, False], ["east", None, True]]
EXPECTED = {"site": ["north", "south", "east"], "speed": [1.5, 2.5, None], "ok": [True, False, True]}


def read_bytes(content: bytes) -> RawTable:
    return read(ByteSource("x.xlsx", content=pa.py_buffer(content)))


def read_sheets(**sheets: Rows) -> RawTable:
    return read_bytes(workbook_bytes(sheets))


def test_a_sheet_is_read_with_its_types() -> None:
    raw = read_sheets(Data=TABLE)
    assert raw.data.to_pydict() == EXPECTED
    assert raw.notes == ()


def test_the_first_sheet_with_a_table_is_chosen_and_the_others_are_named() -> None:
    raw = read_sheets(About=[["Read me"], ["More words"]], Data=TABLE, Later=TABLE)
    assert raw.data.to_pydict() == EXPECTED
    assert raw.notes[0] == "Read sheet 'Data'; not read: 'About', 'Later'."


def test_a_title_block_above_the_header_is_skipped_with_a_note() -> None:
    raw = read_sheets(Data=[["Quarterly export"], [], [], *TABLE])
    assert raw.data.to_pydict() == EXPECTED
    assert any("found in row 4" in note for note in raw.notes)


def test_a_table_that_begins_in_another_column_is_found() -> None:
    assert read_sheets(Data=[[None, *row] for row in TABLE]).data.to_pydict() == EXPECTED


def test_blank_rows_are_skipped_with_a_note() -> None:
    raw = read_sheets(Data=[*TABLE[:2], [], *TABLE[2:]])
    assert raw.data.to_pydict() == EXPECTED
    assert any("1 blank row(s)" in note for note in raw.notes)


def test_dates_stay_dates() -> None:
    raw = read_sheets(Data=[["day", "x"], [Day(45000), 1], [Day(45001), 2]])
    first = raw.data.column("day")[0].as_py()
    assert (first.date() if isinstance(first, dt.datetime) else first) == dt.date(2023, 3, 15)


def test_numbers_among_words_for_missing_are_numbers() -> None:
    raw = read_sheets(Data=[["x", "y"], [1.5, 1], ["N/A", 2], [2.5, 3]])
    assert raw.data.column("x").to_pylist() == [1.5, None, 2.5]


def test_numbers_among_other_words_are_text() -> None:
    raw = read_sheets(Data=[["x", "y"], [1.5, 1], ["many", 2]])
    assert raw.data.column("x").to_pylist() == ["1.5", "many"]


def test_a_sheet_without_header_gets_numbered_columns() -> None:
    raw = read_sheets(Data=[[1, 2.5], [2, 3.5], [7, 8.5]])
    assert raw.data.to_pydict() == {"column_1": [1, 2, 7], "column_2": [2.5, 3.5, 8.5]}


def test_repeated_and_empty_names_are_made_unique() -> None:
    assert read_sheets(Data=[["a", "a", None, "b"], [1, 2, 3, 4], [5, 6, 7, 8]]).data.column_names == [
        "a",
        "a_2",
        "column_3",
        "b",
    ]


@pytest.mark.parametrize("rows", [[], [["a", "b"]]])
def test_a_workbook_without_rows_is_empty(rows: Rows) -> None:
    with pytest.raises(EmptyDataset):
        read_sheets(Data=rows)


def test_a_damaged_workbook_is_refused() -> None:
    content = bytearray(workbook_bytes({"Data": TABLE}))
    with pytest.raises(UnreadableFile, match=r"x\.xlsx"):
        read_bytes(bytes(content[:200]))


def test_an_ole_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="password"):
        read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)


def test_without_its_package_the_reader_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(ExtraNotInstalled, match=r"pip install 'pynomaly-platform\[excel\]'"):
        read_sheets(Data=TABLE)


def test_whole_numbers_are_integers() -> None:
    raw = read_sheets(Data=[["id", "x"], [1001, 1], [1002, 2.5]])
    assert raw.data.schema.types == [pa.int64(), pa.float64()]


def test_a_column_with_nothing_in_it_is_no_reason_to_write_to_standard_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # as in a process where nobody set up logging
    read_sheets(Data=[["a", "empty", "b"], [1.0, None, 2.0], [2.0, None, 3.0]])
    assert capsys.readouterr().err == ""


def test_a_parser_that_gives_up_in_its_own_way_makes_an_unreadable_file(capfd: pytest.CaptureFixture[str]) -> None:
    content = workbook_with_cell(workbook_bytes({"Data": TABLE}), "r" + " " * 99 + "='ZZZZZZ4294967295'")
    with pytest.raises(UnreadableFile, match="capacity overflow"):  # a panic of Rust, which is no Exception
        read_bytes(content)
    capfd.readouterr()
