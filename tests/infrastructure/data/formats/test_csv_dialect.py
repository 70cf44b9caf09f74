import pytest

from pynomaly.infrastructure.data.formats.csv_dialect import (
    NO_DELIMITER,
    Dialect,
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
