import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.severity import band_of
from pynomaly.presentation.words.figures import (
    score_figure,
    severity_figure,
    share_figure,
    short_figure,
    value_figure,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.9999, "1.00"),
        (0.72, "0.720"),
        (12.345, "12.3"),
        (99999.0, "100,000"),
        (-0.00042, "-0.000420"),
        (1e-9, "1.00e-09"),
        (1e20, "1.00e+20"),
        (float("-inf"), "minus infinite"),
        (None, "–"),
    ],
)
def test_scores_have_three_significant_digits(value, text):
    assert score_figure(value) == text


def test_in_sentences_trailing_zeros_are_left_out_but_never_those_of_a_whole_number():
    assert [short_figure(x) for x in (0.72, 100.0, 1500.0, 2.0)] == ["0.72", "100", "1,500", "2"]


def test_whole_numbers_are_shown_in_full():
    assert [value_figure(x) for x in (1234567, 1234567.0, 10**20)] == ["1,234,567", "1,234,567", "1e+20"]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.999, "99.9 %"), (0.9999, "100 %"), (0.5, "50 %"), (0.002, "0.2 %")],
)
def test_shares_are_per_cent(share, text):
    assert share_figure(share) == text


@given(st.floats(0.0, 100.0))
def test_a_severity_is_shown_in_the_band_it_lies_in(severity):
    assert band_of(float(severity_figure(severity))) is band_of(severity)
