from datetime import datetime

from pynomaly.domain.histogram import NumberBins, TimeBins, TopValues
from pynomaly.presentation.web.column_shapes import LEAST_BAR, bars_of, spread_in_words

NUMBERS = NumberBins((0.0, 5.0, 10.0), (400, 1), 0, 3, -0.0, 900.0)
WORDS = TopValues((("DE", 62), ("<b>", 2)), 36, 100)
TIMES = TimeBins((datetime(2026, 3, 1), datetime(2026, 3, 2)), (7,), True)


def test_the_highest_bar_fills_the_height_and_rare_values_are_seen():
    assert [(bar.height, bar.y) for bar in bars_of(NUMBERS)] == [(100, 0), (LEAST_BAR, 96), (LEAST_BAR, 96)]


def test_a_bar_says_what_it_counts():
    assert [bar.title for bar in bars_of(NUMBERS)] == ["0 to 5: 400 rows", "5 to 10: 1 rows", "above 10: 3 rows"]
    assert [bar.title for bar in bars_of(WORDS)] == ["DE: 62", "<b>: 2", "others: 36"]


def test_a_column_without_values_has_no_height():
    assert bars_of(TopValues((), 0, 0)) == []
    assert [bar.height for bar in bars_of(NumberBins((0.0, 1.0), (0,), 0, 0, 0.0, 0.0))] == [0]


def test_a_spread_is_told_in_words():
    assert spread_in_words(NUMBERS) == "from 0 to 900"
    assert spread_in_words(WORDS) == "most frequent: DE 62, <b> 2"
    assert spread_in_words(TIMES) == "from 2026-03-01 00:00:00 to 2026-03-02 00:00:00"
    assert spread_in_words(TopValues((), 0, 0)) == "no value"
