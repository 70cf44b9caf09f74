import time

import pyarrow as pa
import pytest

from pynomaly.infrastructure.data.formats.plain_cells import MISSING_WORDS, is_number, settled, spellings


def settle(*cells: str | None) -> tuple[list[object], list[str]]:
    table, notes = settled(pa.table({"x": pa.array(cells, pa.string())}))
    return table.column("x").to_pylist(), notes


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-2", "+3"], [1, -2, 3]),
        (["1.5", ".5", "5.", "1e3", "-2E-2"], [1.5, 0.5, 5.0, 1000.0, -0.02]),
        (["inf", "-Infinity", "1"], [float("inf"), float("-inf"), 1.0]),
        ([" 1.5 ", "2"], [1.5, 2.0]),
        (["1", "NA", None, "2"], [1, None, None, 2]),
        (["0", "10"], [0, 10]),
        (["1e400", "1"], [float("inf"), 1.0]),
    ],
)
def test_plain_numbers_become_numbers(cells: list[str | None], expected: list[object]) -> None:
    assert settle(*cells) == (expected, [])


@pytest.mark.parametrize(
    "cells", [["007", "008"], ["1", "x"], ["1,234", "5,678"], ["5 %", "6 %"], ["1_0", "2"], ["$1", "2"], ["1.2.3"]]
)
def test_anything_doubtful_stays_text(cells: list[str]) -> None:
    assert settle(*cells) == (list(cells), [])


def test_decimal_commas_become_numbers_with_a_note() -> None:
    values, notes = settle("1,5", "-2", "0,125")
    assert values == [1.5, -2.0, 0.125]
    assert notes == ["Column 'x' is written with a decimal comma."]


def test_whole_numbers_beyond_64_bits_stay_text_with_a_note() -> None:
    values, notes = settle("9223372036854775808", "1")
    assert values == ["9223372036854775808", "1"]
    assert "beyond 64 bits" in notes[0]


def test_large_measurements_with_fractions_are_numbers() -> None:
    assert settle("100000000000000000000", "0.5") == ([1e20, 0.5], [])


def test_cells_of_text_keep_their_blanks_and_case() -> None:
    assert settle(" North", "SOUTH ", "?")[0] == [" North", "SOUTH ", None]


def test_a_column_of_missing_words_is_all_null() -> None:
    assert settle(*sorted(MISSING_WORDS))[0] == [None] * len(MISSING_WORDS)


def test_every_spelling_means_missing_to_both_roads() -> None:
    assert settle(*spellings(MISSING_WORDS))[0] == [None] * len(spellings(MISSING_WORDS))


@pytest.mark.parametrize(
    ("cell", "expected"), [("1,5", True), ("1.5", True), ("", False), ("x1", False), ("NaN", False), ("-inf", True)]
)
def test_numbers_are_recognised(cell: str, *, expected: bool) -> None:
    assert is_number(cell) is expected


def test_points_among_decimal_commas_may_mean_thousands_and_stay_text() -> None:
    table, notes = settled(pa.table({"x": ["1.234", "5.678"], "y": ["1", "2"]}), has_decimal_comma=True)
    assert table.to_pydict() == {"x": ["1.234", "5.678"], "y": [1, 2]}
    assert "kept as text" in notes[0]


def test_a_long_row_of_digits_that_is_no_number_is_seen_at_once() -> None:
    began = time.process_time()
    assert not is_number("1" * 120_000 + "x")
    assert time.process_time() - began < 1.0  # trying every way to split the digits would take minutes
