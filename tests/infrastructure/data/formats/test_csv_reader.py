import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import file_source
from pynomaly.infrastructure.data.formats.csv_reader import read
from pynomaly.infrastructure.data.raw_table import RawTable


def read_text(folder: Path, text: str | bytes, name: str = "data.csv") -> RawTable:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file_source(path))


def columns(raw: RawTable) -> dict[str, list[object]]:
    return raw.data.to_pydict()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_ending_gives_the_same_table(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = ["speed,site,count", "1.5,north,3", "2.25,south,4", "-3,east,5"]
    raw = read_text(tmp_path, line_end.join(rows).replace(",", delimiter))
    assert columns(raw) == {"speed": [1.5, 2.25, -3.0], "site": ["north", "south", "east"], "count": [3, 4, 5]}
    assert raw.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_every_unicode_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    text = "grün,größe\nÄpfel,1.5\nПривет,2.5\n"
    if encoding in ("utf-16-le", "utf-16-be"):
        text = "green,size\n" + "apples,1.5\n" * 20
    raw = read_text(tmp_path, text.encode(encoding))
    assert raw.data.num_columns == 2
    assert raw.data.column(1).type == pa.float64()
    assert raw.data.column_names == text.splitlines()[0].split(",")


def test_windows_text_is_read_with_a_note(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "région,prix\nRhône,10\nForêt “vieille”,20\n".encode("cp1252"))
    assert columns(raw) == {"région": ["Rhône", "Forêt “vieille”"], "prix": [10, 20]}
    assert "Windows-1252" in raw.notes[0]


def test_a_letter_that_is_not_utf8_far_behind_the_beginning_is_still_read(tmp_path: Path) -> None:
    lines = b"name,value\n" + b"plain,1.5\n" * 200_000 + b"Rh\xf4ne,2.5\n"
    raw = read_text(tmp_path, lines)
    assert raw.data.column("name")[-1].as_py() == "Rhône"
    assert any("not UTF-8" in note for note in raw.notes)


def test_a_date_far_behind_numbers_does_not_disturb_the_type_of_text(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "when,x\n" + ",1\n" * 400 + "2024-05-01,2\n2024-05-02 10:00:00,3\n")
    assert raw.data.schema.field("when").type == pa.string()
    assert raw.data.column("when").to_pylist()[-2:] == ["2024-05-01", "2024-05-02 10:00:00"]


def test_dates_times_and_booleans_stay_text(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "day,clock,ok\n2024-01-01,10:00:00,true\n2024-01-02,11:00:00,false\n")
    assert {str(field.type) for field in raw.data.schema} == {"string"}


def test_decimal_commas_become_numbers_with_a_note(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "a;b;c\n0,5;1;x\n1,25;2;y\n-3,0;3;z\n")
    assert columns(raw) == {"a": [0.5, 1.25, -3.0], "b": [1, 2, 3], "c": ["x", "y", "z"]}
    assert any("decimal comma" in note for note in raw.notes)


def test_quoted_decimal_commas_become_numbers_too(tmp_path: Path) -> None:
    raw = read_text(tmp_path, 'a,b\n"0,5",1\n"1,25",2\n')
    assert columns(raw)["a"] == [0.5, 1.25]
    assert any("decimal comma" in note for note in raw.notes)


def test_thousands_separators_are_not_taken_for_decimal_commas(tmp_path: Path) -> None:
    raw = read_text(tmp_path, 'a,b\n"1,250",1\n"3,999",2\n')
    assert columns(raw)["a"] == ["1,250", "3,999"]


def test_quotes_hold_delimiters_line_breaks_and_quotes(tmp_path: Path) -> None:
    raw = read_text(tmp_path, 'text\tx\n"one\nline ""two""\t."\t1\nplain\t2\n', "data.tsv")
    assert columns(raw) == {"text": ['one\nline "two"\t.', "plain"], "x": [1, 2]}


def test_quotes_after_a_blank_still_quote(tmp_path: Path) -> None:
    raw = read_text(tmp_path, 'name, place, x\nann, "Paris, France", 1\nbob, "Rome, Italy", 2\n')
    assert columns(raw) == {"name": ["ann", "bob"], "place": ["Paris, France", "Rome, Italy"], "x": [1, 2]}


def test_words_that_mean_missing_become_nulls_in_any_case(tmp_path: Path) -> None:
    words = ["NA", "n/a", "NaN", "NULL", "null", "None", "?", "-", "--", "#N/A", "Missing", "", " NA ", "nAn"]
    raw = read_text(tmp_path, "word,x,name\n" + "".join(f"{word},{word},ok\n" for word in words) + "yes,1.5,ok\n")
    assert columns(raw)["word"] == [None] * len(words) + ["yes"]
    assert columns(raw)["x"] == [None] * len(words) + [1.5]


def test_the_word_none_is_an_answer_and_not_missing(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "guarantor,x\nnone,1\nbank,2\n")
    assert columns(raw)["guarantor"] == ["none", "bank"]


def test_infinities_are_numbers(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "x,y\ninf,1\n-Infinity,2\n1.5,3\n")
    assert columns(raw)["x"] == [float("inf"), float("-inf"), 1.5]


def test_whole_numbers_beyond_64_bits_stay_exact_as_text(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "id,top\n100000000000000000001,9223372036854775807\n100000000000000000002,1\n")
    assert columns(raw) == {"id": ["100000000000000000001", "100000000000000000002"], "top": [9223372036854775807, 1]}
    assert any("beyond 64 bits" in note for note in raw.notes)


def test_leading_zeros_are_kept(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "zip,x\n01234,1\n99999,2\n")
    assert columns(raw)["zip"] == ["01234", "99999"]


def test_a_file_without_header_gets_numbered_columns(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "2,1,5.5,?\n1,9,3.5,4\n2,2,1.5,7\n")
    assert columns(raw) == {
        "column_1": [2, 1, 2],
        "column_2": [1, 9, 2],
        "column_3": [5.5, 3.5, 1.5],
        "column_4": [None, 4, 7],
    }
    assert any("no header" in note for note in raw.notes)


def test_column_names_that_count_up_are_a_header(tmp_path: Path) -> None:
    assert read_text(tmp_path, "0,1,2\n5.5,1.5,2.5\n6.5,3.5,9.5\n").data.column_names == ["0", "1", "2"]


def test_comments_titles_units_and_a_trailing_comment_are_skipped_with_notes(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "# probe 3\n# site: south\n\nt,p,q\ns,bar,-\n1,2.5,3\n2,3.5,4\n# end\n")
    assert columns(raw) == {"t": [1, 2], "p": [2.5, 3.5], "q": [3, 4]}
    assert any("units" in note for note in raw.notes)
    assert any("Comment line(s) 8" in note for note in raw.notes)


def test_a_title_above_the_header_is_skipped_with_a_note(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "Quarterly export\n\na,b,c\n1,2,3\n4,5,6\n")
    assert columns(raw) == {"a": [1, 4], "b": [2, 5], "c": [3, 6]}
    assert any("above the table" in note for note in raw.notes)


def test_a_trailing_comment_in_a_single_column_is_no_row(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "x\n" + "1.5\n" * 2000 + "# end of file\n")
    assert raw.data.column("x").type == pa.float64()
    assert raw.data.num_rows == 2000


def test_a_single_column_needs_no_delimiter(tmp_path: Path) -> None:
    assert columns(read_text(tmp_path, "x\n1.5\n2.5\n")) == {"x": [1.5, 2.5]}


def test_duplicate_and_empty_names_are_made_unique(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "a,a,b, ,c \n1,2,3,4,5\n")
    assert raw.data.column_names == ["a", "a_2", "b", "column_4", "c"]
    assert len(raw.notes) == 2


def test_names_that_only_look_alike_are_kept_apart(tmp_path: Path) -> None:
    names = ["na\u00efve", "nai\u0308ve", "col\u200bx", "colx"]
    assert read_text(tmp_path, ",".join(names) + "\n1,2,3,4\n").data.column_names == names


def test_ragged_lines_become_empty_rows_and_are_named(tmp_path: Path) -> None:
    lines = ["a,b,c"] + ["1,2,3"] * 50
    lines[10] = "1,2,3,4"
    lines[20] = "1,2"
    lines[30] = ""
    raw = read_text(tmp_path, "\n".join(lines))
    assert raw.data.num_rows == 49
    assert raw.data.slice(9, 1).to_pylist() == [{"a": None, "b": None, "c": None}]
    assert raw.data.slice(19, 1).to_pylist() == [{"a": None, "b": None, "c": None}]
    assert raw.data.column("a").null_count == 2
    assert any("11, 21" in note and "3 fields" in note for note in raw.notes)
    assert any("Blank line(s) 31" in note for note in raw.notes)


def test_a_ragged_line_far_behind_the_sample_is_found_as_well(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "a,b,c\n" + "1,2,3\n" * 5000 + "1,2\n" + "1,2,3\n" * 10)
    assert raw.data.num_rows == 5011
    assert any("5002" in note for note in raw.notes)


def test_many_ragged_lines_are_refused_by_number(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"too many or too few fields \(lines 2, 4, 6"):
        read_text(tmp_path, "a,b,c\n" + "1,2\n1,2,3\n" * 40 + "1,2,3\n" * 9)


def test_a_header_that_does_not_fit_the_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="names 2 columns but most lines have 3"):
        read_text(tmp_path, "a,b\n" + "x1,2,3\n" * 20)


def test_rows_that_all_end_with_the_delimiter_have_an_extra_empty_column(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "a,b\n1,2,\n3,4,\n")
    assert columns(raw) == {"a": [1, 3], "b": [2, 4], "column_3": [None, None]}


@pytest.mark.parametrize("text", ['a,b\n1,x\n2,"never closed\n3,y\n4,z\n', "a,b\n" + "1,x\n" * 9000 + '2,"open\n3,y\n'])
def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableFile, match="quot"):
        read_text(tmp_path, text)


@pytest.mark.parametrize("text", ["# only\n# remarks\n", "\n\n\n", "   \n"])
def test_a_file_without_a_table_is_empty(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptyDataset):
        read_text(tmp_path, text)


@pytest.mark.parametrize("text", ["a,b,c", "a,b,c\n", "# remark\na,b,c\n\n"])
def test_a_header_alone_is_empty(tmp_path: Path, text: str) -> None:
    with pytest.raises(EmptyDataset, match="column names but no rows"):
        read_text(tmp_path, text)


def test_more_columns_than_the_bound_are_refused_from_the_first_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="10001 columns"):
        read_text(tmp_path, ",".join(["x"] * 10_001) + "\n")


def test_a_first_line_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="begins with a line"):
        read_text(tmp_path, "x" * (1024**2 + 10))


def test_binary_bytes_are_refused_as_no_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="neither text"):
        read_text(tmp_path, bytes(range(256)) * 20)


def test_hostile_cells_come_through_untouched(tmp_path: Path) -> None:
    cells = ["=1+1", "<b>x</b>", "'; DROP TABLE x; --", "../../x", "@SUM(A1)"]
    raw = read_text(tmp_path, "note,x\n" + "".join(f'"{cell}",1\n' for cell in cells))
    assert columns(raw)["note"] == cells


def test_fast_and_careful_road_agree(tmp_path: Path) -> None:
    rows = "".join(f"{i},{i / 7},word {i},\n" for i in range(500))
    fast = read_text(tmp_path, "a,b,c,d\n" + rows, "fast.csv")
    careful = read_text(tmp_path, "a,b,c,d\n" + rows + "# a remark\n", "careful.csv")
    assert fast.data.equals(careful.data)


def test_gzip_is_no_business_of_this_reader(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_text(tmp_path, gzip.compress(b"a,b\n1,2\n" * 1000))


def test_a_quote_that_swallows_lines_up_to_the_next_quote_is_refused(tmp_path: Path) -> None:
    lines = ["n,text", *(f"{i},plain" for i in range(40))]
    lines[10] = '10,"open'
    lines[15] = '15,"quoted"'
    with pytest.raises(UnreadableFile, match="record after line 10 has broken quoting"):
        read_text(tmp_path, "\n".join(lines))


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="quote never closed"):
        read_text(tmp_path, 'a,b\n1,"' + "x\n" * 100_000)


def test_a_line_that_declares_the_delimiter_is_no_row_and_no_header(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "sep=;\r\nspeed;site\r\n1,5;north\r\n2,5;south\r\n")
    assert columns(raw) == {"speed": [1.5, 2.5], "site": ["north", "south"]}


def test_a_table_between_blanks_gives_columns(tmp_path: Path) -> None:
    raw = read_text(tmp_path, "speed  count\n  1.5      3 \n 12.25   44\n  -3.0     5\n")
    assert columns(raw) == {"speed": [1.5, 12.25, -3.0], "count": [3, 44, 5]}
