import pytest

from pynomaly.infrastructure.data.formats.csv_dialect import (
    NO_DELIMITER,
    Dialect,
    declared_delimiter,
    dialect_of,
    has_decimal_comma,
    parsed,
    sampled,
)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n0,5;1,5\n2;3,5\n", ";"),
        ("0,5;1,5\n2,5;3,5\n", ";"),
        ("a\tb\n1,5\t2\n", "\t"),
        ("a|b\nx, y|2\n", "|"),
        ('a,"semi;colon"\n1,2\n', ","),
        ('text,n\n"a;b;c",1\n"d;e;f",2\n', ","),
        ("# a; b; c\nx,y\n1,2\n", ","),
        ("x\n1.5\n", ","),
        ("say\nhello, you\nand, then; well\nso|what\t!\n", NO_DELIMITER),
    ],
)
def test_the_delimiter_that_cuts_every_line_alike_is_found(text: str, delimiter: str) -> None:
    assert dialect_of(text, is_complete=True).delimiter == delimiter


def test_records_know_the_line_they_begin_on() -> None:
    text = ["a,b\n", '"x\n', 'y",1\n', "\n", "z,2\n"]
    assert [(record.line, record.cells) for record in parsed(text, Dialect(","))] == [
        (1, ["a", "b"]),
        (2, ["x\ny", "1"]),
        (4, []),
        (5, ["z", "2"]),
    ]


def test_a_record_that_the_sample_may_cut_is_left_out() -> None:
    assert len(sampled("a,b\n1,2\n3,", Dialect(","), is_complete=False)) == 2
    assert len(sampled("a,b\n1,2\n3,4", Dialect(","), is_complete=True)) == 3


@pytest.mark.parametrize(
    ("cells", "expected"),
    [(["0,5", "1"], True), (["1,234", "5,678"], False), (["0.5", "1.5"], False), (["x", "y"], False)],
)
def test_a_decimal_comma_is_told_from_thousands(cells: list[str], *, expected: bool) -> None:
    assert has_decimal_comma([cells], ";") is expected


@pytest.mark.parametrize(
    "text",
    [
        "  1.0   2.5\n -3.0  10.25\n 12.5   0.5\n",
        "height  weight\n   1.8    80.5\n   1.7    77.0\n",
        "5.1 3.5 setosa\n4.9 3.0 setosa\n7.0 3.2 versicolor\n",
    ],
)
def test_numbers_in_columns_of_blanks_are_cut_at_any_number_of_blanks(text: str) -> None:
    dialect = dialect_of(text, is_complete=True)
    assert dialect == Dialect(" ", skips_blanks=True)
    assert len({len(record.cells) for record in parsed(text.splitlines(keepends=True), dialect)}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "name\nAda Lovelace\nAlan Turing\n",
        "Ada Lovelace\nAlan Turing\n",
        "net amount\n1 234\n5 678\n",
        "paid at\n2024-01-31 10:00\n2024-02-01 11:00\n",
        "share\n5 %\n7 %\n",
    ],
)
def test_blanks_inside_the_cells_of_one_column_cut_nothing(text: str) -> None:
    assert dialect_of(text, is_complete=True).delimiter != " "


def test_the_delimiter_a_spreadsheet_declares_is_taken_even_where_another_would_fit() -> None:
    assert dialect_of("sep=;\na,b;c,d\n1,2;3,4\n", is_complete=True).delimiter == ";"
    assert declared_delimiter('"sep=\t"\r\na\tb\r\n') == "\t"
    assert declared_delimiter("sep=x\n") is None
